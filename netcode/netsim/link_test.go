package netsim

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"slices"
	"testing"
	"time"
)

var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

const (
	ms    = time.Millisecond
	frame = time.Second / 60
)

// everything is a profile with all features on.
var everything = Profile{
	Delay: 50 * ms, Jitter: 10 * ms, Spike: 0.02, SpikeDelay: 80 * ms, Loss: 0.05, Burst: 2, Reorder: 0.05,
	Duplicate: 0.05,
	Corrupt:   0.02, Rate: 100_000, Queue: 100 * ms, OutageEvery: 10 * time.Second, OutageFor: time.Second,
}

// An arrival is a packet that arrived; packets are numbered from 0 as they are sent.
type arrival struct {
	number uint32
	delay  time.Duration
	at     time.Time
	data   []byte
}

// flow is a steady stream of packets of 64 bytes over a link, in virtual time.
type flow struct {
	t        testing.TB
	link     *Link
	now      time.Time
	every    time.Duration
	number   uint32
	arrivals []arrival
}

func newFlow(t testing.TB, p Profile, seed uint64) *flow {
	t.Helper()
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	return &flow{t: t, link: NewLink(p, seed), now: epoch, every: frame}
}

func (f *flow) send(n int) *flow {
	var data [64]byte
	for range n {
		f.receive()
		binary.BigEndian.PutUint32(data[:], f.number)
		f.link.Send(f.now, data[:])
		f.number++
		f.now = f.now.Add(f.every)
	}
	return f
}

func (f *flow) receive() {
	for {
		data, at, ok := f.link.Receive(f.now)
		if !ok {
			return
		}
		if at.After(f.now) {
			f.t.Fatalf("a packet arrived %v before its time", at.Sub(f.now))
		}
		if n := len(f.arrivals); n > 0 && at.Before(f.arrivals[n-1].at) {
			f.t.Fatalf("a packet came out that had arrived %v before the last one", f.arrivals[n-1].at.Sub(at))
		}
		number := binary.BigEndian.Uint32(data)
		sent := epoch.Add(time.Duration(number) * f.every)
		f.arrivals = append(f.arrivals, arrival{number, at.Sub(sent), at, bytes.Clone(data)})
	}
}

// finish receives the packets in flight and checks that the counts add up.
func (f *flow) finish() *flow {
	f.now = f.now.Add(time.Hour)
	f.receive()
	s := f.link.Stats()
	if s.InFlight != 0 || s.Delivered != uint64(len(f.arrivals)) || s.Sent != uint64(f.number) ||
		s.Sent+s.Duplicated != s.Delivered+s.Lost+s.QueueDrops+s.OutageDrops {
		f.t.Errorf("%d packets sent, %d received, but the counts are %+v", f.number, len(f.arrivals), s)
	}
	if f.link.bytes != 0 {
		f.t.Errorf("an empty link counts %d bytes in flight", f.link.bytes)
	}
	return f
}

func (f *flow) numbers() []uint32 {
	numbers := make([]uint32, len(f.arrivals))
	for i, a := range f.arrivals {
		numbers[i] = a.number
	}
	return numbers
}

// trace returns a digest of every byte and time that came out.
func (f *flow) trace() string {
	h := fnv.New128a()
	for _, a := range f.arrivals {
		fmt.Fprintf(h, "%d %x\n", a.at.Sub(epoch), a.data)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

func TestLink_Perfect(t *testing.T) {
	f := newFlow(t, Profile{}, 1).send(100).finish()
	if len(f.arrivals) != 100 {
		t.Fatalf("%d of 100 packets arrived", len(f.arrivals))
	}
	for i, a := range f.arrivals {
		if a.number != uint32(i) || a.delay != 0 {
			t.Fatalf("arrival %d is packet %d after %v, want packet %d at once", i, a.number, a.delay, i)
		}
	}
}

func TestLink_SameSeedSameTrace(t *testing.T) {
	first := newFlow(t, everything, 42).send(20_000).finish()
	if again := newFlow(t, everything, 42).send(20_000).finish(); again.trace() != first.trace() ||
		again.link.Stats() != first.link.Stats() {
		t.Error("the same seed gave another trace")
	}
	if other := newFlow(t, everything, 43).send(20_000).finish(); other.trace() == first.trace() {
		t.Error("another seed gave the same trace")
	}
	// The trace must not depend on the machine either: the laboratory's tables are compared byte by byte.
	const want = "3baa818ef8cad627d6853678ba5ccb64"
	if first.trace() != want {
		t.Errorf("trace is %s, want %s: the same seed gives another trace than before", first.trace(), want)
	}
}

func TestLink_LossesDoNotDependOnOtherFeatures(t *testing.T) {
	plain := Profile{Loss: 0.1, Burst: 2}
	want := slices.Compact(newFlow(t, plain, 5).send(20_000).finish().numbers())
	busy := plain
	busy.Delay, busy.Jitter, busy.Spike, busy.SpikeDelay, busy.Reorder, busy.Duplicate = 50*ms, 10*ms, 0.1, 80*ms, 0.1,
		0.1
	busy.OutageEvery, busy.OutageFor = time.Minute, time.Second
	want = slices.DeleteFunc(want, func(number uint32) bool {
		sent := time.Duration(number) * frame
		return sent >= time.Minute && sent%time.Minute < time.Second
	})
	got := newFlow(t, busy, 5).send(20_000).finish().numbers()
	slices.Sort(got)
	if !slices.Equal(slices.Compact(got), want) {
		t.Error("jitter, spikes, copies, reordering or outages changed which packets are lost")
	}
}

func TestLink_KeepsTheOrder(t *testing.T) {
	p := everything
	p.Reorder, p.Corrupt, p.Duplicate = 0, 0, 0
	p.Jitter = 40 * ms // far more than the time between packets
	f := newFlow(t, p, 3).send(50_000).finish()
	if !slices.IsSorted(f.numbers()) {
		t.Error("packets changed places without Reorder")
	}
	if s := f.link.Stats(); s.Reordered != 0 || s.Lost == 0 || s.QueueDrops+s.OutageDrops == 0 {
		t.Errorf("want some of each drop and nothing reordered: %+v", s)
	}
}

func TestLink_Duplicates(t *testing.T) {
	const n = 100_000
	f := newFlow(t, Profile{Delay: 50 * ms, Jitter: 4 * ms, Duplicate: 0.05}, 1).send(n).finish()
	seen := make([]int, n)
	apart := 0
	for i, a := range f.arrivals {
		seen[a.number]++
		if seen[a.number] == 2 && a.at.After(f.arrivals[i-1].at) {
			apart++
		}
	}
	twice := 0
	for number, times := range seen {
		if times < 1 || times > 2 {
			t.Fatalf("packet %d arrived %d times", number, times)
		}
		twice += times - 1
	}
	near(t, "share of packets that came twice", float64(twice)/n, 0.05, 0.003)
	near(t, "share of copies that came later than the original", float64(apart)/float64(twice), 0.5, 0.1)
	if got := f.link.Stats().Duplicated; got != uint64(twice) {
		t.Errorf("%d duplicates counted, %d arrived", got, twice)
	}
}

func TestLink_SetKeepsPacketsInFlight(t *testing.T) {
	f := newFlow(t, Profile{Delay: 140 * ms}, 1).send(60)
	f.link.Set(Profile{Delay: 40 * ms})
	f.send(60)
	f.link.Set(Profile{Delay: 40 * ms, Loss: 1})
	f.send(60)
	f.link.Set(Profile{})
	f.send(60).finish()
	want := slices.Collect(func(yield func(uint32) bool) {
		for i := range uint32(240) {
			if (i < 120 || i >= 180) && !yield(i) {
				return
			}
		}
	})
	if !slices.Equal(f.numbers(), want) {
		t.Fatalf("arrived: %v\nwant 0..119 and 180..239 in order", f.numbers())
	}
	for _, test := range []struct {
		number int
		want   time.Duration
	}{
		{59, 140 * ms},
		{60, 140*ms - frame}, // together with 59, which it may not overtake
		{70, 40 * ms},
		{119, 40 * ms},
	} {
		if got := f.arrivals[test.number].delay; got != test.want {
			t.Errorf("packet %d took %v, want %v", test.number, got, test.want)
		}
	}
	if got := f.arrivals[len(f.arrivals)-1].delay; got != 0 {
		t.Errorf("the last packet took %v on a perfect link", got)
	}
}

func TestLink_NextIsWhenToReceive(t *testing.T) {
	f := newFlow(t, everything, 9)
	if at, ok := f.link.Next(); ok {
		t.Fatalf("Next of an empty link is %v", at)
	}
	f.send(1000)
	for {
		at, ok := f.link.Next()
		if !ok {
			break
		}
		if data, _, ok := f.link.Receive(at.Add(-1)); ok && at.After(f.now) {
			t.Fatalf("packet %x arrived before the time of Next", data)
		}
		if _, got, ok := f.link.Receive(at); !ok || !got.Equal(at) {
			t.Fatalf("Next returned %v, Receive %v, %v", at, got, ok)
		}
	}
	if n := f.link.Stats().InFlight; n != 0 {
		t.Errorf("%d packets are in flight, want none", n)
	}
}

func TestLink_SendCopies(t *testing.T) {
	l := NewLink(Profile{}, 1)
	data := []byte("ping")
	l.Send(epoch, data)
	copy(data, "gone")
	got, _, ok := l.Receive(epoch)
	if !ok || string(got) != "ping" {
		t.Fatalf("received %q %v, want \"ping\"", got, ok)
	}
	l.Send(epoch, got) // a received packet may be sent again, even over the same link
	l.Send(epoch, data)
	if string(got) != "ping" {
		t.Errorf("the received packet became %q before the next Receive", got)
	}
	if got, _, _ := l.Receive(epoch); string(got) != "ping" {
		t.Errorf("sent on \"ping\", received %q", got)
	}
}

func TestLink_MemoryIsBounded(t *testing.T) {
	l := NewLink(Profile{Delay: time.Minute, Duplicate: 1}, 1)
	data := make([]byte, 1000)
	for range 2 * bytesInFlight / len(data) {
		l.Send(epoch, data)
	}
	s := l.Stats()
	near(t, "bytes under way", float64(s.InFlight*(len(data)+headerBytes)), bytesInFlight,
		2*float64(len(data)+headerBytes))
	if s.QueueDrops == 0 {
		t.Error("packets that did not fit were not counted")
	}
}

func TestLink_AllocatesNothing(t *testing.T) {
	for name, p := range map[string]Profile{"perfect": {}, "everything": everything} {
		l, now, data := NewLink(p, 1), epoch, make([]byte, 100)
		step := func() {
			l.Send(now, data)
			now = now.Add(frame)
			for {
				if _, _, ok := l.Receive(now); !ok {
					break
				}
			}
		}
		for range 10_000 {
			step()
		}
		if n := testing.AllocsPerRun(10_000, step); n != 0 {
			t.Errorf("%s: %v allocations a packet, want none", name, n)
		}
	}
}

func BenchmarkLink(b *testing.B) {
	for _, bench := range []struct {
		name    string
		profile Profile
	}{{"perfect", Profile{}}, {"everything", everything}} {
		b.Run(bench.name, func(b *testing.B) {
			l, now, data := NewLink(bench.profile, 1), epoch, make([]byte, 100)
			b.ReportAllocs()
			for b.Loop() {
				l.Send(now, data)
				now = now.Add(frame)
				for {
					if _, _, ok := l.Receive(now); !ok {
						break
					}
				}
			}
		})
	}
}
