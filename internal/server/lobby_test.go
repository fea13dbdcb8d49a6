package server

import (
	"errors"
	"slices"
	"testing"

	"pong/internal/shard"
)

func TestLobby_PrefersOpenSeatsThenTheEmptiestShard(t *testing.T) {
	var l lobby
	for range 3 {
		l.loops = append(l.loops, &loop{})
	}
	for _, c := range []struct {
		players, open [3]int64
		want          []int
	}{
		{[3]int64{0, 0, 0}, [3]int64{0, 0, 0}, []int{0, 1, 2}},
		{[3]int64{2, 0, 0}, [3]int64{0, 0, 0}, []int{1, 2, 0}},
		{[3]int64{0, 0, 7}, [3]int64{0, 0, 1}, []int{2, 0, 1}},
		{[3]int64{5, 3, 1}, [3]int64{1, 1, 1}, []int{2, 1, 0}},
		{[3]int64{4, 3, 2}, [3]int64{0, 1, 0}, []int{1, 2, 0}},
	} {
		for i, at := range l.loops {
			at.players.Store(c.players[i])
			at.openSeats.Store(c.open[i])
		}
		var got []int
		_, err := l.ask(shard.JoinRequest{}, func(at *loop) error {
			got = append(got, slices.Index(l.loops, at))
			return shard.ErrFull
		})
		if !slices.Equal(got, c.want) || !errors.Is(err, shard.ErrFull) {
			t.Errorf("%v players, %v open seats: the shards are asked in the order %v, want %v; error %v, want %v",
				c.players, c.open, got, c.want, err, shard.ErrFull)
		}
	}
}

func TestLobby_StopsAtAcceptanceOrFailure(t *testing.T) {
	l := lobby{loops: []*loop{{}, {}, {}}}
	for _, c := range []struct {
		answers []error
		asked   int
	}{
		{[]error{nil}, 1},
		{[]error{shard.ErrFull, nil}, 2},
		{[]error{shard.ErrResume, shard.ErrResume, nil}, 3},
		{[]error{errors.New("another error")}, 1},
	} {
		asked := 0
		at, err := l.ask(shard.JoinRequest{}, func(*loop) error { asked++; return c.answers[asked-1] })
		last := c.answers[len(c.answers)-1]
		if asked != c.asked || err != last || (at != nil) != (last == nil) {
			t.Errorf("answers %v: %d shards were asked and the error is %v, want %d and %v", c.answers, asked, err,
				c.asked, last)
		}
	}
}

// TestLobby_JoinsOneAtATime checks that the lobby is locked while a client joins. Otherwise a client that joins at the
// same moment might be sent to another shard, and the two would not meet.
func TestLobby_JoinsOneAtATime(t *testing.T) {
	l := &lobby{loops: []*loop{newLoop(nil)}}
	_, err := l.ask(shard.JoinRequest{}, func(*loop) error {
		if l.mu.TryLock() {
			l.mu.Unlock()
			t.Error("the lobby is not locked while a client joins")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
