package netsim

import (
	"testing"
	"time"
)

func TestQueue_KeepsOrderAndSize(t *testing.T) {
	var q fifo
	pushed, popped := time.Duration(0), time.Duration(0)
	for round := range 10_000 {
		for range round%7 + 1 {
			q.push(packet{at: pushed})
			pushed++
		}
		for q.len() > round%5+10 {
			if first := q.first().at; first != popped {
				t.Fatalf("round %d: packet %d is first, want %d", round, first, popped)
			}
			if p := q.pop(); p.at != popped {
				t.Fatalf("round %d: packet %d came out, want %d", round, p.at, popped)
			}
			popped++
		}
	}
	if got, want := q.len(), int(pushed-popped); got != want {
		t.Errorf("the queue holds %d packets, want %d", got, want)
	}
	if cap(q.packets) > 128 {
		t.Errorf("a queue that never held 24 packets has grown to %d", cap(q.packets))
	}
}
