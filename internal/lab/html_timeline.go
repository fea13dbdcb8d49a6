package lab

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"pong/internal/game"
)

// A lane is one of the diagrams of a time line, which are arranged below each other on one time axis.
type lane struct {
	title string
	y     span
	marks []laneMark
}

// A laneMark is a labelled height.
type laneMark struct {
	at   float64
	name string
}

// The time line, in units of the drawing.
const (
	laneLeft = 110.0
	laneGap  = 46.0 // above each lane, where its title is
)

// timeline draws a rally over the server's time: the ball, the paddles, and the clocks of both screens. The server's
// states are broad grey lines. Each player's view is drawn at the time at which it was seen, so the distance from the
// grey line is how far that player's screen is ahead or behind.
func (r *Rally) timeline(contacts []rallyContact) template.HTML {
	lanes := r.lanes()
	bottom := lanes[len(lanes)-1].y.begin
	x := span{r.first(), r.last(), laneLeft, pageWidth - 10}
	const label = "Time line of the rally: the ball along the field, both paddles, and the clocks of both screens"
	data := fmt.Sprintf(` class="timeline" data-begin="%s" data-end="%s"`, coord(x.begin), coord(x.end))
	d := newSVG(bottom+44, label, data)
	for _, l := range lanes {
		d.lane(&l, x)
	}
	d.timeAxis(r, x, bottom)
	for i := range contacts {
		d.line("decided", x.at(contacts[i].tick), lanes[0].y.end, x.at(contacts[i].tick), bottom)
	}
	ball := func(t *RallyTick) float64 { return t.Ball[0] }
	d.path("truth", r.truthPath(x, lanes[0].y, ball))
	for side := range r.Sides {
		d.path(fmt.Sprintf("saw s%d", side),
			r.sightPath(side, x, lanes[0].y, func(f *RallyFrame) float64 { return f.Ball[0] }, true))
	}
	for seat := range 2 {
		y := lanes[1+seat].y
		d.path("truth", r.truthPath(x, y, func(t *RallyTick) float64 { return t.Paddle[seat] }))
		for side := range r.Sides {
			d.path(fmt.Sprintf("saw s%d", side),
				r.sightPath(side, x, y, func(f *RallyFrame) float64 { return f.Paddle[seat] }, false))
		}
	}
	for side := range r.Sides {
		y := lanes[3+side].y
		d.line("truth", x.begin, y.at(0), x.end, y.at(0))
		d.path(fmt.Sprintf("saw s%d", side),
			r.sightPath(side, x, y, func(f *RallyFrame) float64 { return f.Own - f.Server }, false))
		d.path(fmt.Sprintf("saw remote s%d", side),
			r.sightPath(side, x, y, func(f *RallyFrame) float64 { return f.Remote - f.Server }, false))
		d.path("clock", r.sightPath(side, x, y, func(f *RallyFrame) float64 { return f.Flight - f.Server }, true))
	}
	d.contactMarks(contacts, x, lanes[0].y)
	d.line("cursor", x.begin, lanes[0].y.end-8, x.begin, bottom)
	return d.done()
}

// lanes returns the diagrams with their places.
func (r *Rally) lanes() []lane {
	lanes := []lane{
		{"Ball along the field", span{0, pixels(game.Width), 0, 190},
			[]laneMark{{leftFace, "left face"}, {rightFace, "right face"}}},
		{"Left paddle, up and down", span{lowest, 0, 0, 96}, []laneMark{{0, "top"}, {lowest, "bottom"}}},
		{"Right paddle, up and down", span{lowest, 0, 0, 96}, []laneMark{{0, "top"}, {lowest, "bottom"}}},
	}
	for side, name := range []string{"Left", "Right"} {
		low, high := r.clocks(side)
		marks := []laneMark{{0, "server: 0"}}
		for _, m := range []float64{low, high} {
			marks = append(marks, laneMark{m, fmt.Sprintf("%+.0f ticks", m)})
		}
		lanes = append(lanes, lane{name +
			" player's clocks against the server's: t_own above, t_rem below, and the ball's between them",
			span{low, high, 0, 110}, marks})
	}
	y := 0.0
	for i := range lanes {
		l := &lanes[i]
		high := l.y.end
		y += laneGap
		l.y.begin, l.y.end = y+high, y
		y += high
	}
	return lanes
}

// clocks returns the range of the clocks of a player's screen relative to the server's, in whole ticks around 0.
func (r *Rally) clocks(side int) (low, high float64) {
	for i := range r.Sides[side] {
		f := &r.Sides[side][i]
		low = math.Min(low, math.Min(f.Remote, f.Own)-f.Server)
		high = math.Max(high, math.Max(f.Remote, f.Own)-f.Server)
	}
	return math.Floor(low - 1), math.Ceil(high + 1)
}

// lane draws the frame of a lane.
func (d *svg) lane(l *lane, x span) {
	d.text("start strong", 0, l.y.end-16, l.title)
	d.rect("lane", x.begin, l.y.end, x.end-x.begin, l.y.begin-l.y.end)
	for _, m := range l.marks {
		d.line("grid", x.begin, l.y.at(m.at), x.end, l.y.at(m.at))
		d.text("end small", x.begin-8, l.y.at(m.at)+5, m.name)
	}
}

// timeAxis draws the seconds since the start of the rally.
func (d *svg) timeAxis(r *Rally, x span, y float64) {
	s := span{0, r.seconds(r.last()), x.begin, x.end}
	for _, t := range s.ticks(10) {
		d.line("axis", s.at(t), y, s.at(t), y+6)
		d.text("middle small", s.at(t), y+24, brief(t)+" s")
	}
}

// contactMarks marks each contact at the face: the server's decision with a disc for a hit or a cross for a miss, and
// the times at which the players saw it with triangles that point to the player's side.
func (d *svg) contactMarks(contacts []rallyContact, x, y span) {
	for i := range contacts {
		c := &contacts[i]
		face := leftFace
		if c.Seat == 1 {
			face = rightFace
		}
		cx, cy := x.at(c.tick), y.at(face)
		for side, s := range c.Sides {
			if math.IsNaN(s.at) || s.at < x.from || s.at > x.to {
				continue
			}
			way := 9.0
			if side == 0 {
				way = -9
			}
			d.path(fmt.Sprintf("eye s%d", side),
				fmt.Sprintf("M%s %sl%s -7v14z", coord(x.at(s.at)+way/2), coord(cy), coord(-way)))
		}
		if c.Verdict == "hit" {
			fmt.Fprintf(d, `<circle class="contact" cx="%s" cy="%s" r="6"/>`, coord(cx), coord(cy))
		} else {
			d.path("contact miss", fmt.Sprintf("M%s %sl12 12m0 -12l-12 12", coord(cx-6), coord(cy-6)))
		}
		d.text("middle strong", cx, y.end-12, fmt.Sprint(c.Number))
	}
}

// truthPath returns the path of something at the server.
func (r *Rally) truthPath(x, y span, of func(*RallyTick) float64) string {
	var p pen
	for i := range r.Truth {
		p.to(x.at(float64(r.Truth[i].Tick)), y.at(of(&r.Truth[i])))
	}
	return p.String()
}

// sightPath returns the path of something on a player's screen; with inPlay it leaves out frames without a ball.
func (r *Rally) sightPath(side int, x, y span, of func(*RallyFrame) float64, inPlay bool) string {
	var p pen
	for i := range r.Sides[side] {
		f := &r.Sides[side][i]
		if f.Server < x.from || f.Server > x.to || inPlay && !f.InPlay {
			p.up()
			continue
		}
		p.to(x.at(f.Server), y.at(of(f)))
	}
	return p.String()
}

// A pen writes a path of straight lines.
type pen struct {
	strings.Builder
	down bool
}

func (p *pen) up() { p.down = false }

func (p *pen) to(x, y float64) {
	step := "L"
	if !p.down {
		step, p.down = "M", true
	}
	p.WriteString(step + coord(x) + " " + coord(y))
}
