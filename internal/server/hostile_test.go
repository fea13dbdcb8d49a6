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

// An attacker hears every datagram of a match and sends what it likes from any address.
type attacker struct {
	rand *rand.Rand

	mu   sync.Mutex // guards what follows
	up   []packet
	down []packet
}

// listen is a socket's tap. The newest thousand each way are enough.
func (a *attacker) listen(peer netip.AddrPort, up bool, data []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	heard := &a.down
	if up {
		heard = &a.up
	}
	if p := (packet{peer, bytes.Clone(data)}); len(*heard) < 1000 {
		*heard = append(*heard, p)
	} else {
		(*heard)[a.rand.IntN(1000)] = p
	}
}

// forge returns a datagram that is not authentic, or not any more, and whence it pretends to come.
func (a *attacker) forge() packet {
	a.mu.Lock()
	defer a.mu.Unlock()
	p := a.up[a.rand.IntN(len(a.up))]
	p.data = bytes.Clone(p.data)
	if a.rand.IntN(2) == 0 {
		p.from = netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(a.rand.Uint32())}), uint16(1+a.rand.IntN(65535)))
	}
	switch a.rand.IntN(7) {
	case 0: // noise
		p.data = a.noise(a.rand.IntN(1500))
	case 1: // noise with a real header: the session's id and a number yet to come
		noise := a.noise(sealed.Overhead + a.rand.IntN(100))
		copy(noise, p.data[:11])
		p.data = noise
	case 2: // replayed
	case 3: // reflected
		p.data = bytes.Clone(a.down[a.rand.IntN(len(a.down))].data)
	case 4: // cut short
		p.data = p.data[:a.rand.IntN(len(p.data))]
	case 5: // with something behind
		p.data = append(p.data, a.noise(1+a.rand.IntN(16))...)
	default: // one bit is another
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

// TestServe_MillionHostileDatagrams throws forged, replayed, reflected, mutated and truncated datagrams at a live match, from
// strangers' addresses and from the players' own: none is accepted, none answered, the match goes on as if nothing
// were, and the operator reads a few lines (mended 10, 11, 12).
func TestServe_MillionHostileDatagrams(t *testing.T) {
	const frames, perFrame = 1200, 834
	bubble(t, nil, func(r *rig) {
		game := r.games[0]
		a := &attacker{rand: rand.New(rand.NewPCG(1, 2))}
		game.SetTap(a.listen)
		left, right := r.two()
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
			for _, p := range r.net.Paths() { // and some at the players
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
			r.Errorf("the scores are %v and %v", left.view.Score, right.view.Score)
		}
		left.Close()
		right.Close()
		game.Inject(netip.MustParseAddrPort("192.0.2.1:1"), []byte("the last one, so that the status has something to tell"))
		time.Sleep(11 * time.Second)

		received, refused := 0, 0
		for _, e := range r.logged.entries("status") {
			received += int(e["datagrams"].(float64))
		}
		for _, reason := range []string{"malformed", "unknown", "replayed", "forged"} {
			n := r.logged.refusals(reason)
			if n < 10_000 {
				r.Errorf("only %d are counted as %s, want every kind of attack", n, reason)
			}
			refused += n
		}
		if want := frames*perFrame + 1; refused != want {
			r.Errorf("%d datagrams were refused, %d are hostile", refused, want)
		}
		if accepted := received - refused; accepted != game.Received() {
			r.Errorf("%d datagrams were accepted, the players sent %d", accepted, game.Received())
		}
		if game.Stray() != 0 {
			r.Errorf("%d datagrams were sent to strangers", game.Stray())
		}
		for i, p := range r.net.Paths() {
			if sent := p.Down.Stats().Sent - frames; sent > 30*uint64(frames/60+10) {
				r.Errorf("player %d was sent %d datagrams in half a minute, want about 20 a second: forgeries were answered", i, sent)
			}
		}
		if n := len(r.logged.entries("status")) - linesBefore; n > 5 {
			r.Errorf("the attack makes %d lines in the log, want one every 10 s", n)
		}
	})
}
