package netcode

import (
	"math"
	"testing"
	"time"
)

func TestSmoother_StartsWhereTheThingWasDrawn(t *testing.T) {
	var o Smoother
	o.Add(10, 20, 13, 16)
	if o != (Smoother{-3, 4}) {
		t.Errorf("the offset is %v, want -3 and 4: what brings 13, 16 back to 10, 20", o)
	}
	o.Add(13, 16, 10, 20)
	if o != (Smoother{}) {
		t.Errorf("the offset is %v after the correction was taken back, want none", o)
	}
}

func TestSmoother_JumpsOverLongDistances(t *testing.T) {
	for _, test := range []struct {
		by   float64
		kept bool
	}{{149, true}, {150, true}, {151, false}} {
		var o Smoother
		o.Add(test.by*0.6, test.by*0.8, 0, 0)
		if kept := o != (Smoother{}); kept != test.kept {
			t.Errorf("a correction of %v pixels is kept: %v, want %v", test.by, kept, test.kept)
		}
	}
	o := Smoother{100, 0}
	o.Add(60, 0, 0, 0)
	if o != (Smoother{}) {
		t.Errorf("two corrections of 160 pixels in all leave %v, want a jump", o)
	}
}

// An offset only becomes smaller, along a straight line, never past zero, and ends at zero.
func TestSmoother_FadesWithoutOvershoot(t *testing.T) {
	for _, rate := range []time.Duration{30, 60, 144, 240} {
		for _, size := range []float64{0.2, 8, 20, 40, 149} {
			o := Smoother{size * 0.6, -size * 0.8}
			at, frame := time.Duration(0), time.Second/rate
			for o != (Smoother{}) {
				before := o
				o.Fade(frame)
				if math.Hypot(o.X, o.Y) >= math.Hypot(before.X, before.Y) || o.X < 0 || o.Y > 0 || math.Abs(o.X*0.8+o.Y*0.6) > 1e-9 {
					t.Fatalf("%d Hz: an offset of %v pixels went from %v to %v", rate, size, before, o)
				}
				if at += frame; at > time.Second {
					t.Fatalf("%d Hz: of an offset of %v pixels %v is left after a second", rate, size, o)
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
		o := Smoother{X: test.size}
		o.Fade(test.fade)
		near(t, "what is left after its time", o.X/test.size, 1/math.E, 1e-9)
	}
	o := Smoother{X: 5}
	o.Fade(0)
	if o.X != 5 {
		t.Errorf("the offset is %v after no time, want 5", o.X)
	}
}
