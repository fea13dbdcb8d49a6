package game

// An Event is something in a tick that deserves a sound, a flash or a datagram of its own.
type Event uint8

// The events.
const (
	// Hit: a paddle hit the ball.
	Hit Event = iota
	// Wall: the ball met the upper or lower wall.
	Wall
	// Point: a rally ended.
	Point
	// Serve: the ball was served from the centre.
	Serve
	// GameOver: a game ended. It comes with its Point.
	GameOver
)

// An EventSet holds the events of one tick.
type EventSet uint8

// Has reports whether e is in the set.
func (set EventSet) Has(e Event) bool { return set>>e&1 == 1 }

// Events returns what happened between two consecutive states: after must be Step of before. It only compares them. So
// a client that receives, predicts or replays states needs no other source of events, and a State carries none.
func Events(before, after State) EventSet {
	var set EventSet
	add := func(e Event, happened bool) {
		if happened {
			set |= 1 << e
		}
	}
	// Counters may stop or restart, so look at the ball: it changes direction only at a paddle, and flies only in a
	// rally.
	add(Hit, before.Ball.VX < 0 && after.Ball.VX > 0 || before.Ball.VX > 0 && after.Ball.VX < 0)
	add(Wall, before.Walls != after.Walls)
	add(Point, before.Ball.VX != 0 && after.Ball.VX == 0 && after.Phase != Waiting)
	add(Serve, before.Ball.VX == 0 && after.Ball.VX != 0)
	add(GameOver, before.Phase != Over && after.Phase == Over)
	return set
}
