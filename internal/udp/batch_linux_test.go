package udp

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The tests of this file need Linux, where sockets send and receive in batches.

func newTestBatch(tb testing.TB) (*batchSocket, *remote) { return newTestBatchAt(tb, "127.0.0.1") }

func newTestBatchAt(tb testing.TB, host string) (*batchSocket, *remote) {
	tb.Helper()
	s, err := Listen(host, 0)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	return s.(*batchSocket), newRemote(tb, s)
}

// TestBatchSocket_StampsArrivalNotReading receives a datagram long after it has arrived. The kernel turns time stamps
// on in the background, a moment after the first socket has asked for them, so that the first datagrams may have none.
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
			t.Fatalf("a datagram ends a Wait of 20 ms after %v", woke.Sub(after))
		}
		// The two clocks may differ by a little, for which a millisecond is enough.
		at = f.received(1)[0].At
		if at.After(before.Add(-time.Millisecond)) && at.Before(after.Add(time.Millisecond)) {
			return
		}
	}
	t.Errorf("a datagram that was sent between 0 and %v has the time of arrival %v", after.Sub(before), at.Sub(before))
}

// TestBatchSocket_WallClockStepMisplacesLittle steps the clock of the time stamps by an hour, forward and back.
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
		b.in.control[0].stamp.at = unix.NsecToTimespec(b.now.Add(-3 * time.Millisecond).UnixNano())
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
	for _, host := range []string{"127.0.0.1", "0.0.0.0", ""} {
		t.Run(host, func(t *testing.T) { testBatchAllocatesNothing(t, host) })
	}
}

func testBatchAllocatesNothing(t *testing.T, host string) {
	b, f := newTestBatchAt(t, host)
	payload := make([]byte, 80)
	n := 0
	take := func(batch []Datagram) {
		for _, d := range batch {
			n++
			b.Send(d.To, d.From, d.Data)
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
		t.Errorf("%v allocations for a batch in each direction, want 0", got)
	}
	if want := 51 * (batchSize + 1); n != want {
		t.Errorf("%d datagrams have arrived, want %d", n, want)
	}
}

// BenchmarkBatchSocket receives a datagram of the size of an INPUT and sends one of the size of a STATE, 64 at once. It
// includes the work of the remote end, which is an ordinary socket.
func BenchmarkBatchSocket(b *testing.B) {
	for name, host := range map[string]string{"one address": "127.0.0.1", "IPv4": "0.0.0.0", "both families": ""} {
		b.Run(name, func(b *testing.B) { benchmarkBatchSocket(b, host) })
	}
}

func benchmarkBatchSocket(b *testing.B, host string) {
	s, f := newTestBatchAt(b, host)
	input, state := make([]byte, 62), make([]byte, 97)
	take := func(batch []Datagram) {
		for _, d := range batch {
			s.Send(d.To, d.From, state)
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

func TestTimer_WaitAllocatesNothing(t *testing.T) {
	b, _ := newTestBatch(t)
	if got := testing.AllocsPerRun(50, func() {
		if err := b.Wait(time.Now().Add(100 * time.Microsecond)); err != nil {
			t.Fatal(err)
		}
	}); got != 0 {
		t.Errorf("%v allocations for a Wait, want 0", got)
	}
}

// TestTimer_WakeEndsWait calls Wake from several goroutines while another one waits. A value that was sent before a
// Wake must be seen after the Wait that it ends.
func TestTimer_WakeEndsWait(t *testing.T) {
	b, _ := newTestBatch(t)
	const wakes = 2000
	sent := make(chan int, 4)
	for k := range cap(sent) {
		go func() {
			for range wakes {
				sent <- k
				b.Wake()
			}
		}()
	}
	seen := 0
	late := time.AfterFunc(testTimeout, func() { panic("Wake does not end a Wait") })
	defer late.Stop()
	for seen < wakes*cap(sent) {
		if err := b.Wait(time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		for more := true; more; {
			select {
			case <-sent:
				seen++
			default:
				more = false
			}
		}
	}
}
