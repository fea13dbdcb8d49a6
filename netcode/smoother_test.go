package netcode

import (
	"math"
	"testing"
	"time"
)

func TestSmoother_StartsWhereTheThingWasDrawn(t *testing.T) {
	var s Smoother
	s.Add(10, 20, 13, 16)
	if s.X != -3 || s.Y != 4 {
		t.Errorf("a correction from 10, 20 to 13, 16 leaves %v, %v, want -3, 4", s.X, s.Y)
	}
	s.Add(13, 16, 10, 20)
	if s != (Smoother{}) {
		t.Errorf("%v, %v is left after the opposite correction, want nothing", s.X, s.Y)
	}
}

func TestSmoother_JumpsOverLongDistances(t *testing.T) {
	for _, test := range []struct {
		by, pixel float64
		kept      bool
	}{
		{149, 0, true}, {150, 0, true}, {151, 0, false},
		{151, 2, true}, {300, 2, true}, {301, 2, false}, {2, 0.01, false},
	} {
		s := Smoother{Pixel: test.pixel}
		s.Add(test.by*0.6, test.by*0.8, 0, 0)
		if kept := s.X != 0 || s.Y != 0; kept != test.kept || s.Pixel != test.pixel {
			t.Errorf("a correction by %v with pixels of %v: kept is %v, want %v", test.by, test.pixel, kept, test.kept)
		}
	}
	s := Smoother{X: 100}
	s.Add(60, 0, 0, 0)
	if s != (Smoother{}) {
		t.Errorf("%v, %v is left after corrections of 160 pixels in all, want a jump", s.X, s.Y)
	}
}

// A difference only becomes smaller, along a straight line, never past zero, and ends at zero.
func TestSmoother_FadesWithoutOvershoot(t *testing.T) {
	for _, rate := range []time.Duration{30, 60, 144, 240} {
		for _, size := range []float64{0.2, 8, 20, 40, 149} {
			s := Smoother{X: size * 0.6, Y: -size * 0.8}
			at, frame := time.Duration(0), time.Second/rate
			for s != (Smoother{}) {
				before := s
				s.Fade(frame)
				smaller := math.Hypot(s.X, s.Y) < math.Hypot(before.X, before.Y)
				if !smaller || s.X < 0 || s.Y > 0 || math.Abs(s.X*0.8+s.Y*0.6) > 1e-9 {
					t.Fatalf("%d Hz: a difference of %v pixels went from %+v to %+v", rate, size, before, s)
				}
				if at += frame; at > time.Second {
					t.Fatalf("%d Hz: %+v of a difference of %v pixels is left after a second", rate, s, size)
				}
			}
		}
	}
}

func TestSmoother_FadesFasterWhenLarge(t *testing.T) {
	for _, test := range []struct {
		size float64
		fade time.Duration
	}{{1, 120 * ms}, {8, 120 * ms}, {24, 85 * ms}, {40, 50 * ms}, {100, 50 * ms}} {
		for _, pixel := range []float64{0, 1, 256, 0.01} {
			start := test.size
			if pixel > 0 {
				start *= pixel
			}
			s := Smoother{X: start, Pixel: pixel}
			s.Fade(test.fade)
			near(t, "the share that is left after the time to 1/e", s.X/start, 1/math.E, 1e-9)
		}
	}
	s := Smoother{X: 5}
	s.Fade(0)
	if s.X != 5 {
		t.Errorf("%v is left of 5 after no time, want 5", s.X)
	}
}
