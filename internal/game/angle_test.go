package game

import (
	"math"
	"testing"
)

func TestSine_IsTheSine(t *testing.T) {
	for i, got := range sines {
		// The last term is for 30 degrees, whose sine is not exactly a half here.
		want := math.Floor(math.Sin(float64(i)*math.Pi/180)*float64(sineOne) + 1e-9)
		if float64(got) != want {
			t.Errorf("sines[%d] = %d, want %v", i, got, want)
		}
	}
}

// For every angle and every speed of a rally the result is not faster, not noticeably slower, and at the right angle.
func TestPolar_KeepsSpeedAndAngle(t *testing.T) {
	for speed := serveSpeed; speed <= MaxSpeed; speed += gain {
		for a := angle(0); a <= 90*degree; a++ {
			x, y := polar(speed, a)
			if x*x+y*y > speed*speed {
				t.Fatalf("polar(%d, %d) = %d, %d: faster than %d", speed, a, x, y, speed)
			}
			radians := float64(a) / float64(degree) * math.Pi / 180
			dx := math.Cos(radians)*float64(speed) - float64(x)
			dy := math.Sin(radians)*float64(speed) - float64(y)
			if math.Abs(dx) > 1.5 || math.Abs(dy) > 1.5 {
				t.Fatalf("polar(%d, %d) = %d, %d: off by %.2f, %.2f", speed, a, x, y, dx, dy)
			}
		}
	}
}

func TestAim_GrowsFromFlattestToSteepest(t *testing.T) {
	const edge = (PaddleHeight + BallSize) / 2
	last := aim(0)
	if last != flattest {
		t.Errorf("aim(0) = %d, want %d: a flat ball flies between resting paddles forever", last, flattest)
	}
	for offset := Fixed(1); offset <= edge; offset++ {
		a := aim(offset)
		if a < last || a > last+2 {
			t.Fatalf("aim(%d) = %d after %d, want it to grow without jumps", offset, a, last)
		}
		last = a
	}
	if last != steepest {
		t.Errorf("aim at the edge = %d, want %d", last, steepest)
	}
}
