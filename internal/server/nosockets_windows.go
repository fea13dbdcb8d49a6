package server

import (
	"errors"

	"golang.org/x/sys/windows"
)

// noSockets reports whether the process or the machine cannot open more sockets.
func noSockets(err error) bool {
	return errors.Is(err, windows.WSAEMFILE) || errors.Is(err, windows.WSAENOBUFS) ||
		errors.Is(err, windows.ERROR_TOO_MANY_OPEN_FILES)
}

// moreDescriptors says how to allow more of them: Windows has no limit that can be raised.
const moreDescriptors = "each player needs a socket, and Windows has no memory for more: end other programs, or let " +
	"players use another server"
