package server_test

import (
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/wire"
)

// TestServe_LimitsPlayersOfAnAddress over all shards, says what to do, and lets a player of the address resume.
func TestServe_LimitsPlayersOfAnAddress(t *testing.T) {
	bubble(t, func(s *settings) { s.MaxPerAddress, s.shards = 2, 2 }, func(r *rig) {
		left, right := r.joinAs(r.config("left", "10.0.0.1")), r.joinAs(r.config("right", "10.0.0.1"))
		r.want(5*time.Second, "two players of one address play", at(client.StagePlaying, left, right))
		c := r.dialTLS("10.0.0.1")
		c.send(joinLine)
		if m := c.next(); m.Code != wire.CodeFull || !strings.Contains(m.Message, "--max-per-address") {
			r.Errorf("a third player of the address is told %q %q, want the code full and the flag", m.Code, m.Message)
		}
		cfg := r.config("right", "10.0.0.1")
		cfg.Resume = right.Resume()
		again := r.joinAs(cfg)
		r.want(5*time.Second, "a player of the address resumes", at(client.StagePlaying, left, again))
		other := r.joinAs(r.config("other", "10.0.0.2"))
		r.want(5*time.Second, "a player of another address waits", at(client.StageWaiting, other))
		left.Close()
		r.run(time.Second)
		r.joinAs(r.config("next", "10.0.0.1"))
	})
}
