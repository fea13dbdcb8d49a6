package lab

import (
	"fmt"
	"html/template"
	"math"
	"slices"

	"pong/internal/game"
)

// A rallyPart is what the page shows of a rally.
type rallyPart struct {
	ID      int
	Title   string
	Seconds float64
	Seats   []rallySeat // whose screens are shown; the first one at the beginning
	Ways    []rallyWay
	Played  playedRally
}

// A rallySeat is a player whose screen is shown.
type rallySeat struct {
	Index int
	Name  string
}

// A rallyWay is what the page shows of a rally with one way of drawing.
type rallyWay struct {
	ID       int // selects its colour
	Name     string
	Words    string
	Timeline template.HTML
	Contacts []rallyContact
}

// A rallyContact is a line of the table of contacts.
type rallyContact struct {
	Number  int
	Seat    int
	Who     string
	When    string // in the server's time
	Verdict string
	Offset  string // of the ball's middle from the paddle's
	Sides   [2]sideContact

	tick float64
}

// A sideContact is what a player saw of a contact.
type sideContact struct {
	When   string // relative to the server
	Offset string
	Wrong  bool // the offset visibly differs from the one at the server

	at float64 // the server's clock when it was seen, in ticks; NaN if it was not
}

// A playedRally is the data that the script plays, as rows of numbers, because there are thousands.
type playedRally struct {
	First float64          `json:"first"` // the tick at time 0
	Truth [][]float64      `json:"truth"` // tick, ball x and y, paddles
	Ways  [][2][][]float64 `json:"ways"`  // of sides: server, own, remote, ball's tick, in play, ball x and y, paddles
}

func newRallyPart(id int, r *Rally, views []string) rallyPart {
	p := rallyPart{ID: id, Title: r.title(), Seconds: r.seconds(r.last())}
	for seat, name := range seatNames {
		if len(r.Sides[seat]) > 0 || r.Network == "" {
			p.Seats = append(p.Seats, rallySeat{seat, name})
		}
	}
	p.Played.First = r.first()
	for _, t := range r.Truth {
		p.Played.Truth = append(p.Played.Truth,
			rounded(float64(t.Tick), t.Ball[0], t.Ball[1], t.Paddle[0], t.Paddle[1]))
	}
	p.add(r, views)
	for i := range r.Beside {
		p.add(r.as(&r.Beside[i]), views)
	}
	return p
}

// title returns the title of a rally.
func (r *Rally) title() string {
	if r.Network != "" {
		return r.Network
	}
	return fmt.Sprintf("%s on %s, seed %d", r.View, r.Profile, r.Seed)
}

// add adds a way of drawing.
func (p *rallyPart) add(r *Rally, views []string) {
	id := slices.Index(views, r.View)
	if id < 0 {
		id = max(slices.Index(variantNames[:], r.View), 0)
	}
	way := rallyWay{ID: id, Name: r.View, Words: wordsOf(r.View), Contacts: r.contacts()}
	way.Timeline = r.timeline(way.Contacts)
	p.Ways = append(p.Ways, way)
	var sides [2][][]float64
	for seat := range r.Sides {
		for _, f := range r.Sides[seat] {
			shown := 0.0
			if f.InPlay {
				shown = 1
			}
			sides[seat] = append(sides[seat],
				rounded(f.Server, f.Own, f.Remote, f.Flight, shown, f.Ball[0], f.Ball[1], f.Paddle[0], f.Paddle[1]))
		}
	}
	p.Played.Ways = append(p.Played.Ways, sides)
}

// rounded rounds numbers to two digits after the point.
func rounded(numbers ...float64) []float64 {
	for i, x := range numbers {
		numbers[i] = math.Round(x*100) / 100
	}
	return numbers
}

func (r *Rally) first() float64 { return float64(r.Truth[0].Tick) }
func (r *Rally) last() float64  { return float64(r.Truth[len(r.Truth)-1].Tick) }

// seconds returns a server tick in seconds since the start of the rally.
func (r *Rally) seconds(tick float64) float64 { return (tick - r.first()) / game.TickRate }

// contacts returns the contacts at the server, with what both players saw of them.
func (r *Rally) contacts() (found []rallyContact) {
	for i := range len(r.Truth) - 1 {
		a, b := &r.Truth[i], &r.Truth[i+1]
		seat := 0
		if i > 0 && a.Ball[0] > r.Truth[i-1].Ball[0] || i == 0 && b.Ball[0] > a.Ball[0] {
			seat = 1
		}
		gap, after := gapTo(seat, a.Ball[0]), gapTo(seat, b.Ball[0])
		turned := i > 0 && after >= 0 && gap < atFace &&
			toward(seat, b.Ball[0]-a.Ball[0]) < toward(seat, a.Ball[0]-r.Truth[i-1].Ball[0])-stirring
		if gap < 0 || after >= 0 && !turned {
			continue
		}
		if n := len(found); n > 0 && float64(a.Tick)-found[n-1].tick < sameEvent {
			continue // the second half of a turn within a tick
		}
		speed := fastest
		if i > 0 {
			speed = math.Abs(a.Ball[0] - r.Truth[i-1].Ball[0])
		}
		c := rallyContact{Number: len(found) + 1, Seat: seat, Who: seatNames[seat], Verdict: "missed",
			tick: float64(a.Tick) + math.Min(gap/math.Max(speed, stirring), 1)}
		if turned {
			c.Verdict = "hit"
		}
		offset := offsetOf(a.Ball[1]+(b.Ball[1]-a.Ball[1])*(c.tick-float64(a.Tick)), b.Paddle[seat])
		c.When, c.Offset = fmt.Sprintf("%.2f s", r.seconds(c.tick)), fmt.Sprintf("%+.0f px", offset)
		for side := range c.Sides {
			c.Sides[side] = r.seen(side, &c, offset)
		}
		found = append(found, c)
	}
	return found
}

var seatNames = [2]string{"left", "right"}

// offsetOf returns how far a ball's middle is below a paddle's.
func offsetOf(ball, paddle float64) float64 {
	return ball + ballSize/2 - paddle - paddleSize/2
}

// seen returns when a contact was on a player's screen, which is when the ball was drawn at its tick.
func (r *Rally) seen(side int, c *rallyContact, offset float64) (s sideContact) {
	frames := r.Sides[side]
	for i := 1; i < len(frames); i++ {
		a, b := &frames[i-1], &frames[i]
		if a.Flight > c.tick || b.Flight < c.tick {
			continue
		}
		part := 0.0
		if b.Flight > a.Flight {
			part = (c.tick - a.Flight) / (b.Flight - a.Flight)
		}
		mix := func(x, y float64) float64 { return x + part*(y-x) }
		s.at = mix(a.Server, b.Server)
		saw := offsetOf(mix(a.Ball[1], b.Ball[1]), mix(a.Paddle[c.Seat], b.Paddle[c.Seat]))
		ms := 1000 * (s.at - c.tick) / game.TickRate
		s.When, s.Offset = fmt.Sprintf("%.0f ms later", ms), fmt.Sprintf("%+.0f px", saw)
		if ms < 0 {
			s.When = fmt.Sprintf("%.0f ms earlier", -ms)
		}
		s.Wrong = math.Abs(saw-offset) > paddleStep+imperceptible // a paddle moves that far between two frames
		return s
	}
	return sideContact{When: "not seen", Offset: "–", at: math.NaN()}
}
