package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// advertised is where players reach a server from outside, by ports that a router or a container maps to it.
type advertised struct {
	host          string // If empty, nothing is advertised.
	control, game int    // ports; 0 if they are the server's own
}

// errAdvertise is the error of a text that is not HOST[:PORT[:UDPPORT]].
var errAdvertise = errors.New("must be HOST, HOST:PORT or HOST:PORT:UDPPORT, such as 203.0.113.7:5555:5556; an IPv6 " +
	"address with ports has brackets")

// parseAdvertised parses HOST[:PORT[:UDPPORT]].
func parseAdvertised(text string) (a advertised, err error) {
	host, ports := text, ""
	if _, err := netip.ParseAddr(text); err != nil {
		end := strings.IndexByte(text, ':')
		if strings.HasPrefix(text, "[") {
			end = strings.IndexByte(text, ']') + 1
		}
		if end >= 0 {
			host, ports = text[:end], text[end:]
		}
	}
	if a.host, err = parseHost(host); err != nil {
		return a, errAdvertise
	}
	if ports == "" {
		return a, nil
	}
	all := strings.Split(ports, ":")
	if all[0] != "" || len(all) > 3 {
		return a, errAdvertise
	}
	for i, into := range []*int{&a.control, &a.game}[:len(all)-1] {
		n, err := strconv.ParseUint(all[1+i], 10, 16)
		if err != nil || n == 0 {
			return a, fmt.Errorf("%w: the port must be a number from 1 to 65535, not %q", errAdvertise, all[1+i])
		}
		*into = int(n)
	}
	return a, nil
}

// address returns the HOST:PORT of the control channel of a server with a control port of its own.
func (a advertised) address(control int) string {
	if a.control != 0 {
		control = a.control
	}
	return net.JoinHostPort(a.host, strconv.Itoa(control))
}

// reachesGame reports whether players who reach the server by one of its own addresses find its game channel, too:
// WELCOME names one port to all, and another port than its own leads to it from outside alone.
func (a advertised) reachesGame(game int) bool { return a.game == 0 || a.game == game }

// check refuses a mapped port of more shards than there are ports.
func (a advertised) check(shards int) error {
	if last := a.game + shards - 1; a.game != 0 && last > 65535 {
		return fmt.Errorf("with --shards %d: the last UDP port would be %d, above 65535", shards, last)
	}
	return nil
}
