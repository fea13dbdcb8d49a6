// Package browser has tests of the page in a real browser: Debian's Chromium, without a screen. They play against the
// real server and the program's bot over loopback. They have the build tag browser.
package browser
