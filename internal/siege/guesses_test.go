//go:build siege && linux

package siege

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pong/internal/wire"
)

// A guessCount counts the answers to guesses.
type guessCount struct{ answered, refused, dropped atomic.Int64 }

// guessRooms has connections from one address ask to watch rooms that are not there, each a different one, until the
// time is over or the first guess is refused.
func (s *serving) guessRooms(n int, d time.Duration, untilRefused bool) (count *guessCount) {
	count = new(guessCount)
	end := time.Now().Add(d)
	var serial atomic.Int64
	var workers sync.WaitGroup
	for range n {
		workers.Go(func() {
			for time.Now().Before(end) && !(untilRefused && count.refused.Load() > 0) {
				raw, err := dialFrom(source(66), s.control)
				if err != nil {
					count.dropped.Add(1)
					continue
				}
				c, err := handshake(raw)
				if err != nil {
					count.dropped.Add(1)
					continue
				}
				room := fmt.Sprintf("guess-%d-%d", end.UnixNano(), serial.Add(1))
				_ = c.writeLine(wire.Message{
					Type: wire.Join, Version: wire.Version, Name: "guesser", Role: wire.RoleWatcher, Room: room,
				})
				switch m, err := c.readLine(); {
				case err != nil:
					count.dropped.Add(1)
				case m.Code == wire.CodeMatch:
					count.answered.Add(1)
				case m.Code == wire.CodeGuesses:
					count.refused.Add(1)
				}
				c.Close()
			}
		})
	}
	workers.Wait()
	return count
}

// TestGuesses_OfOneAddressAreSlow counts how many room codes one address can try, with the limit and without, while a
// friend's room is in play.
func TestGuesses_OfOneAddressAreSlow(t *testing.T) {
	const workers = 8
	t.Run("without a limit", func(t *testing.T) {
		s, d := serve(t, "--max-per-address", "0"), either(2*time.Second, 10*time.Second)
		count := s.guessRooms(workers, d, false)
		figure("guesses_per_second_without_limit", float64(count.answered.Load())/d.Seconds(), "/s", reportOnly)
	})
	t.Run("with the limit", func(t *testing.T) {
		s, d := serve(t), either(5*time.Second, time.Minute)
		first := s.guessRooms(workers, time.Minute, true)
		burst := first.answered.Load()
		count := s.guessRooms(workers, d, false)
		n := count.answered.Load()
		figure("guesses_at_once", float64(burst), "", reportOnly)
		figure("guesses_per_second", float64(n)/d.Seconds(), "/s", under(1))
		if most := int64(d/(4*time.Second)) + 2; burst > 50 || n > most || count.refused.Load() == 0 {
			t.Errorf("%d guesses at once, then %d answers and %d refusals in %v; want 50, %d and refusals", burst, n,
				count.refused.Load(), d, most)
		}
		for i := range 2 { // others meet in a room of their own
			if _, err := joinServer(source(70+i), s.control, wire.Message{Name: "friend", Room: "oak-7"}); err != nil {
				t.Errorf("friend %d is refused: %v", i+1, err)
			}
		}
	})
}
