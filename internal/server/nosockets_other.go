//go:build !windows

package server

import (
	"errors"
	"syscall"
)

// noSockets reports whether the process or the machine cannot open more files.
func noSockets(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

// moreDescriptors says how to allow more of them.
const moreDescriptors = "each player needs one file descriptor: raise the limit (ulimit -n 65536, or " +
	"LimitNOFILE=65536 in the service's unit) and restart the server"
