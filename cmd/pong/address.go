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

// parseHost reads a host name or IP address without a port, for flags whose ports are flags of their own.
func parseHost(text string) (string, error) {
	link, err := trust.ParseAddress(text, 1)
	if err != nil {
		return "", err
	}
	if other, err := trust.ParseAddress(text, 2); err != nil || other.Address == link.Address || strings.Contains(text, "://") {
		return "", fmt.Errorf("%q: only a host name or an IP address, such as 127.0.0.2; --control-port and --game-port choose the ports", text)
	}
	return link.Host(), nil
}

// parseHostPort reads HOST:PORT, where there is no port to assume.
func parseHostPort(text string) (string, error) {
	link, err := trust.ParseAddress(text, 1)
	if err != nil {
		return "", err
	}
	if other, err := trust.ParseAddress(text, 2); err != nil || other.Address != link.Address || strings.Contains(text, "://") {
		return "", fmt.Errorf("%q: must be HOST:PORT, such as 192.168.1.20:5556", text)
	}
	return link.Address, nil
}

// The numbers that Windows gives to what the rest of the world calls EADDRINUSE, EADDRNOTAVAIL and EACCES.
const (
	wsaInUse        = syscall.Errno(10048)
	wsaNotAvailable = syscall.Errno(10049)
	wsaAccess       = syscall.Errno(10013)
)

// listenHint says what to do when an address cannot be listened on.
func listenHint(err error) string {
	is := func(unix error, windows syscall.Errno) bool {
		return errors.Is(err, unix) || runtime.GOOS == "windows" && errors.Is(err, windows)
	}
	var lookup *net.DNSError
	switch {
	case is(syscall.EADDRINUSE, wsaInUse):
		return "another program has this port, perhaps another pong: end it, or choose another port with --control-port or --game-port"
	case is(syscall.EADDRNOTAVAIL, wsaNotAvailable):
		return "this machine does not have that address: give --listen one of its own"
	case is(fs.ErrPermission, wsaAccess):
		return "ports below 1024 are kept for the administrator: choose others with --control-port and --game-port"
	case errors.As(err, &lookup):
		return "nobody knows a machine of that name: check its spelling, or give its IP address"
	}
	return "check --listen, --control-port and --game-port"
}
