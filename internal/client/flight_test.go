package client

import (
	"math"
	"testing"

	"pong/internal/game"
)

func TestLeg_ComesToTheWantedDistanceEvenly(t *testing.T) {
	const contact = 50
	apart := 10.0
	var steps []float64
	for tick := range contact {
		next := leg{toContact: float64(contact - tick)}.toward(apart, 12, 1)
		steps = append(steps, next-apart)
		apart = next
	}
	for i, by := range steps[:contact-leastHorizon] {
		if math.Abs(by-steps[0]) > 1e-9 {
			t.Errorf("%d ticks before the contact the distance changes by %v, and by %v at first", contact-i, by,
				steps[0])
		}
	}
	if math.Abs(apart-12) > 0.4 {
		t.Errorf("at the contact the times are %v ticks apart, want 12", apart)
	}
	if got := (leg{toContact: 20}).toward(10, 30, 1); got != 10+steepest {
		t.Errorf("a far change brings them to %v in a tick, want %v", got, 10+steepest)
	}
}

func TestPlan_NextContactAtTheOpponentsFace(t *testing.T) {
	var p plan
	away := game.State{Hits: 4, Ball: game.Ball{VX: 7 * game.One}}
	mine, theirs := pixels(game.LeftFace), pixels(game.RightFace-game.BallSize)
	if got := p.next(away, theirs-70, 0); got != (leg{10, 5}) {
		t.Errorf("a ball 70 pixels before the opponent's face: %+v, want 10 ticks and 5 hits", got)
	}
	coming := away
	coming.Ball.VX = -7 * game.One
	back := fieldWay / (pixels(game.RallySpeed(5)) * usualSlant)
	if got := p.next(coming, mine+70, 0); math.Abs(got.toContact-10-back) > 1e-9 || got.hits != 6 {
		t.Errorf("a ball 70 pixels before the own face: %+v, want %v ticks and 6 hits", got, 10+back)
	}
	if got := p.next(away, mine+70, 1); math.Abs(got.toContact-fieldWay/7+10-back) > 1e-9 || got.hits != 6 {
		t.Errorf("seen from the right it comes: %+v, want %v ticks and 6 hits", got, fieldWay/7-10+back)
	}
	if got := p.next(game.State{Hits: 3}, 400, 0); got != (leg{restHorizon, 3}) {
		t.Errorf("a ball that rests: %+v, want %v ticks", got, restHorizon)
	}
}

func TestPlan_AllowsAShareOfTheNextFlight(t *testing.T) {
	var p plan
	slow, fast := p.most(0), p.most(100)
	if want := mostOfFlight * fieldWay / 6; math.Abs(slow-want) > 1e-9 {
		t.Errorf("before a flight at 6 pixels a tick the times may be %v apart, want %v", slow, want)
	}
	if math.Abs(fast-slow/2) > 1e-9 {
		t.Errorf("before a flight at 12 pixels a tick they may be %v apart, want half of %v", fast, slow)
	}
	for hits := range uint16(64) { // straight returns
		p.observe(game.State{Hits: hits, Ball: game.Ball{VX: 6 * game.One}})
	}
	if got, want := p.most(0), shareOfFlight*fieldWay/6; math.Abs(got-want) > 0.1 {
		t.Errorf("after straight returns they may be %v apart, want %v", got, want)
	}
}

func TestLeg_JumpsIfTheTimesAreTooFarApart(t *testing.T) {
	if got := (leg{toContact: 50}).toward(tooFar+6, 5, 1); got != 5 {
		t.Errorf("from %v ticks apart they come to %v in a tick, want 5", tooFar+6, got)
	}
}
