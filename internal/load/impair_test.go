package load

import (
	"testing"
	"time"

	"pong/netcode/netsim"
)

func TestParseImpair(t *testing.T) {
	p, err := ParseImpair("delay=20ms,jitter=5ms,loss=5%,burst=2,reorder=0.01,duplicate=1%,pace=50ms")
	want := netsim.Profile{Delay: 20 * time.Millisecond, Jitter: 5 * time.Millisecond, Loss: 0.05, Burst: 2,
		Reorder: 0.01, Duplicate: 0.01, Pace: 50 * time.Millisecond}
	if err != nil || p != want {
		t.Errorf("got %+v, error %v; want %+v", p, err, want)
	}
	for _, bad := range []string{"", "delay", "delay=20", "loss=120%", "loss=x", "speed=1", "delay=-1s",
		"delay=1ms,,"} {
		if p, err := ParseImpair(bad); err == nil {
			t.Errorf("ParseImpair(%q) = %+v, want an error", bad, p)
		}
	}
}

// TestImpairment_HasALinkForEachPlayerAndDirection expects the delay and the loss that one link alone would have.
func TestImpairment_HasALinkForEachPlayerAndDirection(t *testing.T) {
	type passed struct {
		at   time.Duration
		i    int
		data byte
	}
	var now time.Duration
	var up, down []passed
	m := &impairment{
		epoch: time.Unix(0, 0), up: netsim.Profile{Delay: 20 * time.Millisecond,
			Loss: 0.1}, down: netsim.Profile{Delay: 6 * time.Second},
		send:    func(i int, b []byte) { up = append(up, passed{now, i, b[0]}) },
		deliver: func(at time.Duration, b []byte) { down = append(down, passed{at, int(b[1]), b[0]}) },
	}
	for range 50 {
		m.add()
	}
	const packets = 200
	for now = 0; now < 10*time.Second; now += time.Millisecond {
		if k := int(now / (5 * time.Millisecond)); now%(5*time.Millisecond) == 0 && k < packets {
			for i := range 50 {
				m.sendUp(now, i, []byte{byte(k)})
				m.deliverDown(now, i, []byte{byte(k), byte(i)})
			}
		}
		m.advance(now)
	}
	if len(down) != 50*packets {
		t.Errorf("%d of %d datagrams were delivered on the way down, want all", len(down), 50*packets)
	}
	if lost := 1 - float64(len(up))/(50*packets); lost < 0.08 || lost > 0.12 {
		t.Errorf("a share of %.3f was lost on the way up, want 0.1", lost)
	}
	for _, p := range up {
		if sent := time.Duration(p.data) * 5 * time.Millisecond; p.at < sent+20*time.Millisecond ||
			p.at > sent+22*time.Millisecond {
			t.Fatalf("a datagram sent at %v was delivered at %v, want 20 ms later", sent, p.at)
		}
	}
	for _, p := range down {
		if sent := time.Duration(p.data) * 5 * time.Millisecond; p.at != sent+6*time.Second {
			t.Fatalf("a datagram sent at %v was delivered at %v, want 6 s later", sent, p.at)
		}
	}
	for at, list := range m.slots {
		if len(list) > 0 {
			t.Fatalf("slot %d has %d links after all datagrams were delivered, want none", at, len(list))
		}
	}
}
