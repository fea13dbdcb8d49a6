//go:build !linux

package tcp

import (
	"net"
	"time"
)

// SetUserTimeout does nothing: only Linux has the option.
func SetUserTimeout(net.Conn, time.Duration) {}
