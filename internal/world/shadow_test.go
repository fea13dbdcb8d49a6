package world

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/netcode/netsim"
)

// badNetwork is that of the laboratory's L6: across an ocean, with losses.
var badNetwork = netsim.Profile{Delay: 125 * time.Millisecond, Jitter: 10 * time.Millisecond, Loss: 0.05, Burst: 2}

// looks are the settings of shadows that tests compare.
func looks(t testing.TB) (all []client.Settings) {
	t.Helper()
	for _, text := range []string{
		"original", "predict", "interp", "no-reconciliation", "interp,no-prediction,no-smoothing",
	} {
		settings, err := client.ParseShadow(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := settings.String(); got != text {
			t.Errorf("the settings %q have the text %q", text, got)
		}
		all = append(all, settings)
	}
	return all
}

// TestShadow_ChangesNothingThatIsSent plays the same match with and without shadows, which are added and removed while
// it is played. Both players send the same datagrams, byte for byte, and see the same frames.
func TestShadow_ChangesNothingThatIsSent(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		var sent, seen [2]bytes.Buffer // with shadows, and without
		for i := range sent {
			w := New(Config{Seed: 100 + seed, Up: badNetwork, Down: badNetwork})
			var players [2]*Player
			for seat := range players {
				p := w.Join(fmt.Sprint("player ", seat), Bot(bot.Hard, seed+uint64(seat)))
				p.Tap = func(up bool, datagram []byte) {
					if up {
						fmt.Fprintf(&sent[i], "%d %x\n", seat, datagram)
					}
				}
				p.OnFrame = func(_ time.Time, v client.Frame) {
					fmt.Fprintf(&seen[i], "%d %v %v %v %v\n", seat, v.Ball, v.Paddle, v.Times, v.Stage)
				}
				players[seat] = p
			}
			for _, look := range looks(t) {
				w.Run(5 * time.Second)
				if i == 1 {
					continue
				}
				for _, p := range players {
					p.Session.AddShadow(look)
				}
			}
			w.Run(10 * time.Second)
			if i == 0 {
				players[0].Session.RemoveShadow(players[0].Session.Shadows()[1])
			}
			w.Run(10 * time.Second)
		}
		if sent[0].Len() < 100_000 || !bytes.Equal(sent[0].Bytes(), sent[1].Bytes()) {
			t.Errorf("seed %d: with shadows %d bytes of text were sent, without %d, want the same bytes", seed,
				sent[0].Len(), sent[1].Len())
		}
		if !bytes.Equal(seen[0].Bytes(), seen[1].Bytes()) {
			t.Errorf("seed %d: with shadows the players have seen other frames than without", seed)
		}
	}
}

// TestShadow_WithTheSameSettingsDrawsTheSame compares each frame of a shadow that has the settings of its session.
func TestShadow_WithTheSameSettingsDrawsTheSame(t *testing.T) {
	t.Parallel()
	for _, view := range []client.View{client.ViewFilter, client.ViewPredict, client.ViewInterp} {
		w := New(Config{Seed: 7, Up: badNetwork, Down: badNetwork})
		left := w.Join("left", Bot(bot.Normal, 1))
		w.Join("right", Bot(bot.Normal, 2))
		left.Session.SetView(view)
		w.Run(3 * time.Second)
		shadow := left.Session.AddShadow(client.Settings{View: view})
		frames := 0
		left.OnFrame = func(now time.Time, v client.Frame) {
			f := shadow.Frame(left.Clock(now))
			if f.Ball != v.Ball || f.Paddle != v.Paddle || f.Times != v.Times || f.Stage != v.Stage ||
				f.Score != v.Score {
				t.Fatalf("%v, frame %d: the shadow draws %v %v at %v, its session %v %v at %v", view, frames,
					f.Ball, f.Paddle, f.Times, v.Ball, v.Paddle, v.Times)
			}
			frames++
		}
		w.Run(30 * time.Second)
		if frames < 1500 {
			t.Errorf("%v: %d frames were compared", view, frames)
		}
	}
}

// TestShadow_DrawsAnotherWay expects that a shadow of the original has its faults where the session does not.
func TestShadow_DrawsAnotherWay(t *testing.T) {
	t.Parallel()
	w := New(Config{Seed: 3, Up: badNetwork, Down: badNetwork})
	left := w.Join("left", Bot(bot.Normal, 1))
	w.Join("right", Bot(bot.Normal, 2))
	shadow := left.Session.AddShadow(looks(t)[0])
	stood, moved := [2]int{}, [2]int{} // frames in which the ball stood still or moved: of the session, of the shadow
	var last [2]client.Point
	left.OnFrame = func(now time.Time, v client.Frame) {
		for i, f := range []client.Frame{v, shadow.Frame(left.Clock(now))} {
			if f.Stage == client.StagePlaying && f.BallInPlay && f.Ball == last[i] {
				stood[i]++
			} else {
				moved[i]++
			}
			last[i] = f.Ball
		}
	}
	w.Run(30 * time.Second)
	if stood[1] < 10*(stood[0]+1) || moved[1] < 100 {
		t.Errorf("the ball stood still in %d frames of the session and in %d of the original, want far more there",
			stood[0], stood[1])
	}
}

// BenchmarkFrame measures a frame of a player, with what has arrived since the last one, without and with a shadow.
func BenchmarkFrame(b *testing.B) {
	for _, shadows := range []int{0, 1} {
		b.Run(fmt.Sprintf("%d shadows", shadows), func(b *testing.B) {
			w := New(Config{Seed: 3, Up: badNetwork, Down: badNetwork})
			left := w.Join("left", Bot(bot.Normal, 1))
			w.Join("right", Bot(bot.Normal, 2))
			for range shadows {
				left.Session.AddShadow(client.Settings{View: client.ViewInterp})
			}
			left.OnFrame = func(now time.Time, _ client.Frame) {
				for _, s := range left.Session.Shadows() {
					s.Frame(left.Clock(now))
				}
			}
			w.Run(5 * time.Second)
			for b.Loop() {
				w.Run(time.Second / 60)
			}
		})
	}
}
