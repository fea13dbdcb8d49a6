package game

// Event is something that happened in a tick, worth a sound, a flash or a
// datagram of its own.
type Event uint8

// The events.
const (
	// Hit is a paddle that met the ball.
	Hit Event = iota
	// Wall is the ball that met the upper or lower wall.
	Wall
	// Point is a rally that ended.
	Point
	// Serve is the ball put back in the centre and sent off.
	Serve
	// GameOver is a game that ended. It comes with its Point.
	GameOver
)

// EventSet is the events of one tick.
type EventSet uint8

// Has reports whether e is in the set.
func (set EventSet) Has(e Event) bool { return set>>e&1 == 1 }

// Events returns what happened between two consecutive states: after must be
// Step of before. It compares them and nothing more, so that a client which is
// told states, predicts them or plays them back needs no other source of
// events, and a State carries none.
func Events(before, after State) EventSet {
	var set EventSet
	add := func(e Event, happened bool) {
		if happened {
			set |= 1 << e
		}
	}
	// Counters that stop or start again do not tell; the ball does. It changes
	// sides only at a paddle, and only a rally lets it fly.
	add(Hit, before.Ball.VX < 0 && after.Ball.VX > 0 || before.Ball.VX > 0 && after.Ball.VX < 0)
	add(Wall, before.Walls != after.Walls)
	add(Point, before.Ball.VX != 0 && after.Ball.VX == 0 && after.Phase != Waiting)
	add(Serve, before.Ball.VX == 0 && after.Ball.VX != 0)
	add(GameOver, before.Phase != Over && after.Phase == Over)
	return set
}
