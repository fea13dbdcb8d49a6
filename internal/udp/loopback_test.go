//go:build linux || windows

package udp

// loopbackAddresses are addresses of this machine.
var loopbackAddresses = []string{"127.0.0.1", "127.0.0.9"}
