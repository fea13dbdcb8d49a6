package world

import (
	"bytes"
	"encoding/base64"
	"net/netip"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/shard"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// A capture is what a listener on a player's network has: copies of all datagrams.
type capture struct{ up, down [][]byte }

func sniff(p *Player) *capture {
	c := new(capture)
	p.Tap = func(up bool, b []byte) {
		if up {
			c.up = append(c.up, bytes.Clone(b))
		} else {
			c.down = append(c.down, bytes.Clone(b))
		}
	}
	return c
}

func TestMended11_CaptureHoldsNoTokenAndNoInput(t *testing.T) {
	t.Parallel()
	var key keys
	w := New(Config{Seed: 11, Up: lan, Down: lan})
	left := w.Join("Margarethe", key.hold)
	seen := sniff(left)
	right := w.Join("Konstantin", nil)
	w.playing(t, left, right)
	for i := range 480 { // enough bits for a share that is within 0.1 % of half by more than chance
		key.in = game.Input(i / 10 % 3)
		w.Run(100 * ms)
	}
	token, _ := base64.RawURLEncoding.DecodeString(left.Welcome.Token)
	resume, _ := base64.RawURLEncoding.DecodeString(left.Welcome.Resume)
	secrets := map[string][]byte{
		"token": token, "token in base64": []byte(left.Welcome.Token), "resume secret": resume,
		"resume secret in base64": []byte(left.Welcome.Resume), "name": []byte("Margarethe"),
		"name of the other": []byte("Konstantin"),
		"session secret":    left.secret,
	}
	lengths := map[int]int{}
	server, _ := sealed.FromSecret(sealed.Server, wire.KeyLabel, suite, left.secret, left.id)
	other, _ := sealed.FromSecret(sealed.Client, wire.KeyLabel, suite, left.secret, left.id)
	var bits [2]int
	for i, b := range append(seen.up, seen.down...) {
		for what, secret := range secrets {
			if bytes.Contains(b, secret) {
				t.Fatalf("datagram %d contains the %s", i, what)
			}
		}
		open := server
		if i >= len(seen.up) {
			open = other
		}
		plain, _, err := open.Open(nil, b)
		if err != nil {
			t.Fatalf("datagram %d is not sealed: %v", i, err)
		}
		for at := 0; at+4 <= len(plain); at++ {
			if part := plain[at : at+4]; bytes.Contains(b[sealed.HeaderLen:], part) &&
				!bytes.Equal(part, make([]byte, 4)) {
				t.Fatalf("datagram %d contains %x of its plaintext", i, part)
			}
		}
		if wire.Type(plain[0]) == wire.TypeInput {
			lengths[len(b)]++
		}
		for _, x := range b[sealed.HeaderLen:] {
			for range 8 {
				bits[x&1]++
				x >>= 1
			}
		}
	}
	if len(lengths) != 1 {
		t.Errorf("INPUTs have %d lengths, which show when a key is held: %v", len(lengths), lengths)
	}
	if share := float64(bits[1]) / float64(bits[0]+bits[1]); share < 0.499 || share > 0.501 {
		t.Errorf("%.4f of the captured bits are ones, want half, as in noise", share)
	}
}

func TestMended11_ReplayedRegisterGainsNothing(t *testing.T) {
	t.Parallel()
	w := New(Config{Seed: 12, Up: lan, Down: lan})
	left := w.Join("left", nil)
	seen := sniff(left)
	right := w.Join("right", nil)
	thief := w.address()
	got := 0
	w.Stranger = func(to netip.AddrPort, _ []byte) { got++ }
	w.playing(t, left, right)
	register := seen.up[0]
	for range 10 {
		w.Inject(thief, register)
		w.Run(time.Second)
	}
	if got > 0 {
		t.Errorf("the thief was sent %d datagrams", got)
	}
	if n := w.Shard.Counts().Dropped[shard.DropReplayed]; n != 10 {
		t.Errorf("%d replays were counted, want 10", n)
	}
	w.undisturbed(t)
	if left.Frame.Figures.Samples == 0 || left.Frame.Stage == client.StageLost {
		t.Error("the player receives nothing from the server any more")
	}
}

func TestMended11_RegisterDeliveredByAThiefFirst(t *testing.T) {
	t.Parallel()
	w := New(Config{Seed: 13, Up: lan, Down: lan})
	left := w.Join("left", nil)
	thief := w.address()
	bytesIn, bytesOut := 0, 0
	w.Stranger = func(_ netip.AddrPort, b []byte) { bytesOut += len(b) }
	left.Tap = func(up bool, b []byte) {
		if up && bytesIn == 0 {
			bytesIn = len(b)
			w.Inject(thief, b) // before the original, which is then refused
		}
	}
	right := w.Join("right", nil)
	w.wait(t, time.Second, "the player has received a STATE", func() bool { return left.Frame.Tick > 0 })
	before := bytesOut
	w.playing(t, left, right)
	if bytesOut > before {
		t.Error("the thief is sent datagrams after the player has sent from its own address")
	}
	w.undisturbed(t)
}
