package lab

import "testing"

func TestMeasure_HitsBySeat(t *testing.T) {
	t.Parallel()
	r := made(t, 6000)
	r.Cell.Profile = named(t, "L14")
	var hits, all [2]float64
	for _, c := range r.contacts() {
		all[c.seat]++
		if c.hit {
			hits[c.seat]++
		}
	}
	for seat, name := range []string{"hits_near", "hits_far"} {
		want := 100 * hits[seat] / all[seat]
		within(t, r, measureNamed(t, name), want-0.01, want+0.01)
	}
	if hits[1] == all[1] {
		t.Error("the far player hits every ball, so the measure is not tested")
	}
}

func TestMeasures_SayWhatPeopleNotice(t *testing.T) {
	for _, name := range []string{"ball_speed_p99", "speed_step", "apart", "opponent_age", "clock_off", "ball_still"} {
		if measureNamed(t, name).Noticed == "" {
			t.Errorf("%s does not say what people notice", name)
		}
	}
}
