//go:build !windows

package tcp

import "syscall"

// beforeListening is beforeOpening: no other program can listen on a port that is in use.
func beforeListening(network, address string, c syscall.RawConn) error {
	return beforeOpening(network, address, c)
}
