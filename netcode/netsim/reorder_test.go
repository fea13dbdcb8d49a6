package netsim

import (
	"testing"
	"time"
)

// overtaken returns how many packets arrived after a later one, and by how many a packet was overtaken at most.
func overtaken(numbers []uint32) (count, most int) {
	for i, number := range numbers {
		by := 0
		for k := i - 1; k >= 0 && k >= i-20; k-- {
			if numbers[k] > number {
				by++
			}
		}
		if by > 0 {
			count++
		}
		most = max(most, by)
	}
	return count, most
}

func TestReorder_Share(t *testing.T) {
	const n = 100_000
	for _, test := range []struct {
		name    string
		profile Profile
		every   time.Duration
	}{
		{"no jitter", Profile{Reorder: 0.05}, frame},
		{"much jitter", Profile{Delay: 100 * ms, Jitter: 20 * ms, Reorder: 0.05}, frame},
		{"many at once", Profile{Delay: 50 * ms, Reorder: 0.05}, time.Microsecond},
		{"loss", Profile{Loss: 0.2, Burst: 2.5, Reorder: 0.05}, frame},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFlow(t, test.profile, 1)
			f.every = test.every
			f.send(n).finish()
			count, most := overtaken(f.numbers())
			near(t, "share overtaken", float64(count)/float64(len(f.arrivals)), 0.05, 0.004)
			if got := f.link.Stats().Reordered; got != uint64(count) {
				t.Errorf("%d counted as reordered, %d were", got, count)
			}
			if most < overtakersMost || most > 2*overtakersMost { // packets that were held back later may be among them
				t.Errorf("up to %d packets overtook one, want %d to %d", most, overtakersMost, 2*overtakersMost)
			}
		})
	}
}

func TestReorder_HeldPacketDoesNotWaitForever(t *testing.T) {
	l := NewLink(Profile{Delay: 10 * ms, Reorder: 1}, 1)
	l.Send(epoch, []byte("alone"))
	want := epoch.Add(10*ms + heldAtMost)
	if at, ok := l.Next(); !ok || !at.Equal(want) {
		t.Errorf("a packet that nothing overtakes is due at %v %v, want %v", at, ok, want)
	}
	l.Set(Profile{Delay: 200 * ms}) // later packets arrive too late to overtake it
	for range overtakersMost {
		l.Send(epoch.Add(ms), []byte("late"))
	}
	if data, at, ok := l.Receive(want); !ok || string(data) != "alone" || !at.Equal(want) {
		t.Errorf("received %q at %v %v, want it at %v", data, at, ok, want)
	}
	if s := l.Stats(); s.Reordered != 0 {
		t.Errorf("%d packets counted as reordered, though none was overtaken", s.Reordered)
	}
}

func TestReorder_AllHeldIsInOrder(t *testing.T) {
	f := newFlow(t, Profile{Reorder: 1}, 1).send(1000).finish()
	if count, _ := overtaken(f.numbers()); count != 0 || len(f.arrivals) != 1000 {
		t.Errorf("%d of %d packets were overtaken, though all are held back in the same way", count, len(f.arrivals))
	}
}

func TestReorder_OvertakerIsFirst(t *testing.T) {
	for seed := range uint64(10) { // so that the draws include one, two and three overtakers
		l := NewLink(Profile{Reorder: 1}, seed)
		l.Send(epoch, []byte("held"))
		l.Set(Profile{Delay: heldAtMost})
		l.Send(epoch, []byte("later"))
		first, _, _ := l.Receive(epoch.Add(heldAtMost))
		if string(first) != "later" || l.Stats().Reordered != 1 {
			t.Errorf("seed %d: %q is first and %d counted as reordered, want \"later\" and 1", seed, first,
				l.Stats().Reordered)
		}
	}
}
