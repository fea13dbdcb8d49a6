package bot

import (
	"math"
	"testing"
	"time"
)

const ms = time.Millisecond

// watch shows the eye a ball of 300, 180 pixels a second for half a second; drawn chooses the frames and moves the
// ball in them.
func watch(e *eye, drawn func(at time.Duration) (show bool, offX, offY float64)) {
	for at := time.Duration(0); at <= 500*ms; at += ms {
		if show, offX, offY := drawn(at); show {
			e.look(at, 200+0.3*float64(at/ms)+offX, 100+0.18*float64(at/ms)+offY)
		}
	}
}

func TestEye_MeasuresAtAnyFrameRate(t *testing.T) {
	tests := map[string]func(at time.Duration) (bool, float64, float64){
		"60 a second":  func(at time.Duration) (bool, float64, float64) { return at%(17*ms) == 0, 0, 0 },
		"240 a second": func(at time.Duration) (bool, float64, float64) { return at%(4*ms) == 0, 0, 0 },
		"uneven": func(at time.Duration) (bool, float64, float64) {
			return at%(23*ms) == 0 ||
				at%(31*ms) == 0, 0, 0
		},
		"a jump along": func(at time.Duration) (bool, float64, float64) {
			if at > 430*ms {
				return at%(17*ms) == 0, 40, 10
			}
			return at%(17*ms) == 0, 0, 0
		},
		"a jump aside": func(at time.Duration) (bool, float64, float64) {
			if at > 430*ms {
				return at%(17*ms) == 0, 0, 25
			}
			return at%(17*ms) == 0, 0, 0
		},
		"each picture many times": func(at time.Duration) (bool, float64, float64) {
			since := float64(at % (50 * ms) / ms)
			return at%(5*ms) == 0, -0.3 * since, -0.18 * since
		},
		"a stall of 150 ms": func(at time.Duration) (bool, float64, float64) {
			return at%(17*ms) == 0 && (at < 250*ms || at > 400*ms), 0, 0
		},
	}
	for name, drawn := range tests {
		var e eye
		watch(&e, drawn)
		if !e.sure || math.Abs(e.vx-300) > 10 || math.Abs(e.vy-180) > 10 {
			t.Errorf("%s: saw %.0f, %.0f pixels a second (sure: %v), want about 300, 180", name, e.vx, e.vy, e.sure)
		}
	}
}

// Jump after jump means that the estimated speed is wrong.
func TestEye_RecoversFromAWrongFirstSighting(t *testing.T) {
	var e eye
	watch(&e, func(at time.Duration) (bool, float64, float64) {
		if at == 0 {
			return true, -100, -60
		}
		return at%(17*ms) == 0, 0, 0
	})
	if math.Abs(e.vx-300) > 10 || math.Abs(e.vy-180) > 10 {
		t.Errorf("saw %.0f, %.0f pixels a second, want about 300, 180", e.vx, e.vy)
	}
}

// A wall is a mirror, so the speed need not be measured again.
func TestEye_KnowsTheCourseAtOnceAfterAWall(t *testing.T) {
	var e eye
	for i := range 8 {
		e.look(time.Duration(i)*16*ms, 400-5*float64(i), fold(30-6*float64(i)))
	}
	if e.vy < 0 || e.vx > 0 || e.flight != 0 {
		t.Fatalf("after the upper wall: %.0f, %.0f pixels a second in flight %d, want leftwards, down, flight 0", e.vx,
			e.vy, e.flight)
	}
	distance, y, coming := e.arrival(0, true)
	if want := 30 - 6*(370.0/5); !coming || math.Abs(y-fold(want)) > 15 {
		t.Errorf("expected at %.0f, %.0f pixels away (coming: %v), want %.0f", y, distance, coming, fold(want))
	}
}

func TestEye_BeginsANewFlightAtAPaddle(t *testing.T) {
	var e eye
	for i := range 6 {
		e.look(time.Duration(i)*16*ms, 60-5*float64(i), 300)
	}
	for i := range 3 {
		e.look(time.Duration(6+i)*16*ms, 36+7*float64(i), 300-4*float64(i))
	}
	if e.flight != 1 || !e.sure || e.vx < 400 {
		t.Fatalf("after the paddle: flight %d, %.0f pixels a second (sure: %v), want flight 1 at about 437", e.flight,
			e.vx, e.sure)
	}
	if _, _, coming := e.arrival(0, true); coming {
		t.Error("arrival is coming at the player from whom the ball flies away")
	}
	if _, _, coming := e.arrival(1, true); !coming {
		t.Error("arrival is not coming at the player to whom the ball flies")
	}
}

func TestEye_Fold(t *testing.T) {
	for _, test := range []struct{ y, want float64 }{
		{0, 0}, {100, 100}, {590, 590}, {600, 580}, {-20, 20}, {1180, 0}, {1200, 20}, {-600, 580},
	} {
		if got := fold(test.y); got != test.want {
			t.Errorf("fold(%v) = %v, want %v", test.y, got, test.want)
		}
	}
}
