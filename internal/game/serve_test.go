package game

import "testing"

func TestServe_AlternatesThroughPointsPausesAndRematches(t *testing.T) {
	for seed := range uint64(20) {
		rules := Rules{Classic: seed%2 == 1, Points: 3}
		s, p := New(rules, seed), newPlayers(seed)
		last, serves, rematches := Fixed(0), 0, 0
		for range 60000 {
			next := Step(rules, s, p.inputs(s), s.SeededServe(seed))
			if Events(s, next).Has(Serve) {
				if last != 0 && (last < 0) == (next.Ball.VX < 0) {
					t.Fatalf("seed %d, tick %d: two serves in a row to the same side", seed, next.Tick)
				}
				last = next.Ball.VX
				serves++
			}
			if s.Phase == Over && next.Phase == Waiting {
				rematches++
			}
			s = next
		}
		if serves < 20 || rematches < 1 {
			t.Errorf("seed %d: %d serves and %d rematches, want more of both", seed, serves, rematches)
		}
	}
}

func TestServe_SeedsGiveAllDirections(t *testing.T) {
	const seeds = 4000
	for _, rules := range []Rules{DefaultRules(), ClassicRules()} {
		left, up := 0, 0
		for seed := range uint64(seeds) {
			s := New(rules, seed)
			for s.Phase != Playing {
				s = Step(rules, s, idle, s.SeededServe(seed))
			}
			if s.Ball.VX < 0 {
				left++
			}
			if s.Ball.VY < 0 {
				up++
			}
		}
		// Five standard deviations of a fair coin are 158.
		for _, count := range []int{left, up} {
			if count < seeds/2-158 || count > seeds/2+158 {
				t.Errorf("%s: %d of %d first serves to the left, %d up, want half", rules.Name(), left, seeds, up)
			}
		}
	}
}

func TestServe_SpeedAndAngle(t *testing.T) {
	s := New(DefaultRules(), 7)
	s.Hits = 12
	s.Serve = 1
	if s.serve(DefaultRules()); s.Hits != 0 {
		t.Errorf("%d hits after a serve: the next hit would be too fast", s.Hits)
	}
	least, most := MaxSpeed, Fixed(0)
	for seed := range uint64(20000) {
		s.Serve = mix(seed)
		s.serve(DefaultRules())
		vx, vy := max(s.Ball.VX, -s.Ball.VX), max(s.Ball.VY, -s.Ball.VY)
		if square := vx*vx + vy*vy; square > serveSpeed*serveSpeed || square < (serveSpeed-3)*(serveSpeed-3) {
			t.Fatalf("serve of %d, %d: want a speed of %d", vx, vy, serveSpeed)
		}
		least, most = min(least, vy), max(most, vy)
	}
	// 6 pixels times the sine of 5 and of 35 degrees, in 256ths.
	if least < 133 || least > 135 || most < 879 || most > 881 {
		t.Errorf("the steepness of serves goes from %d to %d, want 5 to 35 degrees: 134 to 880", least, most)
	}

	s.Serve = 1
	s.serve(ClassicRules())
	if vx, vy := s.Ball.VX, s.Ball.VY; vx*vx != 16*One*One || vy*vy != 16*One*One {
		t.Errorf("classic serve of %d, %d: want 4 pixels on each axis", vx, vy)
	}
}

// Row 16 of "The original, mended" in docs/promises.md: if nobody plays, nobody wins by design.
func TestServe_IdlePlayersShareThePoints(t *testing.T) {
	const games = 1200
	for _, rules := range []Rules{DefaultRules(), ClassicRules()} {
		for _, rest := range []Fixed{250 * One, 0, 430 * One} {
			left, lead, shutouts := 0, 0, 0
			for seed := range uint64(games) {
				s := New(rules, seed)
				s.Paddle = [2]Fixed{rest, rest}
				for s.Phase != Over {
					s = Step(rules, s, idle, s.SeededServe(seed))
					if s.Tick > 30*60*TickRate {
						t.Fatalf("%s, seed %d: no end after half an hour: %+v", rules.Name(), seed, s)
					}
				}
				if s.Score[0] == 0 || s.Score[1] == 0 {
					shutouts++
				}
				if s.Winner == 1 {
					left++
				}
				lead = max(lead, int(s.Score[0])-int(s.Score[1]), int(s.Score[1])-int(s.Score[0]))
			}
			// If a coin decided each point, 2 games in 2048 would end 11 to 0: 1.2 of these. Five standard deviations
			// more are 6.7.
			if shutouts > 6 {
				t.Errorf("%s, paddles at %d: %d of %d games without a point for one player", rules.Name(), rest/One,
					shutouts, games)
			}
			// Five standard deviations of a fair coin are 87.
			if left < games/2-87 || left > games/2+87 {
				t.Errorf("%s, paddles at %d: the left won %d of %d games, want half", rules.Name(), rest/One, left,
					games)
			}
			t.Logf("%s, paddles at %d: left won %d of %d, largest lead %d", rules.Name(), rest/One, left, games, lead)
		}
	}
}

// A serve is drawn when 60 ticks remain, and only then; the state has it from there on, through a pause, until the ball
// flies. A client that does not know it lets the ball rest.
func TestServe_IsDrawnSixtyTicksBefore(t *testing.T) {
	rules := DefaultRules()
	for _, phase := range []Phase{Countdown, Scored} {
		s := until(t, rules, New(rules, 7), idle, phase)
		for ; s.Timer > ServeNotice; s = Step(rules, s, idle, 5) {
			if s.DrawsServe() || s.Serve != 0 {
				t.Fatalf("phase %d, %d ticks before the serve: it is %d (to be drawn: %v), want none", phase, s.Timer,
					s.Serve, s.DrawsServe())
			}
		}
		if !s.DrawsServe() || s.SeededServe(7) == 0 {
			t.Fatalf("phase %d, %d ticks before the serve: it is not to be drawn", phase, s.Timer)
		}
		unknown := s
		s = Step(rules, s, idle, 1<<31)
		vx, vy, ok := s.NextServe(rules)
		if s.Serve != 1<<31 || s.DrawsServe() || !ok {
			t.Fatalf("phase %d: the serve is %d (%v) after it was drawn, want %d", phase, s.Serve, ok, uint32(1<<31))
		}
		if other := Step(rules, s, idle, 9); other.Serve != s.Serve {
			t.Errorf("phase %d: a second draw changes the serve to %d", phase, other.Serve)
		}
		paused := Step(rules, Step(rules, s, Inputs{None, Away}, 0), idle, 0)
		if paused.Serve != s.Serve || paused.DrawsServe() {
			t.Errorf("phase %d: after a pause the serve is %d, want %d as before it", phase, paused.Serve, s.Serve)
		}
		if ended := Step(rules, s, bothAway, 0); ended.Serve != 0 {
			t.Errorf("phase %d: a new game begins with the serve %d, want none", phase, ended.Serve)
		}
		for s.Phase == phase {
			s, unknown = Step(rules, s, idle, 0), Step(rules, unknown, idle, 0)
		}
		if s.Ball.VX != vx || s.Ball.VY != vy || s.Serve != 0 {
			t.Errorf("phase %d: served with %d, %d, and %d is left; want %d, %d and none", phase, s.Ball.VX, s.Ball.VY,
				s.Serve, vx, vy)
		}
		if unknown.Phase != phase || unknown.Timer != 1 || unknown.Ball.VX != 0 {
			t.Errorf("phase %d: without the serve the state is %+v, want the ball to rest with a tick left", phase,
				unknown)
		}
		must(t, unknown)
	}
}

func TestSeededServe_IsNeverZero(t *testing.T) {
	for seed := range uint64(100000) {
		if mix(seed) == 0 {
			t.Fatalf("mix(%d) is 0", seed)
		}
	}
}
