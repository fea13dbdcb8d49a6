package server

import (
	"testing"
	"time"
)

func TestMeter(t *testing.T) {
	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	const ms = time.Millisecond
	for _, c := range []struct {
		name         string
		cpu0, cpu1   time.Duration
		passed, want time.Duration
		behind       bool
	}{
		{"CPU time counts", 100 * ms, 103 * ms, 5 * ms, 3 * ms, false},
		{"idle", 100 * ms, 100 * ms, 5 * ms, 0, false},
		{"a loop that is behind counts all time", 100 * ms, 103 * ms, 5 * ms, 5 * ms, true},
		{"another thread with a clock behind", 100 * ms, 20 * ms, 5 * ms, 0, false},
		{"another thread with a clock ahead", 100 * ms, 900 * ms, 5 * ms, 5 * ms, false},
	} {
		m := newMeter(start, c.cpu0)
		if got := m.worked(start.Add(c.passed), c.cpu1, c.behind); got != c.want {
			t.Errorf("%s: worked = %v after %v with CPU clocks %v and %v, want %v", c.name, got, c.passed, c.cpu0,
				c.cpu1, c.want)
		}
	}
}
