//go:build !linux

package load

import (
	"net/netip"
	"time"
)

const manyLoopbacks = false

func openConduit(epoch time.Time, _ netip.Addr) (conduit, error) { return newSockets(epoch), nil }

func sleepUntil(epoch time.Time, at time.Duration) { time.Sleep(at - time.Since(epoch)) }
