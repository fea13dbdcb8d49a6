package lab

import (
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/shard"
	"pong/internal/wire"
	"pong/netcode"
)

// A Recording is everything that was seen and decided in one cell, from the moment at which both players saw the first
// serve. Indices are seats.
type Recording struct {
	Cell  Cell
	First uint32        // the tick of Truth[0]
	Start time.Duration // when the server reached that tick
	Truth []game.State  // the server's states, one for each tick
	Sides [2]Side
	Acts  []Act // what happened to links and processes

	besideNames []string // of Side.Beside, if they are not those of Cell.Beside

	Equal, Unequal int // confirmed ticks that are equal at server and client, and that are not
	Unexplained    int // ticks in gaps that no STATE covers
}

// A Cell is one match: a network, a variant and a seed.
type Cell struct {
	Profile Profile
	Variant Variant
	Column  string // its name in the result. If empty, that of the variant.
	Seed    uint64
	Length  time.Duration

	Fairness      wire.Fairness    // of the server
	Claim         time.Duration    // the right player's client claims a round trip that is longer by this
	Without       client.Settings  // techniques that are switched off, to show what each is for. If zero, none.
	WithoutServer shard.Techniques // the same of the server
	Replayed      bool             // an attacker sends old STATEs to the players again
	NoReplayCheck bool             // the players do not check for replays

	Beside []Variant // shadows of both clients draw these ways, too
}

// column returns the name of the column of the result to which the cell belongs.
func (c *Cell) column() string {
	if c.Column != "" {
		return c.Column
	}
	return c.Variant.String()
}

// settings returns the settings of the clients in a cell.
func (c *Cell) settings() client.Settings {
	to := c.Without
	if c.Variant == Original {
		to = client.OriginalSettings
	}
	to.View = c.Variant.mode()
	return to
}

// A Side is what one player saw, and what the links and the server counted for that player.
type Side struct {
	Frames    []Frame
	Inputs    netcode.InputCounts   // of the server
	Made      map[uint32]game.Fixed // by how much the player's own input for a tick moved the own paddle there
	Without   map[uint32]bool       // ticks that the server played without that input
	Up, Down  Volume                // as sent, before anything was lost
	Latencies []Latency
	Beside    [][]RallyFrame // what shadows draw, in the order of Cell.Beside; one for each of Frames
}

// A Volume is what was sent in one direction.
type Volume struct{ Datagrams, Bytes int }

// A Latency is the round trip that the client shows and the true one, in milliseconds.
type Latency struct{ Shown, True float64 }

// A Frame is one frame on a player's screen, before smoothing; Shown is after it.
type Frame struct {
	At     time.Duration // of the world
	Server float64       // the server's clock at that moment in ticks, with fraction
	seat   int
	Key    game.Input // the key that was held
	Stage  client.Stage
	InPlay bool // the ball is drawn
	Ball   client.Point
	Paddle [2]float64
	Times  client.Times
	Shown  client.Raw // the ball and the paddles after smoothing
	Newest uint32     // the newest tick whose state has arrived

	// Corrected is how far the server's states have moved the own paddle since the last frame: its place in the state
	// that the client now holds for the tick that was its present then, minus its place in the state that it held
	// then.
	Corrected float64
	Missed    int     // ticks that the server has played without this player's input so far
	Wanted    float64 // the margin that the client steers for, in ticks
}

// at returns the server's state of a tick. It returns false if the tick was not recorded.
func (r *Recording) at(tick uint32) (game.State, bool) {
	if tick < r.First || tick-r.First >= uint32(len(r.Truth)) {
		return game.State{}, false
	}
	return r.Truth[tick-r.First], true
}

// frame is the time between two frames on the screens of the laboratory.
const frame = time.Second / 60

// minutes returns how long the ball was in play on a player's screen: "per minute" refers to it.
func (s *Side) minutes() float64 {
	n := 0
	for i := range s.Frames {
		if s.Frames[i].InPlay {
			n++
		}
	}
	return float64(n) / (60 * 60)
}

// pixels returns a length as frames have it.
func pixels(x game.Fixed) float64 { return float64(x) / float64(game.One) }

// together reports whether the screen did not stand still between two successive frames. A ball need not be continuous
// across a stall of the machine that draws it.
func together(a, b *Frame) bool { return b.At-a.At < 2*frame }
