package world

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/netcode/netsim"
)

// trace returns a digest of every datagram that two players sent and received, and of every frame that they saw.
func trace(seed uint64, span time.Duration) string {
	link := netsim.Profile{Delay: 40 * ms, Jitter: 8 * ms, Loss: 0.1, Burst: 2, Reorder: 0.1, Duplicate: 0.1,
		Corrupt: 0.05}
	w := New(Config{Seed: seed, Up: link, Down: link})
	h := sha256.New()
	for i := range 2 {
		p := w.Join([]string{"left", "right"}[i], Bot(bot.Normal, seed+uint64(i)))
		p.Tap = func(up bool, b []byte) {
			var head [10]byte
			binary.BigEndian.PutUint64(head[:], uint64(w.Elapsed()))
			head[8] = byte(i)
			if up {
				head[9] = 1
			}
			h.Write(head[:])
			h.Write(b)
		}
		p.OnFrame = func(_ time.Time, v client.Frame) {
			_ = binary.Write(h, binary.BigEndian,
				[]float64{v.Ball.X, v.Ball.Y, v.Paddle[0], v.Paddle[1], v.Figures.Latency})
		}
	}
	w.Run(span)
	return hex.EncodeToString(h.Sum(nil))
}

func TestWorld_SameSeedSameBytes(t *testing.T) {
	t.Parallel()
	first := trace(1, time.Minute)
	if again := trace(1, time.Minute); again != first {
		t.Errorf("the same seed gives %s and then %s", first, again)
	}
	if other := trace(2, time.Minute); other == first {
		t.Error("another seed gives the same bytes")
	}
}

func TestWorld_EveryTickPredictsTheSameTwice(t *testing.T) {
	t.Parallel()
	w, left, right := bots(Config{Seed: 30, Up: lossy, Down: lossy})
	ticks := 0
	for _, p := range []*Player{left, right} {
		p.OnFrame = func(time.Time, client.Frame) {
			for _, n := range []int{1, 7, 30} {
				if !p.Session.SyncTest(n) {
					t.Fatalf("%s at %v: the last %d ticks give other states when they are played again", p.Name,
						w.Elapsed(), n)
				}
			}
			ticks++
		}
	}
	w.Run(time.Minute)
	if ticks < 7000 {
		t.Errorf("%d ticks were tested", ticks)
	}
}

func TestWorld_ViewsShowTheSameGameAtDifferentTimes(t *testing.T) {
	t.Parallel()
	far := netsim.Profile{Delay: 60 * ms, Jitter: 3 * ms}
	var key keys
	w, left, right := pair(Config{Seed: 31, Up: far, Down: far}, key.hold, nil)
	seen := func(view client.View) (latency time.Duration) { // from the server's paddle to the one on the screen
		key.in = 0
		right.Session.SetView(view)
		w.Run(3 * time.Second)
		before := w.state(t, left).Paddle[0]
		for key.in = 1; key.in < 3; key.in++ { // up, or down if it is at the top
			if w.Until(time.Second, func() bool { return w.state(t, left).Paddle[0] != before }) {
				break
			}
		}
		from := w.Elapsed()
		w.wait(t, time.Second, "the opponent's paddle moves on the screen",
			func() bool { return right.Frame.Paddle[0] != pixels(before) })
		key.in = 0
		return w.Elapsed() - from
	}
	w.playing(t, left, right)
	predict, interp := seen(client.ViewPredict), seen(client.ViewInterp)
	if predict > interp || interp > 200*ms {
		t.Errorf("the opponent is drawn %v late in predict, %v in interp, want less in predict and neither too late",
			predict, interp)
	}
	if l := right.Frame.Figures.Latency; l < 115 || l > 125 {
		t.Errorf("the round trip is shown as %.1f ms, want 120", l)
	}
}
