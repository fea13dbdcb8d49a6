//go:build !linux

package server

import "net"

// setUserTimeout does nothing: only Linux has the option. A client that is gone is noticed after controlSilence.
func setUserTimeout(net.Conn) {}
