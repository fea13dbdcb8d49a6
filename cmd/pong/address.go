package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"runtime"
	"strings"
	"syscall"

	"pong/internal/trust"
)

// parseHost parses a host name or IP address without a port, for commands that have flags for the ports.
func parseHost(text string) (string, error) {
	link, err := trust.ParseAddress(text, 1)
	if err != nil {
		return "", err
	}
	if other, err := trust.ParseAddress(text, 2); err != nil || other.Address == link.Address ||
		strings.Contains(text, "://") {
		return "", fmt.Errorf("%q: must be a host name or IP address without a port, such as 127.0.0.2; choose the "+
			"ports with --control-port and --game-port", text)
	}
	return link.Host(), nil
}

// parseHostPort parses HOST:PORT. There is no default port.
func parseHostPort(text string) (string, error) {
	link, err := trust.ParseAddress(text, 1)
	if err != nil {
		return "", err
	}
	if other, err := trust.ParseAddress(text, 2); err != nil || other.Address != link.Address ||
		strings.Contains(text, "://") {
		return "", fmt.Errorf("%q: must be HOST:PORT, such as 192.168.1.20:5556", text)
	}
	return link.Address, nil
}

// The Windows error numbers for EADDRINUSE, EADDRNOTAVAIL and EACCES.
const (
	wsaInUse        = syscall.Errno(10048)
	wsaNotAvailable = syscall.Errno(10049)
	wsaAccess       = syscall.Errno(10013)
)

// listenHint says what to do if a program cannot listen on an address.
func listenHint(err error) string {
	is := func(unix error, windows syscall.Errno) bool {
		return errors.Is(err, unix) || runtime.GOOS == "windows" && errors.Is(err, windows)
	}
	var lookup *net.DNSError
	switch {
	case is(syscall.EADDRINUSE, wsaInUse):
		return "another program uses this port, perhaps another pong: end it, or choose another port with " +
			"--control-port or --game-port"
	case is(syscall.EADDRNOTAVAIL, wsaNotAvailable):
		return "this machine does not have that address: use one of its own with --listen"
	case is(fs.ErrPermission, wsaAccess):
		return "ports below 1024 are reserved for the administrator: choose others with --control-port and --game-port"
	case errors.As(err, &lookup):
		return "no machine with that name was found: check the spelling, or use its IP address"
	}
	return "check --listen, --control-port and --game-port"
}
