package game

import "testing"

func TestServe_AlternatesThroughPointsPausesAndRematches(t *testing.T) {
	for seed := range uint64(20) {
		rules := Rules{Classic: seed%2 == 1, Points: 3}
		s, p := New(rules, seed), newPlayers(seed)
		last, serves, rematches := Fixed(0), 0, 0
		for range 60000 {
			next := Step(rules, s, p.inputs(s))
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
			s := until(t, rules, New(rules, seed), idle, Playing)
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
	if s.serve(DefaultRules()); s.Hits != 0 {
		t.Errorf("%d hits after a serve: the next hit would be too fast", s.Hits)
	}
	least, most := MaxSpeed, Fixed(0)
	for range 20000 {
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
			left, lead := 0, 0
			for seed := range uint64(games) {
				s := New(rules, seed)
				s.Paddle = [2]Fixed{rest, rest}
				for s.Phase != Over {
					s = Step(rules, s, idle)
					if s.Tick > 30*60*TickRate {
						t.Fatalf("%s, seed %d: no end after half an hour: %+v", rules.Name(), seed, s)
					}
				}
				if s.Score[0] == 0 || s.Score[1] == 0 {
					t.Errorf("%s, seed %d: score %v, want points for both", rules.Name(), seed, s.Score)
				}
				if s.Winner == 1 {
					left++
				}
				lead = max(lead, int(s.Score[0])-int(s.Score[1]), int(s.Score[1])-int(s.Score[0]))
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

func TestServe_RandomWordIsNeverZeroNorRepeatsSoon(t *testing.T) {
	for seed := range uint64(100000) {
		if mix(seed) == 0 {
			t.Fatalf("mix(%d) is 0", seed)
		}
	}
	first := mix(0)
	x := first
	for i := range 1 << 22 {
		x = xorshift(x)
		if x == 0 || x == first {
			t.Fatalf("after %d words: %d", i+1, x)
		}
	}
}
