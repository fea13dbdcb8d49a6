// Package browser has tests of the page in real browsers: Debian's Chromium and Firefox, without a screen. They play
// against the real server and the program's bot over loopback. They have the build tag browser.
package browser
