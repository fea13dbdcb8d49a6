package lab

import (
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/netcode"
)

// A Recording is all that was seen and decided in one cell, from the moment at which both players saw the first serve.
// Indices are seats.
type Recording struct {
	Cell  Cell
	First uint32       // the tick of Truth[0]
	Truth []game.State // as the server decided it, one for each tick
	Sides [2]Side
	Acts  []Act // what happened to links and processes

	Equal, Unequal int // confirmed ticks that both sides held alike, and not
	Unexplained    int // ticks in gaps that no STATE explains
}

// A Cell is what is run: one match over one kind of network, seen in one way.
type Cell struct {
	Profile Profile
	Variant Variant
	Seed    uint64
	Length  time.Duration

	Without       client.Settings // techniques to do without, to see what each is for. If zero, none.
	Replayed      bool            // somebody on the way sends old STATEs to the players again
	NoReplayCheck bool            // the players do without the check that refuses them
}

// settings are those of the clients in a cell.
func (c *Cell) settings() client.Settings {
	to := c.Without
	if c.Variant == Original {
		to = originalSettings
	}
	to.View = c.Variant.mode()
	return to
}

// Side is what one player saw, and what the links and the server counted for that player.
type Side struct {
	Frames    []Frame
	Inputs    netcode.InputCounts // of the server
	Up, Down  Volume              // as sent, before anything was lost
	Latencies []Latency
}

// A Volume is what was sent in one direction.
type Volume struct{ Datagrams, Bytes int }

// Latency is the round trip as the client shows it and as it was, in milliseconds.
type Latency struct{ Shown, True float64 }

// A Frame is one picture on a player's screen, before smoothing.
type Frame struct {
	At     time.Duration // of the world
	Server float64       // the server's clock at that moment, in ticks: its state's tick, and how far it is into it
	seat   int
	Key    game.Input // the key that was held
	Stage  client.Stage
	InPlay bool // the ball is drawn
	Ball   client.Point
	Paddle [2]float64
	Times  client.Times
	Newest uint32 // the newest tick heard of

	// Corrected is how far the server's word has moved the own paddle since the last frame: what the client now holds
	// for the tick that was its present then, less what it held then.
	Corrected float64
	Missed    int     // ticks that the server has played without this player's input, so far
	Wanted    float64 // the margin that the client steers for, in ticks
}

// at returns the server's state of a tick; false if it was not recorded.
func (r *Recording) at(tick uint32) (game.State, bool) {
	if tick < r.First || tick-r.First >= uint32(len(r.Truth)) {
		return game.State{}, false
	}
	return r.Truth[tick-r.First], true
}

// frame is how long a picture stands on the screens of the laboratory.
const frame = time.Second / 60

// minutes is for how long the ball was in play on a player's screen: what "per minute" means.
func (s *Side) minutes() float64 {
	n := 0
	for i := range s.Frames {
		if s.Frames[i].InPlay {
			n++
		}
	}
	return float64(n) / (60 * 60)
}

// pixels is a length as pictures have it.
func pixels(x game.Fixed) float64 { return float64(x) / float64(game.One) }

// together reports whether two successive frames show one course of things: the screen did not stand still between
// them. Nobody expects a ball to be continuous across a stall of the machine that draws it.
func together(a, b *Frame) bool { return b.At-a.At < 2*frame }
