package world

import (
	"net/netip"
	"testing"
	"time"

	"pong/netcode/netsim"
)

// A joined client can forge the source address of its REGISTER. Only challenges go to that address, and no more bytes
// than came from it, until it has responded.
func TestRegister_ForgedSourceGetsNoTraffic(t *testing.T) {
	t.Parallel()
	w := New(Config{Seed: 14, Up: lan, Down: lan})
	attacker := w.Join("attacker", nil)
	victim := w.address()
	in, out := 0, 0
	w.Stranger = func(to netip.AddrPort, b []byte) {
		if to == victim {
			out += len(b)
		}
	}
	attacker.Tap = func(up bool, b []byte) {
		if up {
			in += len(b)
			w.Inject(victim, b)
		}
	}
	attacker.Up.Set(netsim.Profile{Loss: 1})
	w.Run(30 * time.Second)
	if in == 0 || out == 0 {
		t.Fatalf("%d bytes came and %d were sent as challenges, want some of both", in, out)
	}
	if out > in {
		t.Errorf("%d bytes were sent to a stranger, but only %d came from it", out, in)
	}
}

// A client that registers from another host than its TLS connection came from, for example through a relay for the
// game traffic alone, is challenged first and then plays.
func TestRegister_FromAnotherHostIsChallengedFirst(t *testing.T) {
	t.Parallel()
	w := New(Config{Seed: 15, Up: lan, Down: lan})
	left := w.Join("left", nil)
	w.Move(left) // the WELCOME named the old address
	right := w.Join("right", nil)
	w.playing(t, left, right)
	if n := w.Shard.Counts().Moved; n != 1 {
		t.Errorf("%d addresses were validated, want 1", n)
	}
}
