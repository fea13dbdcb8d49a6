package lab

import (
	"time"

	"pong/internal/client"
	"pong/internal/game"
)

// A Rally is some seconds of a match for charts: the states at the server and what each side saw.
type Rally struct {
	Profile string          `json:"profile"`
	View    string          `json:"view"`
	Seed    uint64          `json:"seed"`
	Network string          `json:"network,omitempty"` // the title, if the rally is of a match of one's own
	Truth   []RallyTick     `json:"truth"`
	Sides   [2][]RallyFrame `json:"sides"`

	// Beside is what the same rally looks like with other ways of drawing: shadows of both clients have drawn it from
	// the same datagrams.
	Beside []RallyBeside `json:"beside,omitempty"`
}

// A RallyBeside is what both sides see of a rally with another way of drawing.
type RallyBeside struct {
	View  string          `json:"view"`
	Sides [2][]RallyFrame `json:"sides"`
}

// as returns the rally with a way of drawing that is beside it.
func (r *Rally) as(way *RallyBeside) *Rally {
	other := *r
	other.View, other.Sides, other.Beside = way.View, way.Sides, nil
	return &other
}

// A RallyTick is the server's state of a tick.
type RallyTick struct {
	Tick   uint32     `json:"tick"`
	Ball   [2]float64 `json:"ball"` // x, y in pixels
	Paddle [2]float64 `json:"paddle"`
}

// A RallyFrame is a frame on a player's screen.
type RallyFrame struct {
	Server float64    `json:"server"` // the server's clock at that moment, in ticks
	Own    float64    `json:"own"`    // the ticks at which things are drawn
	Remote float64    `json:"remote"`
	Flight float64    `json:"flight"` // the ball's
	InPlay bool       `json:"in_play"`
	Ball   [2]float64 `json:"ball"`
	Paddle [2]float64 `json:"paddle"`
}

// rallyMost is the longest rally that is kept, in ticks.
const rallyMost = 10 * game.TickRate

// rallyHits is the wanted number of hits: enough to see the ball fly both ways.
const rallyHits = 6

// rally returns the first rally of a recording with rallyHits hits, or else the one with the most, cut to rallyMost.
func (r *Recording) rally() Rally {
	from, to, hits, begin := 0, 0, uint16(0), 0
	for i := 1; i < len(r.Truth) && hits < rallyHits; i++ {
		s := &r.Truth[i]
		if s.Round != r.Truth[i-1].Round {
			begin = i
		}
		since := s.Hits - min(r.Truth[begin].Hits, s.Hits) // a recording may begin within a rally
		if s.Ball.VX != 0 && (since > hits || begin == from) {
			from, to, hits = begin, i, since
		}
	}
	to = min(to, from+rallyMost)
	out := Rally{Profile: r.Cell.Profile.Name, View: r.Cell.column(), Seed: r.Cell.Seed}
	for _, s := range r.Truth[from:to] {
		out.Truth = append(out.Truth, RallyTick{s.Tick, [2]float64{pixels(s.Ball.X), pixels(s.Ball.Y)},
			[2]float64{pixels(s.Paddle[0]), pixels(s.Paddle[1])}})
	}
	if len(out.Truth) == 0 {
		return out
	}
	first, last := float64(out.Truth[0].Tick), float64(out.Truth[len(out.Truth)-1].Tick)
	for _, v := range r.Cell.Beside {
		out.Beside = append(out.Beside, RallyBeside{View: v.String()})
	}
	for _, name := range r.besideNames {
		out.Beside = append(out.Beside, RallyBeside{View: name})
	}
	for seat := range r.Sides {
		side := &r.Sides[seat]
		for i, f := range side.Frames {
			if f.Server < first || f.Server > last+1 {
				continue
			}
			out.Sides[seat] = append(out.Sides[seat], RallyFrame{
				Server: f.Server, Own: f.Times.Own, Remote: f.Times.Remote, Flight: f.Times.Ball, InPlay: f.InPlay,
				Ball: [2]float64{f.Ball.X, f.Ball.Y}, Paddle: f.Paddle,
			})
			for j := range side.Beside {
				out.Beside[j].Sides[seat] = append(out.Beside[j].Sides[seat], side.Beside[j][i])
			}
		}
	}
	return out
}

// besideFrame returns a frame of a shadow, which was drawn at the same time as another one.
func besideFrame(f *Frame, v client.Frame) RallyFrame {
	return RallyFrame{
		Server: f.Server, Own: v.Times.Own, Remote: v.Times.Remote, Flight: v.Times.Ball, InPlay: v.BallInPlay,
		Ball: [2]float64{v.Raw.Ball.X, v.Raw.Ball.Y}, Paddle: v.Raw.Paddle,
	}
}

// minutes returns a number of minutes as a duration.
func minutes(m float64) time.Duration { return time.Duration(m * float64(time.Minute)) }
