//go:build !windows

package udp

import "syscall"

// beforeListening does nothing: no other program can listen on a port that is in use.
func beforeListening(_, _ string, _ syscall.RawConn) error { return nil }
