package server_test

import (
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/wire"
)

// TestList_BurstIsAnswered has a player ask five times at once, among forty PINGs and right after JOIN. There is an
// answer at once, and one for the other four when a second has passed.
func TestList_BurstIsAnswered(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		r.want(5*time.Second, "a match is played", at(client.StagePlaying, left, right))
		c := r.dialTLS("10.0.0.1")
		start := time.Now()
		c.send(joinLine + "\n" + strings.Repeat(`{"type":"PING","ts":7}`+"\n", 20) +
			strings.Repeat(`{"type":"LIST"}`+"\n", 5) + strings.Repeat(`{"type":"PING","ts":7}`+"\n", 19) +
			`{"type":"PING","ts":8}`)
		var answers []time.Duration
		pongs := 0
		for len(answers) < 2 {
			switch m := c.next(); {
			case m.Type == wire.Pong:
				pongs++
			case m.Type == wire.Matches && m.Match == "m1":
				answers = append(answers, time.Since(start))
			case m.Type == wire.Error:
				r.Fatalf("the burst was refused: %q", m.Message)
			}
		}
		const soon = 100 * time.Millisecond
		if pongs != 40 || answers[0] > soon || answers[1] < time.Second || answers[1] > time.Second+soon {
			r.Errorf("%d PONGs came, and answers to LIST after %v, want 40, and one at once and one after a second",
				pongs, answers)
		}
		r.run(2 * time.Second)
		c.send(`{"type":"PING","ts":9}`)
		if m := c.next(); m.Type != wire.Pong || m.TS != 9 {
			r.Errorf("after the burst a PING is answered by %s, want PONG, and no third answer to LIST", m.Type)
		}
	})
}

// TestList_TwoBeforeJoin answers two LISTs before JOIN and refuses the third.
func TestList_TwoBeforeJoin(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		c := r.dialTLS("10.0.0.1")
		for range 2 {
			c.send(`{"type":"LIST"}`)
			if m := c.next(); m.Type != wire.Matches {
				r.Fatalf("a LIST before JOIN is answered by %s %q", m.Type, m.Message)
			}
		}
		c.send(`{"type":"LIST"}`)
		c.wantRefused(wire.CodeBadLine)
		d := r.dialTLS("10.0.0.1")
		d.send(`{"type":"LIST"}` + "\n" + `{"type":"LIST"}` + "\n" + joinLine)
		for _, want := range []string{wire.Matches, wire.Matches, wire.Welcome} {
			if m := d.next(); m.Type != want {
				r.Fatalf("two LISTs and a JOIN are answered by %s %q, want %s", m.Type, m.Message, want)
			}
		}
	})
}
