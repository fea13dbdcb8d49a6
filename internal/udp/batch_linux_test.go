package udp

import (
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func newTestBatch(tb testing.TB) (*batchSocket, *remote) {
	tb.Helper()
	s, err := Listen("127.0.0.1", 0)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	return s.(*batchSocket), newRemote(tb, s)
}

// TestBatchSocket_StampsArrivalNotReading reads a datagram long after it has come. The kernel turns its stamps on in the background,
// a moment after the first socket has asked for them, so the first datagrams may have none.
func TestBatchSocket_StampsArrivalNotReading(t *testing.T) {
	b, f := newTestBatch(t)
	var before, after, at time.Time
	for end := time.Now().Add(testTimeout); time.Now().Before(end); {
		before = time.Now()
		f.send([]byte("input"))
		after = time.Now()
		if err := b.Wait(after.Add(20 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		if woke := time.Now(); woke.Sub(after) < 20*time.Millisecond {
			t.Fatalf("what has arrived ends a Wait after %v of 20 ms", woke.Sub(after))
		}
		// A millisecond for what the two clocks may differ by from one reading to the next.
		at = f.received(1)[0].At
		if at.After(before.Add(-time.Millisecond)) && at.Before(after.Add(time.Millisecond)) {
			return
		}
	}
	t.Errorf("a datagram sent between 0 and %v is said to have arrived at %v", after.Sub(before), at.Sub(before))
}

// TestBatchSocket_WallClockStepMisplacesLittle sets the clock of the kernel's stamps by an hour, forth and back.
func TestBatchSocket_WallClockStepMisplacesLittle(t *testing.T) {
	b, f := newTestBatch(t)
	f.send([]byte("input"))
	f.received(1)
	b.now = time.Now()
	b.drained = b.now.Add(-4 * time.Millisecond)
	for _, c := range []struct{ step, age time.Duration }{
		{0, 3 * time.Millisecond}, {time.Hour, 4 * time.Millisecond}, {-time.Hour, 0},
	} {
		b.wall = b.now.Add(c.step).UnixNano()
		b.in.stamps[0].at = unix.NsecToTimespec(b.now.Add(-3 * time.Millisecond).UnixNano())
		if got := b.now.Sub(b.arrival(0)); got != c.age {
			t.Errorf("after a step of %v a datagram is %v old, want %v", c.step, got, c.age)
		}
	}
	b.in.headers[0].SetControllen(0)
	if got := b.now.Sub(b.arrival(0)); got != 0 {
		t.Errorf("a datagram without a stamp is %v old, want 0", got)
	}
}

func TestBatchSocket_AllocatesNothing(t *testing.T) {
	b, f := newTestBatch(t)
	payload := make([]byte, 80)
	n := 0
	take := func(batch []Datagram) {
		for _, d := range batch {
			n++
			b.Send(netip.Addr{}, d.From, d.Data)
		}
	}
	if got := testing.AllocsPerRun(50, func() {
		for range batchSize + 1 {
			f.send(payload)
		}
		if err := b.Wait(time.Time{}); err != nil {
			t.Fatal(err)
		}
		if err := b.Receive(take); err != nil {
			t.Fatal(err)
		}
		b.Flush()
	}); got != 0 {
		t.Errorf("%v allocations for a batch each way", got)
	}
	if want := 51 * (batchSize + 1); n != want {
		t.Errorf("%d datagrams have arrived, want %d", n, want)
	}
}

// BenchmarkBatchSocket is a datagram of INPUT's size from the system and one of STATE's size to it, 64 at once, and the
// sending and receiving of the other end, which is a plain socket.
func BenchmarkBatchSocket(b *testing.B) {
	s, f := newTestBatch(b)
	input, state := make([]byte, 62), make([]byte, 97)
	take := func(batch []Datagram) {
		for _, d := range batch {
			s.Send(netip.Addr{}, d.From, state)
		}
	}
	var sink [2048]byte
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f.send(input)
		if i%batchSize == batchSize-1 {
			if err := s.Receive(take); err != nil {
				b.Fatal(err)
			}
			s.Flush()
			for range batchSize {
				if _, err := f.Read(sink[:]); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}

// TestTimer_WaitAllocatesNothing sleeps a little, many times.
func TestTimer_WaitAllocatesNothing(t *testing.T) {
	b, _ := newTestBatch(t)
	if got := testing.AllocsPerRun(50, func() {
		if err := b.Wait(time.Now().Add(100 * time.Microsecond)); err != nil {
			t.Fatal(err)
		}
	}); got != 0 {
		t.Errorf("%v allocations for a Wait", got)
	}
}

// TestTimer_WakeEndsWait rings from several goroutines while another waits: each time a ring has returned, a Wait that began before
// or begins later ends, and what was said before the ring is seen then.
func TestTimer_WakeEndsWait(t *testing.T) {
	b, _ := newTestBatch(t)
	const rings = 2000
	said := make(chan int, 4)
	for k := range cap(said) {
		go func() {
			for range rings {
				said <- k
				b.Wake()
			}
		}()
	}
	heard := 0
	late := time.AfterFunc(testTimeout, func() { panic("a Wait sleeps over a ring") })
	defer late.Stop()
	for heard < rings*cap(said) {
		if err := b.Wait(time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		for more := true; more; {
			select {
			case <-said:
				heard++
			default:
				more = false
			}
		}
	}
}
