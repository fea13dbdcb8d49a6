package dial_test

import (
	"context"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
	"pong/internal/memnet"
)

// A countingHost is a Transport that counts the datagrams that are sent, and loses some of them.
type countingHost struct {
	dial.Transport
	sent  *atomic.Int32
	loses *atomic.Int32 // one of so many is lost; 0 for none
}

func (h countingHost) DialDatagrams(ctx context.Context, stream net.Conn, port int) (net.Conn, error) {
	conn, err := h.Transport.DialDatagrams(ctx, stream, port)
	return countingConn{conn, h.sent, h.loses}, err
}

type countingConn struct {
	net.Conn
	sent, loses *atomic.Int32
}

func (c countingConn) Write(b []byte) (int, error) {
	if n, one := c.sent.Add(1), c.loses.Load(); one > 0 && n%one == 0 {
		return len(b), nil
	}
	return c.Conn.Write(b)
}

// A slowScreen is a client with a front end that draws a frame now and then.
type slowScreen struct {
	*dial.Client
	network *memnet.Network
	ip      string
	sent    *atomic.Int32
	loses   *atomic.Int32
	every   time.Duration // between two frames; 0 draws none
	next    time.Time
	key     game.Input
	frame   client.Frame
}

// slowMatch joins a left and a right player in memory, and returns them, a function that runs their front ends, and one
// that does so until a condition holds.
func slowMatch(t *testing.T) (
	left, right *slowScreen, run func(time.Duration), until func(what string, within time.Duration, met func() bool),
) {
	t.Helper()
	network, cfg := serveInMemory(t)
	var both [2]*slowScreen
	for i, ip := range []string{"198.51.100.1", "198.51.100.2"} {
		p := &slowScreen{
			network: network, ip: ip, sent: new(atomic.Int32), loses: new(atomic.Int32),
			every: time.Second / 60, next: time.Now(),
		}
		own := cfg
		own.Name, own.Transport = ip, countingHost{network.Host(ip), p.sent, p.loses}
		c, err := dial.Dial(t.Context(), own)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		p.Client, both[i] = c, p
	}
	until = func(what string, within time.Duration, met func() bool) {
		t.Helper()
		for end := time.Now().Add(within); !met(); time.Sleep(time.Millisecond) {
			now := time.Now()
			if now.After(end) {
				if what != "" {
					t.Fatalf("not within %v: %s", within, what)
				}
				return
			}
			for _, p := range both {
				if p.every > 0 && !now.Before(p.next) {
					p.next = now.Add(p.every)
					p.Update(now, p.key)
					p.frame = p.Frame(now)
				}
			}
		}
	}
	run = func(d time.Duration) { until("", d, func() bool { return false }) }
	until("both play", 10*time.Second, func() bool {
		return both[0].frame.Stage == client.StagePlaying && both[1].frame.Stage == client.StagePlaying
	})
	return both[0], both[1], run, until
}

// TestClient_SendsInputsWhateverTheScreenDoes plays with a front end that draws 5 or 30 frames a second, or none. An
// INPUT is sent for each tick, the server plays no tick without the player's input, and nothing pauses.
func TestClient_SendsInputsWhateverTheScreenDoes(t *testing.T) {
	for name, every := range map[string]time.Duration{
		"60 frames a second": time.Second / 60, "30 frames a second": time.Second / 30,
		"5 frames a second": time.Second / 5, "no frames": 0,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				left, right, run, _ := slowMatch(t)
				run(5 * time.Second)
				missed, tick := right.frame.Figures.Missed, left.frame.Tick
				right.every = every
				sent := right.sent.Load()
				for range 30 {
					run(time.Second)
					if stage := left.frame.Stage; stage == client.StagePaused || stage == client.StageWaiting {
						t.Fatalf("the other player is at %v, want the match to go on", stage)
					}
				}
				// Late frames and corrections of the clock put two ticks in one INPUT now and then.
				n, ticks := int(right.sent.Load()-sent), int(left.frame.Tick-tick)
				if n < ticks*29/30 || n > ticks*31/30 {
					t.Errorf("%d datagrams were sent in %d ticks, want one in each", n, ticks)
				}
				right.every = time.Second / 60
				run(500 * time.Millisecond)
				if f := right.frame; f.Figures.Missed-missed > 3 || f.NewMatch || f.Me != 1 {
					t.Errorf("%d ticks were played without the player's input, new match %v, player %d; want none, "+
						"the same seat",
						f.Figures.Missed-missed, f.NewMatch, f.Me)
				}
			})
		})
	}
}

// TestClient_WindowWithoutFramesIsShownAsHidden draws no frames for 30 s, in which the network is cut and whole again.
// The other player and a watcher are shown that after a second, and no longer soon after frames are drawn again.
func TestClient_WindowWithoutFramesIsShownAsHidden(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		left, right, run, until := slowMatch(t)
		watcher := left.watch(t)
		shown := func(want client.Presence) func() bool {
			return func() bool {
				watcher.Update(time.Now(), game.None)
				return left.frame.Presence[1] == want && watcher.Frame(time.Now()).Presence[1] == want
			}
		}
		until("the watcher has the match", time.Second, shown(client.Online))
		right.every = 0
		run(900 * time.Millisecond)
		if is := left.frame.Presence[1]; is != client.Online {
			t.Errorf("after 0.9 s without frames the presence is %v, want %v", is, client.Online)
		}
		until("the other player is shown as hidden", time.Second, shown(client.Hidden))
		run(14 * time.Second)
		right.network.Disconnect(right.ip)
		until("the other player is shown as silent", 10*time.Second, shown(client.Silent))
		right.network.Reconnect(right.ip)
		until("the other player is shown as hidden again", 5*time.Second, shown(client.Hidden))
		run(14 * time.Second)
		if is := left.frame.Presence[1]; is != client.Hidden {
			t.Errorf("after 30 s without frames the presence is %v, want %v", is, client.Hidden)
		}
		right.every = time.Second / 60
		until("the other player is shown as online", 1100*time.Millisecond, shown(client.Online))
		if is := right.frame.Presence[0]; is != client.Online {
			t.Errorf("the presence of the other player, who drew all frames, is %v, want %v", is, client.Online)
		}
	})
}

// watch joins a watcher of the player's match.
func (s *slowScreen) watch(t *testing.T) *dial.Client {
	t.Helper()
	cfg := s.Config()
	cfg.Watch, cfg.Name, cfg.Transport = true, "watcher", s.network.Host("198.51.100.9")
	c, err := dial.Dial(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// TestClient_ReleasesKeysWithoutFrames holds a key and stops drawing. The paddle stops soon, and moves again when
// frames are drawn again.
func TestClient_ReleasesKeysWithoutFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		left, right, run, _ := slowMatch(t)
		right.key = game.Up
		run(3 * time.Second) // up to the edge
		before := left.frame.Paddle[1]
		right.key = game.Down
		run(50 * time.Millisecond)
		right.every = 0
		run(time.Second)
		stopped := left.frame.Paddle[1]
		run(time.Second)
		if still := left.frame.Paddle[1]; stopped == before || still != stopped {
			t.Errorf("the paddle moves from %.0f to %.0f in a second without frames, then to %.0f; want it to move, "+
				"then to stand still", before, stopped, still)
		}
		right.every = time.Second / 60
		run(500 * time.Millisecond)
		if moved := left.frame.Paddle[1]; moved <= stopped {
			t.Errorf("with frames again the paddle is at %.0f, want it below %.0f", moved, stopped)
		}
	})
}

// TestClient_EventsAreInOneFrame reads frames twice, and then after a time without frames.
func TestClient_EventsAreInOneFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		left, _, run, until := slowMatch(t)
		until("an event", time.Minute, func() bool { return len(left.frame.Events) > 0 })
		if again := left.Frame(time.Now()); len(again.Events) > 0 {
			t.Errorf("the next frame has the events %v, want none", again.Events)
		}
		left.every = 0
		run(30 * time.Second)
		left.Update(time.Now(), game.None)
		if first := left.Frame(time.Now()); len(first.Events) > 0 {
			t.Errorf("the first frame after 30 s has the events %v, want none: they are of the past", first.Events)
		}
	})
}

// TestClient_RepeatsBetweenFrames has a client that loses datagrams change its key all the time. With the setting it
// sends each INPUT once more, although no frame is drawn at that time.
func TestClient_RepeatsBetweenFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		left, _, run, _ := slowMatch(t)
		left.loses.Store(20)
		sent := func(repeat bool) int32 {
			left.SetSettings(client.Settings{Repeat: repeat})
			before := left.sent.Load()
			for i := range 40 {
				left.key = []game.Input{game.Up, game.Down}[i%2]
				run(50 * time.Millisecond)
			}
			return left.sent.Load() - before
		}
		run(3 * time.Second) // the server measures the losses
		without, with := sent(false), sent(true)
		if without > 130 || with < 2*without-10 {
			t.Errorf("in 2 s %d datagrams were sent without the setting and %d with it, want 120 and 240", without,
				with)
		}
	})
}
