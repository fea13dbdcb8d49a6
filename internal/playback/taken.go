package playback

import (
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/game"
	"pong/internal/replay"
)

// A taken is a game that goes on from a position of a recording with the person at one of the paddles. The other one
// does what was recorded, or what a bot does.
type taken struct {
	of     *replay.Replay
	me     int
	next   int // the position of the recording that the other paddle follows
	before game.State
	state  game.State
	part   float64 // of a tick that has passed
	scorer int
	ticks  int
	bot    *bot.Bot // nil while the other paddle follows the recording
}

// take begins to play a paddle where the recording is.
func (p *Player) take(player int) {
	at := int(p.at)
	state := p.of.At(at)
	p.taken = &taken{of: p.of, me: player, next: at, before: state, state: state, scorer: p.of.Scorer(at)}
	if at == p.of.Len() {
		p.taken.useBot()
	}
}

// doTaken carries out an action while the person plays. The key that has taken the paddle gives it back, and the
// recording is where it was.
func (p *Player) doTaken(a front.Action) {
	switch back := [2]front.Action{front.TakeLeft, front.TakeRight}[p.taken.me]; {
	case a.Has(back):
		p.taken, p.paused = nil, true
	case a.Has(front.UseBot):
		p.taken.useBot()
	}
}

// useBot has a bot play from now on.
func (t *taken) useBot() {
	if t.bot == nil {
		t.bot = bot.New(bot.Normal, t.state.Hash())
	}
}

// advance plays ticks with the person's input, and appends what happens.
func (t *taken) advance(events []client.Event, ticks float64, in game.Input) []client.Event {
	for t.part += ticks; t.part >= 1; t.part-- {
		t.before = t.state
		t.state = game.Step(t.of.Rules, t.state, t.inputs(in), t.state.SeededServe(uint64(t.me)))
		if events = client.EventsBetween(events, t.before, t.state); t.state.Score != t.before.Score {
			t.scorer = 0
			if t.state.Score[1] > t.before.Score[1] {
				t.scorer = 1
			}
		}
	}
	return events
}

// inputs returns the inputs of the next tick. The pauses that were recorded are left out, and at the end of the
// recording a bot takes over.
func (t *taken) inputs(in game.Input) game.Inputs {
	t.ticks++
	var both game.Inputs
	if both[t.me] = in; in > game.Down {
		both[t.me] = game.None
	}
	other := 1 - t.me
	if t.bot == nil && t.next == t.of.Len() {
		t.useBot()
	}
	if t.bot == nil {
		if both[other] = t.of.Inputs(t.next)[other]; both[other] == game.Away {
			both[other] = game.None
		}
		t.next++
		return both
	}
	f := client.FrameOf(t.of.Rules, t.state, t.state, 0)
	f.Me = other
	both[other] = t.bot.Think(time.Duration(t.ticks)*time.Second/game.TickRate, bot.See(&f))
	return both
}

// frame returns what to draw.
func (t *taken) frame() client.Frame {
	f := client.FrameOf(t.of.Rules, t.before, t.state, t.part)
	f.Me, f.Scorer = t.me, t.scorer
	return f
}
