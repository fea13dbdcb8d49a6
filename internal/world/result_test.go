package world

import (
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/shard"
	"pong/netcode/netsim"
)

// A player that leaves at the moment at which the game ends also ends the match. The STATE with the result may never
// reach the opponent, whose screen must show it nevertheless.
func TestResult_IsShownThoughTheOpponentLeavesAtOnce(t *testing.T) {
	t.Parallel()
	for _, view := range []client.View{client.ViewPredict, client.ViewInterp, client.ViewFilter} {
		link := netsim.Profile{Delay: 40 * time.Millisecond, Jitter: 5 * time.Millisecond}
		w := New(Config{Seed: 17, Rules: game.Rules{Points: 1}, Up: link, Down: link})
		left, right := w.Join("left", Bot(bot.Normal, 1)), w.Join("right", nil)
		left.Session.SetView(view)
		left.OnFrame = nil
		w.OnReport = func(_ time.Duration, r shard.Report) {
			if r.Kind == shard.Over && r.Reason == shard.NoReason {
				w.Vanish(right)
			}
		}
		w.OnStep = func() {
			if len(w.Players) == 1 && len(w.reports(shard.Vacated)) == 0 {
				w.Leave(right)
			}
		}
		if !w.Until(3*time.Minute, func() bool { return left.Frame.Stage == client.StageOver }) {
			t.Errorf("%v: the game is over, and the player sees %v", view, left.Frame.Stage)
			continue
		}
		if left.Frame.Winner < 0 {
			t.Errorf("%v: the result has no winner", view)
		}
	}
}
