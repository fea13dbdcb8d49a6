package server_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"pong/internal/client"
	"pong/netcode/sealed"
)

// A packet is a datagram and the address that it comes from or goes to.
type packet struct {
	from netip.AddrPort
	data []byte
}

// An attacker sees every datagram of a match and sends anything from any address.
type attacker struct {
	rand *rand.Rand

	mu   sync.Mutex // guards what follows
	up   []packet
	down []packet
}

// tap records a datagram, up to a thousand in each direction.
func (a *attacker) tap(peer netip.AddrPort, up bool, data []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	seen := &a.down
	if up {
		seen = &a.up
	}
	if p := (packet{peer, bytes.Clone(data)}); len(*seen) < 1000 {
		*seen = append(*seen, p)
	} else {
		(*seen)[a.rand.IntN(1000)] = p
	}
}

// forge returns a datagram that is not authentic or was delivered before, and the address that it pretends to come
// from.
func (a *attacker) forge() packet {
	a.mu.Lock()
	defer a.mu.Unlock()
	p := a.up[a.rand.IntN(len(a.up))]
	p.data = bytes.Clone(p.data)
	if a.rand.IntN(2) == 0 {
		p.from = netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(a.rand.Uint32())}),
			uint16(1+a.rand.IntN(65535)))
	}
	switch a.rand.IntN(7) {
	case 0: // noise
		p.data = a.noise(a.rand.IntN(1500))
	case 1: // noise with a real header: the session's id and an unused number
		noise := a.noise(sealed.Overhead + a.rand.IntN(100))
		copy(noise, p.data[:11])
		p.data = noise
	case 2: // replayed
	case 3: // reflected
		p.data = bytes.Clone(a.down[a.rand.IntN(len(a.down))].data)
	case 4: // cut short
		p.data = p.data[:a.rand.IntN(len(p.data))]
	case 5: // with bytes appended
		p.data = append(p.data, a.noise(1+a.rand.IntN(16))...)
	default: // one bit flipped
		p.data[a.rand.IntN(len(p.data))] ^= 1 << a.rand.IntN(8)
	}
	return p
}

func (a *attacker) noise(n int) []byte {
	b := make([]byte, 0, n+8)
	for len(b) < n {
		b = binary.NativeEndian.AppendUint64(b, a.rand.Uint64())
	}
	return b[:n]
}

// TestServe_MillionHostileDatagrams sends forged, replayed, reflected, mutated and truncated datagrams to a match, from
// strangers' addresses and from the players' own. None is accepted or answered, the match goes on undisturbed, and the
// log gets a few lines (mended 10, 11, 12).
func TestServe_MillionHostileDatagrams(t *testing.T) {
	const frames, perFrame = 1200, 834
	bubble(t, nil, func(r *rig) {
		game := r.games[0]
		a := &attacker{rand: rand.New(rand.NewPCG(1, 2))}
		game.SetTap(a.tap)
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
		r.run(time.Second)
		missed := left.view.Figures.Missed + right.view.Figures.Missed
		left.seen, right.seen = nil, nil
		linesBefore := len(r.logged.entries("status"))

		for range frames {
			for range perFrame {
				p := a.forge()
				game.Inject(p.from, p.data)
			}
			for _, p := range r.net.Paths() { // some to the players, too
				_, _ = p.Down.Write(a.forge().data)
			}
			r.run(0)
			time.Sleep(time.Second / 60)
		}

		if n := left.view.Figures.Missed + right.view.Figures.Missed - missed; n > 0 {
			r.Errorf("%d ticks were played without their input during the attack", n)
		}
		for _, stage := range []client.Stage{client.StageLost, client.StagePaused, client.StageClosed} {
			if slices.Contains(left.seen, stage) || slices.Contains(right.seen, stage) {
				r.Errorf("a player has seen %v during the attack", stage)
			}
		}
		if left.view.Score != right.view.Score {
			r.Errorf("the players see the scores %v and %v, want the same", left.view.Score, right.view.Score)
		}
		left.Close()
		right.Close()
		game.Inject(netip.MustParseAddrPort("192.0.2.1:1"), []byte("one more, so that a status is logged"))
		time.Sleep(11 * time.Second)

		received, refused := 0, 0
		for _, e := range r.logged.entries("status") {
			received += int(e["datagrams"].(float64))
		}
		for _, reason := range []string{"malformed", "unknown", "replayed", "forged"} {
			n := r.logged.refusals(reason)
			if n < 10_000 {
				r.Errorf("%d datagrams are counted as %s, want at least 10000", n, reason)
			}
			refused += n
		}
		if want := frames*perFrame + 1; refused != want {
			r.Errorf("%d datagrams were dropped, want the %d hostile ones", refused, want)
		}
		if accepted := received - refused; accepted != game.Received() {
			r.Errorf("%d datagrams were accepted, want the %d of the players", accepted, game.Received())
		}
		if game.Stray() != 0 {
			r.Errorf("%d datagrams were sent to strangers, want none", game.Stray())
		}
		for i, p := range r.net.Paths() {
			if sent := p.Down.Stats().Sent - frames; sent > 30*uint64(frames/60+10) {
				r.Errorf("player %d was sent %d datagrams in %d frames, want about 20 a second", i, sent, frames)
			}
		}
		if n := len(r.logged.entries("status")) - linesBefore; n > 5 {
			r.Errorf("the attack adds %d lines to the log, want one every 10 s", n)
		}
	})
}
