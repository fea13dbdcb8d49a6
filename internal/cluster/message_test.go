package cluster

import (
	"bytes"
	"reflect"
	"testing"
	"time"
)

// messages are one of each kind.
var messages = []message{
	{kind: kindBeat, beat: beat{
		number: 7, age: 1500 * time.Millisecond, size: 3, leased: true, draining: true, address: "203.0.113.5:5555",
		players: 12, echoes: []echo{{"a1", 3}, {"b2", 4}}, over: []string{"c3"},
	}},
	{kind: kindCopies, copies: []copied{{"m1", 2, 300, []byte("state")}, {"m2", 0, 9, []byte{0}}}},
	{kind: kindAcks, acks: []acked{{"m1", 300}, {"m2", 9}}},
	{kind: kindDrop, drops: []string{"m1", "m2"}},
	{kind: kindAsk, target: "a1"},
	{kind: kindVote, target: "a1"},
	{kind: kindBye},
}

func TestMessage_Bytes(t *testing.T) {
	for _, m := range messages {
		m.name, m.instance = "node", "d4"
		b := m.append(nil)
		got, err := parse(b)
		if err != nil || !reflect.DeepEqual(*got, m) {
			t.Errorf("parsed %+v, %v; want %+v", got, err, m)
		}
		for n := range b {
			if _, err := parse(b[:n]); err == nil {
				t.Errorf("kind %d: %d of %d bytes are parsed", m.kind, n, len(b))
			}
		}
	}
}

// FuzzParse checks that what is parsed is written the same way, and that a node survives it.
func FuzzParse(f *testing.F) {
	for _, m := range messages {
		m.name, m.instance = "node", "d4"
		f.Add(m.append(nil))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		n := New(simEpoch, Config{
			Name: "self", Size: 3, NewInstance: func() string { return "self1" }, Send: func(string, []byte) {},
		})
		n.Receive(simEpoch, b)
		n.Tick(simEpoch.Add(time.Second))
		m, err := parse(b)
		if err != nil {
			return
		}
		if again := m.append(nil); !bytes.Equal(again, b) {
			t.Fatalf("%x is written as %x", b, again)
		}
	})
}

func TestNode_OtherSizesAndForgedSendersAreRefused(t *testing.T) {
	n := New(simEpoch, Config{
		Name: "self", Size: 3, NewInstance: func() string { return "self1" }, Send: func(string, []byte) {},
	})
	send := func(m message) {
		m.name, m.instance = "other", "d4"
		n.Receive(simEpoch, m.append(nil))
	}
	send(message{kind: kindBeat, beat: beat{number: 1, size: 5}})
	if n.counts.Refused != 1 || len(n.members) != 0 {
		t.Errorf("the beat of a node of a larger cluster made %d members and %d refusals", len(n.members),
			n.counts.Refused)
	}
	n.Receive(simEpoch, []byte("not a message"))
	copies := message{kind: kindCopies, copies: []copied{{"m", 9, 9, []byte("old")}}}
	send(copies)
	n.end(simEpoch, "d4")
	send(copies)
	if n.counts.Refused != 4 || len(n.kept) != 0 {
		t.Errorf("copies of an unknown instance, and of one that is over, made %d copies and %d refusals", len(n.kept),
			n.counts.Refused)
	}
	send(message{kind: kindAcks, acks: []acked{{"m", 1 << 30}}})
	if o := n.Own("m", 0); o.acked != 0 {
		t.Error("an acknowledgement of an unknown match was taken")
	}
}
