// Package playback plays recorded games on a screen: a [Player] is a front.Session that needs no server. The person can
// go to any tick, change the speed, and take a paddle at any moment, to play against the recording or a bot.
package playback

import (
	"time"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/game"
	"pong/internal/replay"
)

// skip is how many ticks Left and Right go.
const skip = 3 * game.TickRate

// speeds are how fast a recording is played; normal is the index of the speed at which it was recorded.
var speeds = [...]struct {
	name  string
	times float64
}{{"1/16", 1.0 / 16}, {"1/4", 1.0 / 4}, {"1/2", 1.0 / 2}, {"1", 1}, {"2", 2}, {"4", 4}, {"16", 16}}

const normal = 3

// maxFrame is the longest time between two frames that counts. After a longer one, the game goes on where it was.
const maxFrame = 250 * time.Millisecond

// A Player plays a recording. It is a front.Playback.
type Player struct {
	of     *replay.Replay
	at     float64
	moved  time.Time
	speed  int // an index of speeds
	paused bool
	side   int // the player who is shown as the person; -1 for none

	taken  *taken // nil while the recording is watched
	events []client.Event
}

// New returns a Player at the beginning of a recording.
func New(r *replay.Replay) *Player {
	return &Player{of: r, speed: normal, side: -1}
}

// SeekTo goes to a position.
func (p *Player) SeekTo(position int) { p.seek(float64(position)) }

func (p *Player) seek(to float64) { p.at = min(max(to, 0), float64(p.of.Len())) }

// Update moves the recording to now. The input moves the paddle that the person has taken.
func (p *Player) Update(now time.Time, in game.Input) {
	passed := min(now.Sub(p.moved), maxFrame)
	if p.moved.IsZero() {
		passed = 0
	}
	p.moved = now
	ticks := passed.Seconds() * game.TickRate
	switch {
	case p.taken != nil:
		p.events = p.taken.advance(p.events, ticks, in)
	case !p.paused:
		p.play(ticks * speeds[p.speed].times)
	}
}

// play plays a number of ticks, and pauses at the end.
func (p *Player) play(ticks float64) {
	before := int(p.at)
	p.seek(p.at + ticks)
	for i := before; i < int(p.at) && speeds[p.speed].times <= 1; i++ {
		p.events = client.EventsBetween(p.events, p.of.At(i), p.of.At(i+1))
	}
	p.paused = p.paused || int(p.at) == p.of.Len()
}

// Frame returns what to draw.
func (p *Player) Frame(time.Time) client.Frame {
	var f client.Frame
	if p.taken != nil {
		f = p.taken.frame()
	} else {
		at := int(p.at)
		f = client.FrameOf(p.of.Rules, p.of.At(at), p.of.At(min(at+1, p.of.Len())), p.at-float64(at))
		f.Scorer = p.of.Scorer(at)
		f.Watching, f.Me = p.side < 0, max(p.side, 0)
	}
	f.Names = p.of.Names
	f.Events, p.events = p.events, nil
	return f
}

// Do carries out an action of the person.
func (p *Player) Do(a front.Action) {
	if p.taken != nil {
		p.doTaken(a)
		return
	}
	switch {
	case a.Has(front.Pause):
		if p.paused = !p.paused; !p.paused && int(p.at) == p.of.Len() {
			p.at = 0
		}
	case a.Has(front.Left):
		p.seek(p.at - skip)
	case a.Has(front.Right):
		p.seek(p.at + skip)
	case a.Has(front.Up):
		p.speed = min(p.speed+1, len(speeds)-1)
	case a.Has(front.Down):
		p.speed = max(p.speed-1, 0)
	case a.Has(front.StepBack):
		p.paused = true
		p.SeekTo(int(p.at) - 1)
	case a.Has(front.StepOn):
		p.paused = true
		p.SeekTo(int(p.at) + 1)
	case a.Has(front.Home):
		p.SeekTo(p.pointBefore())
	case a.Has(front.End):
		p.SeekTo(p.pointAfter())
	case a.Has(front.NextView):
		p.side = (p.side+2)%3 - 1
	case a.Has(front.TakeLeft):
		p.take(0)
	case a.Has(front.TakeRight):
		p.take(1)
	}
}

// pointBefore returns the position of the point before, or the beginning. A point that is less than a second ago does
// not count, so that pressing the key again goes further back.
func (p *Player) pointBefore() int {
	to := 0
	for _, point := range p.of.Points() {
		if float64(point) < p.at-game.TickRate {
			to = point
		}
	}
	return to
}

// pointAfter returns the position of the next point, or the end.
func (p *Player) pointAfter() int {
	for _, point := range p.of.Points() {
		if float64(point) > p.at {
			return point
		}
	}
	return p.of.Len()
}

// Track returns where the recording is.
func (p *Player) Track() front.Track {
	t := front.Track{
		At: int(p.at), Of: p.of.Len(), Points: p.of.Points(), Speed: speeds[p.speed].name, Paused: p.paused,
		Gaps: p.of.Gaps, Cut: !p.of.Complete,
	}
	if p.taken != nil {
		t.Taken, t.Bot = p.taken.me+1, p.taken.bot != nil
	}
	return t
}

// Rematch does nothing, as Accept, Refuse, SetSettings and Close.
func (p *Player) Rematch() {}

// Accept does nothing.
func (p *Player) Accept() {}

// Refuse does nothing.
func (p *Player) Refuse() {}

// SetSettings does nothing: all of a recording is drawn at one time.
func (p *Player) SetSettings(client.Settings) {}

// Inspect returns nothing: there is no network.
func (p *Player) Inspect(time.Time, *client.Frame) client.Inspection { return client.Inspection{} }

// Close does nothing.
func (p *Player) Close() error { return nil }
