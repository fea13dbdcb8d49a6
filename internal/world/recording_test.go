package world

import (
	"flag"
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/replay"
	"pong/internal/replaydir"
	"pong/internal/shard"
	"pong/netcode/netsim"
)

var recordings = flag.Int("recordings", 12, "how many games TestRecording_VerifiesEveryGame records")

// Games over bad networks are recorded by the server and by one of the players. Both recordings must be right, have the
// result, and agree.
func TestRecording_VerifiesEveryGame(t *testing.T) {
	t.Parallel()
	bad := netsim.Profile{Delay: 40 * ms, Jitter: 10 * ms, Loss: 0.1, Burst: 2}
	ticks, gaps, spent := 0, 0, time.Duration(0)
	for seed := range uint64(*recordings) {
		var server []byte
		own := replaydir.GameRecorder{}
		var left *Player
		cfg := Config{
			Seed: 900 + seed, Rules: game.Rules{Points: 2}, Up: bad, Down: bad,
			Record: func(_ shard.RecordedGame, piece []byte, _ bool) { server = append(server, piece...) },
			Confirmed: func(p *Player, c client.Confirmed) {
				if p == left {
					own.State(epoch, replaydir.Known{
						Header: replay.Header{Rules: c.Rules, Names: c.Names},
						Lineup: c.Lineup, Game: c.Game, State: c.State, Applied: c.Applied,
					})
				}
			},
		}
		w, first, _ := pair(cfg, Bot(bot.Easy, seed), Bot(bot.Easy, seed+1))
		left = first
		w.Until(20*time.Minute, func() bool { return left.Frame.Stage == client.StageOver })
		over := w.reports(shard.Over)[0]

		began := time.Now()
		ofServer, err := replay.Parse(server)
		spent += time.Since(began)
		if err != nil || !ofServer.Complete {
			t.Fatalf("seed %d: the server's recording: %v", seed, err)
		}
		ticks += ofServer.Len()
		ofClient, err := replay.Parse(own.Newest())
		if err != nil || !ofClient.Complete {
			t.Fatalf("seed %d: the player's recording: %v", seed, err)
		}
		for name, r := range map[string]*replay.Replay{"server": ofServer, "player": ofClient} {
			last := r.At(r.Len())
			score := [2]int{int(last.Score[0]), int(last.Score[1])}
			if score != over.Score || int(last.Winner) != over.Winner {
				t.Errorf("seed %d: the recording of the %s ends %v for player %d, want %v for player %d", seed, name,
					score, last.Winner, over.Score, over.Winner)
			}
		}
		// The player's last STATE may be of a later tick.
		end, at := ofServer.At(ofServer.Len()), ofClient.Len()
		for at > 0 && ofClient.At(at).Tick > end.Tick {
			at--
		}
		if got := ofClient.At(at); got != end {
			t.Errorf("seed %d: the server's recording ends with %+v, the player's with %+v", seed, end, got)
		}
		gaps += ofClient.Gaps
	}
	minutes := float64(ticks) / game.TickRate / 60
	t.Logf("%d games, %.0f minutes of play, %.2f ms to check a minute, %.1f gaps a minute in those of players",
		*recordings, minutes, float64(spent)/float64(time.Millisecond)/minutes, float64(gaps)/minutes)
}
