package netsim

import (
	"testing"
	"time"
)

func TestStats_MeanDelayFollows(t *testing.T) {
	var s Stats
	s.deliver(40 * time.Millisecond)
	if s.MeanDelay != 40*time.Millisecond {
		t.Errorf("after one packet of 40ms the mean is %v", s.MeanDelay)
	}
	for range 300 {
		s.deliver(140 * time.Millisecond)
	}
	near(t, "mean some packets after a step, in ms", s.MeanDelay.Seconds()*1000, 140, 2)
}

func TestStats_Add(t *testing.T) {
	a := Stats{Sent: 1, Delivered: 10, Lost: 3, Duplicated: 4, Reordered: 5, Corrupted: 6, QueueDrops: 7,
		OutageDrops: 8, InFlight: 9, MeanDelay: 10}
	b := Stats{Sent: 10, Delivered: 30, Lost: 30, Duplicated: 40, Reordered: 50, Corrupted: 60, QueueDrops: 70,
		OutageDrops: 80, InFlight: 90, MeanDelay: 50}
	want := Stats{Sent: 11, Delivered: 40, Lost: 33, Duplicated: 44, Reordered: 55, Corrupted: 66, QueueDrops: 77,
		OutageDrops: 88, InFlight: 99, MeanDelay: 40}
	if got := a.Add(b); got != want {
		t.Errorf("sum is\n%+v, want\n%+v", got, want)
	}
	if got := (Stats{}).Add(Stats{}); got != (Stats{}) {
		t.Errorf("nothing and nothing is %+v", got)
	}
}
