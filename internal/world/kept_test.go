package world

import (
	"math"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/shard"
	"pong/internal/wire"
	"pong/netcode/netsim"
	"pong/netcode/sealed"
)

func TestKept05_PointGivesScorePauseAndReset(t *testing.T) {
	t.Parallel()
	for _, link := range []netsim.Profile{lan, lossy, bad} {
		w, left, right := pair(Config{Seed: 5, Up: link, Down: link}, nil, nil)
		var scored, served uint32
		var before game.State
		pauses := 0
		w.OnStep = func() {
			s := w.state(t, left)
			if s.Tick == before.Tick {
				return
			}
			if s.Phase == game.Scored && before.Phase == game.Playing {
				scored = s.Tick
				if x := s.Ball.X; x+game.BallSize >= 0 && x <= game.Width {
					t.Errorf("a point is given with the ball at %v, before it has crossed the wall", pixels(x))
				}
			}
			if before.Phase == game.Scored && s.Phase == game.Playing {
				served = s.Tick
				if d := served - scored; d != game.TickRate {
					t.Errorf("the pause after a point took %d ticks, want 60", d)
				}
				pauses++
			}
			before = s
		}
		// During the pause both screens show the ball where it left the field or where the next serve begins. It jumps
		// from one to the other and does not slide.
		for _, p := range w.Players {
			p.OnFrame = func(_ time.Time, v client.Frame) {
				left, served := v.Ball.X < 0 ||
					v.Ball.X > client.FieldWidth-client.BallSize, math.Abs(v.Ball.X-client.FieldWidth/2) < 140
				if v.Stage == client.StageScored && !left && !served {
					t.Errorf("%s sees the ball at %.1f during the pause", p.Name, v.Ball.X)
				}
			}
		}
		w.wait(t, 2*time.Minute, "ten points are scored", func() bool { return pauses >= 10 })
		if left.Frame.Score != right.Frame.Score {
			t.Errorf("the score is %v and %v", left.Frame.Score, right.Frame.Score)
		}
	}
}

func TestKept06_OwnPaddleMovesInTheNextFrameAndNeverSnaps(t *testing.T) {
	t.Parallel()
	far := netsim.Profile{Delay: 125 * ms, Jitter: 5 * ms, Loss: 0.02}
	var key keys
	w, left, right := pair(Config{Seed: 6, Up: far, Down: far}, key.hold, nil)
	w.playing(t, left, right)
	w.Run(3 * time.Second)
	frames, step := 0, 0.0
	var before client.Frame
	var pressed game.Input // in the frame before
	late := 0
	left.OnFrame = func(_ time.Time, v client.Frame) {
		moved := v.Paddle[0] - before.Paddle[0]
		if frames++; frames > 1 {
			step = max(step, math.Abs(moved))
			against := pressed == game.Up && moved > 0 || pressed == game.Down && moved < 0
			if against {
				t.Errorf("the paddle moved %v pixels against the held key", moved)
			}
		}
		pressed, before = left.Key, v
	}
	at := left.Frame.Paddle[0]
	for i := range 100 {
		key.in = game.Up + game.Input(i%2)
		w.Run(200 * ms)
		key.in = game.None
		w.Run(300 * ms)
		if left.Frame.Paddle[0] == at {
			late++
		}
		at = left.Frame.Paddle[0]
	}
	if late > 0 {
		t.Errorf("%d of 100 keys had no effect within half a second", late)
	}
	if most := 2*pixels(game.PaddleSpeed) + 1; step > most {
		t.Errorf("the own paddle jumped by %.1f pixels in a frame, want at most %v", step, most)
	}
	key.in = game.Up
	if left.Frame.Paddle[0] < 50 {
		key.in = game.Down
	}
	was, n := left.Frame.Paddle[0], 0
	left.OnFrame = func(_ time.Time, v client.Frame) { n++ }
	w.wait(t, time.Second, "the paddle moves", func() bool { return left.Frame.Paddle[0] != was })
	if n > 3 { // the hand acts on one frame, and the next one takes the key and draws part of its tick
		t.Errorf("the paddle moved after %d frames, want at most 3", n)
	}
}

func TestKept07_LostStateIsSupersededByTheNext(t *testing.T) {
	t.Parallel()
	w, left, right := bots(Config{Seed: 7, Up: lan, Down: lan})
	w.playing(t, left, right)
	truth := watch(t, w)
	for lost := 1; lost <= 4; lost++ { // as many as the history of a STATE covers
		n := 0
		left.Tap = func(up bool, _ []byte) {
			if up {
				return
			}
			left.Down.Set(lan)
			if n++; n <= lost {
				left.Down.Set(cut)
			}
		}
		w.Run(time.Second)
		left.Tap = nil
		if n < 15 {
			t.Fatalf("%d STATEs in a second", n)
		}
	}
	w.Run(2 * time.Second)
	if truth.missing > 0 {
		t.Errorf("%d ticks were not rebuilt after lost STATEs", truth.missing)
	}
	if left.Frame.Figures.BurstDown < 4 {
		t.Errorf("the longest burst was %d, want 4", left.Frame.Figures.BurstDown)
	}
}

func TestKept09_PingsKeepAWaitingPlayer(t *testing.T) {
	t.Parallel()
	w := New(Config{Seed: 9, Up: lan, Down: lan})
	alone := w.Join("alone", nil)
	pings := 0
	alone.Tap = func(up bool, b []byte) {
		if up && len(b) == wire.PingLen+sealed.Overhead {
			pings++
		}
	}
	w.Run(5 * time.Minute)
	w.undisturbed(t)
	if alone.Frame.Stage != client.StageWaiting || pings < 60 {
		t.Errorf("after five minutes alone the player is %v and has sent %d PINGs", alone.Frame.Stage, pings)
	}
	w.Vanish(alone)
	took := w.wait(t, 2*time.Minute, "the seat is freed", func() bool { return len(w.reports(shard.Vacated)) == 1 })
	if (took - shard.FreedAfter).Abs() > 200*ms {
		t.Errorf("a silent player was dropped after %v, want %v", took, shard.FreedAfter)
	}
	w.Run(time.Second)
	if c := w.Shard.Counts(); c.Sessions != 0 || c.Matches != 0 {
		t.Errorf("after everyone has left there are %d sessions and %d matches", c.Sessions, c.Matches)
	}
}

func TestKept11_LatencyAndJitterCoverTwentySamples(t *testing.T) {
	t.Parallel()
	w, left, right := bots(Config{Seed: 110, Up: netsim.Profile{Delay: 10 * ms}, Down: netsim.Profile{Delay: 10 * ms}})
	w.playing(t, left, right)
	if l := left.Frame.Figures; math.Abs(l.Latency-20) > 1 || l.Jitter > 1 {
		t.Errorf("with a constant round trip of 20 ms the screen shows %.2f ms with a jitter of %.2f ms", l.Latency,
			l.Jitter)
	}
	left.links(netsim.Profile{Delay: 40 * ms}, netsim.Profile{Delay: 40 * ms})
	w.Run(500 * ms)
	if l := left.Frame.Figures; l.Latency < 30 || l.Latency > 70 {
		t.Errorf("half a second after the link has become slower, the mean is %.2f ms", l.Latency)
	}
	w.Run(time.Second)
	if l := left.Frame.Figures; math.Abs(l.Latency-80) > 2.4 || l.Jitter > 1 {
		t.Errorf("twenty STATEs after the link has become slower, the screen shows %.2f ms with a jitter of %.2f ms",
			l.Latency, l.Jitter)
	}
}

func TestKept15_RoundTripAndStateLengthOnALAN(t *testing.T) {
	t.Parallel()
	w := New(Config{Seed: 15, Up: lan, Down: lan})
	left := w.Join("left", nil)
	seen := sniff(left)
	right := w.Join("right", nil)
	w.playing(t, left, right)
	seen.up, seen.down = nil, nil
	const span = 20
	for range span {
		w.Run(time.Second)
		if l := left.Frame.Figures; l.Latency >= 5 || l.Jitter >= 1 || l.P99 >= 5 {
			t.Errorf("the round trip is %.2f ms (p99 %.2f) and the jitter %.2f ms", l.Latency, l.P99, l.Jitter)
		}
	}
	if lead := left.Frame.Figures.Lead; lead > 4 {
		t.Errorf("the player is %v ticks ahead", lead)
	}
	longest := func(all [][]byte) (n int) {
		for _, b := range all {
			n = max(n, len(b))
		}
		return n
	}
	if down, up := longest(seen.down), longest(seen.up); down > 108 || up > 80 {
		t.Errorf("the longest datagrams have %d bytes down and %d up, want 108 and 80 at most", down, up)
	}
	if n := len(seen.down) / span; n < 15 || n > 21 {
		t.Errorf("%d STATEs a second, want 15 and those at events and with news", n)
	}
	if n := len(seen.up) / span; n < 58 || n > 62 {
		t.Errorf("%d INPUTs a second, want 60", n)
	}
}
