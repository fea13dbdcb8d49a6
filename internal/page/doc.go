// Command page is the client in a browser, compiled to WebAssembly by make wasm. It computes only: JavaScript reads the
// keys, opens the connection, and draws what the program returns for each frame (internal/web/assets).
//
// It is the same client as in the window: package front has the flow, package dial the connections, on a Transport that
// is a connection of the browser, and package scene draws the field.
package main
