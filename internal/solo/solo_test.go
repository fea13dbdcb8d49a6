package solo

import (
	"math/rand/v2"
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/game"
)

var _ front.Session = (*Match)(nil)

// A match is a frame source in virtual time, sixty frames a second.
type player struct {
	*Match
	now time.Time
}

func newMatch(t *testing.T, level bot.Level) *player {
	t.Helper()
	now := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	m, err := New(now, "Ada", level, rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	return &player{m, now}
}

// frames plays frames until done returns true, and returns the last one.
func (p *player) frames(
	t *testing.T, most int, key func(client.Frame) game.Input, done func(client.Frame) bool,
) client.Frame {
	t.Helper()
	var f client.Frame
	for range most {
		p.now = p.now.Add(time.Second / 60)
		p.Update(p.now, key(f))
		if f = p.Frame(p.now); done(f) {
			return f
		}
	}
	t.Fatalf("after %d frames the match is in stage %v, %v", most, f.Stage, f.Score)
	return f
}

func rest(client.Frame) game.Input { return game.None }

func TestMatch_IsPlayedToItsEndAndAgain(t *testing.T) {
	p := newMatch(t, bot.Normal)
	f := p.frames(t, 60*60*20, rest, func(f client.Frame) bool { return f.Stage == client.StageOver })
	if f.Winner != 1 || f.Names != [2]string{"Ada", "Bot"} || f.Me != 0 {
		t.Errorf("%v: player %d wins, and the person is %d, want the bot to win on the right", f.Names, f.Winner, f.Me)
	}
	p.Rematch()
	p.frames(t, 60*60, rest, func(f client.Frame) bool { return f.Stage == client.StagePlaying })
}

func TestMatch_PersonMovesThePaddle(t *testing.T) {
	p := newMatch(t, bot.Normal)
	f := p.frames(t, 60*20, rest, func(f client.Frame) bool { return f.Stage == client.StagePlaying })
	from, frames := f.Paddle[0], 0
	f = p.frames(t, 60, func(client.Frame) game.Input { return game.Up }, func(client.Frame) bool {
		frames++
		return frames == 6
	})
	if f.Paddle[0] >= from || f.Figures.Corrections > 0 {
		t.Errorf("after 6 frames with Up the paddle is at %v, from %v, with %d corrections; want it higher, with none",
			f.Paddle[0], from, f.Figures.Corrections)
	}
}

// While nothing is drawn, nothing is played, however long that is.
func TestMatch_StandsStillWhileItIsHidden(t *testing.T) {
	p := newMatch(t, bot.Normal)
	f := p.frames(t, 60*20, rest, func(f client.Frame) bool { return f.Stage == client.StagePlaying && f.BallInPlay })
	p.now = p.now.Add(time.Hour)
	p.Update(p.now, game.None)
	after := p.Frame(p.now)
	if after.Stage != client.StagePlaying || after.Tick-f.Tick > 30 {
		t.Errorf("after an hour without frames the match is in stage %v, %d ticks on, want it to go on where it was",
			after.Stage, after.Tick-f.Tick)
	}
}
