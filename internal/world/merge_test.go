package world

import (
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/game"
)

// Two players that wait alone in different matches are seated together, even if a third one joined and never
// registered.
func TestMerge_SeatsTwoWaitingPlayersTogether(t *testing.T) {
	t.Parallel()
	w := New(Config{Seed: 18, Up: lan, Down: lan})
	first := w.Join("first", Bot(bot.Normal, 1))
	ghost := w.Join("ghost", nil)
	w.Vanish(ghost)
	second := w.Join("second", Bot(bot.Normal, 2))
	w.wait(t, 15*time.Second, "both play with each other", func() bool {
		return first.Frame.Stage == client.StagePlaying && second.Frame.Stage == client.StagePlaying
	})
	if first.Frame.Me == second.Frame.Me || first.Frame.Names != second.Frame.Names ||
		first.Frame.Match != second.Frame.Match {
		t.Errorf("the first sees %v, the second sees %v in match %v", first.Frame.Names, second.Frame.Names,
			second.Frame.Match)
	}
	if c := w.Shard.Counts(); c.Matches != 1 || c.Sessions != 2 {
		t.Errorf("%d matches with %d sessions are left, want 1 with 2", c.Matches, c.Sessions)
	}
}

// A player whose opponent leaves plays with the next waiting player, in whatever match that one waits. If a player was
// moved to the other side of the field, its keys move the paddle there.
func TestMerge_LeftPlayerGetsTheNextWaitingOne(t *testing.T) {
	t.Parallel()
	w := New(Config{Seed: 19, Up: lossy, Down: lossy})
	var key keys
	left, right := w.Join("left", nil), w.Join("right", nil)
	w.playing(t, left, right)
	waiting := w.Join("waiting", key.hold)
	w.Run(time.Second)
	w.Leave(right)
	w.Vanish(right)
	w.wait(t, 10*time.Second, "the two remaining players play", func() bool {
		return left.Frame.Stage == client.StagePlaying && waiting.Frame.Stage == client.StagePlaying
	})
	if waiting.Frame.Me != 1 {
		t.Fatalf("the waiting player has seat %d, want the free one", waiting.Frame.Me)
	}
	before := left.Frame.Paddle[1]
	key.in = game.Up
	w.Run(500 * time.Millisecond)
	key.in = game.None
	w.Run(time.Second)
	if moved := before - left.Frame.Paddle[1]; moved < 100 || left.Frame.Paddle[1] != waiting.Frame.Paddle[1] {
		t.Errorf("the paddle moved by %v to %v on the opponent's screen, and is at %v on the player's", moved,
			left.Frame.Paddle[1], waiting.Frame.Paddle[1])
	}
}
