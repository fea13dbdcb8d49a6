// Package webdial opens connections to a server as a page in a browser does, over WebTransport or WebSocket. It is a
// dial.Transport for tests.
package webdial
