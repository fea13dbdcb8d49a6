package server

import (
	"testing"

	"pong/internal/shard"
)

// TestLobby_SeatsOneAtATime holds the lobby while a player is seated: one who came at the same moment would else be sent to
// another shard, and neither would meet the other.
func TestLobby_SeatsOneAtATime(t *testing.T) {
	l := &lobby{loops: []*loop{newLoop(nil)}}
	_, err := l.seat(shard.JoinRequest{}, func(*loop) error {
		if l.mu.TryLock() {
			l.mu.Unlock()
			t.Error("two players can be seated at once")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
