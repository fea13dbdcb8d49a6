package world

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/shard"
	"pong/netcode/netsim"
)

func TestPath_FollowsAPlayerToANewAddress(t *testing.T) {
	t.Parallel()
	good := netsim.Profile{Delay: 25 * ms, Jitter: 2 * ms}
	w, left, right := bots(Config{Seed: 1, Up: good, Down: good})
	w.playing(t, left, right)
	w.Run(3 * time.Second)
	for n := 1; n <= 5; n++ {
		w.Freeze(left)
		w.Run(60 * ms) // nothing is in flight any more
		w.Move(left)
		w.Thaw(left)
		in, out, moved := 0, 0, false
		left.Tap = func(up bool, b []byte) {
			switch {
			case moved:
			case up:
				in += len(b)
			default:
				if out += len(b); out > in {
					t.Errorf("move %d: %d bytes were sent to the new address before it responded, %d came from it", n,
						out, in)
				}
			}
		}
		w.OnReport = func(_ time.Duration, r shard.Report) { moved = moved || r.Kind == shard.Moved }
		took := w.wait(t, time.Second, "the server has moved with the player", func() bool { return moved })
		if took > 110*ms { // one and a half round trips, and a frame at each end
			t.Errorf("move %d: the server sent to the new address after %v", n, took)
		}
		left.Tap, w.OnReport = nil, nil
		tick := left.Frame.Tick
		w.wait(t, 200*ms, "STATEs reach the player again", func() bool { return left.Frame.Tick > tick })
		w.Run(time.Second)
	}
	if n := w.Shard.Counts().Moved; n != 5 {
		t.Errorf("%d moves were counted, want 5", n)
	}
	w.undisturbed(t)
}

func TestPath_FindsAPlayerAgainAfterAnOutageAtANewAddress(t *testing.T) {
	t.Parallel()
	for _, away := range []time.Duration{time.Second, 3 * time.Second, 4500 * ms, 20 * time.Second} {
		w, left, right := bots(Config{Seed: 2, Up: lossy, Down: lossy})
		w.playing(t, left, right)
		left.links(cut, cut)
		w.Run(away)
		left.links(lossy, lossy)
		w.Move(left)
		w.wait(t, 2*time.Second, "the player receives STATEs at the new address", func() bool {
			return left.Frame.Stage != client.StageLost && w.Shard.Counts().Moved == 1
		})
		w.playing(t, left, right)
	}
}

func TestPath_CapturedDatagramDoesNotRedirectTraffic(t *testing.T) {
	t.Parallel()
	w, left, right := bots(Config{Seed: 3, Up: lan, Down: lan})
	w.playing(t, left, right)
	thief := w.address()
	out := 0
	w.Stranger = func(to netip.AddrPort, b []byte) {
		if to == thief {
			out += len(b)
		}
	}
	in := 0
	left.Tap = func(up bool, b []byte) {
		if up { // each copy arrives first, so that the original is the replay
			copied := bytes.Clone(b)
			in += len(copied)
			w.Inject(thief, copied)
		}
	}
	w.Run(300 * ms)
	left.Tap = nil
	if out == 0 || out > in {
		t.Errorf("the thief was sent %d bytes after sending %d, want a challenge and no more bytes than came", out, in)
	}
	before := out
	w.Run(5 * time.Second)
	if out > before {
		t.Errorf("the thief was sent %d more bytes after it had stopped", out-before)
	}
	if n := w.Shard.Counts().Moved; n != 0 {
		t.Errorf("the traffic was redirected %d times", n)
	}
	if left.Frame.Stage == client.StageLost {
		t.Error("the player receives nothing from the server any more")
	}
	w.undisturbed(t)
}

func TestPath_FollowsAWaitingPlayerWithinTheByteLimit(t *testing.T) {
	t.Parallel()
	w := New(Config{Seed: 4, Up: lan, Down: lan})
	alone := w.Join("alone", nil)
	w.Run(time.Second)
	w.Move(alone)
	in, out, moved := 0, 0, false
	alone.Tap = func(up bool, b []byte) { // a PING is shorter than a CHALLENGE, so one of them does not allow it
		switch {
		case moved:
		case up:
			in += len(b)
		default:
			if out += len(b); out > in {
				t.Errorf("%d bytes were sent to the new address before it was proved, for %d that came from it", out,
					in)
			}
		}
	}
	w.OnReport = func(_ time.Duration, r shard.Report) { moved = moved || r.Kind == shard.Moved }
	w.wait(t, time.Second, "the server has moved with the player", func() bool { return moved })
}
