//go:build !linux

package load

import (
	"net/netip"
	"time"
)

const manyLoopbacks = false

func openTransport(epoch time.Time, _ netip.Addr) (transport, error) {
	return newPlayerSockets(epoch), nil
}

func sleepUntil(epoch time.Time, at time.Duration) { time.Sleep(at - time.Since(epoch)) }
