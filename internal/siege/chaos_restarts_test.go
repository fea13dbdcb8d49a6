//go:build siege && linux

package siege

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"sync"
	"syscall"
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
)

// chaosSamples returns the number of samples of each figure.
func chaosSamples() int {
	if chaosLong() {
		return 25
	}
	return 5
}

// rebinding changes a player's address repeatedly, with a round trip of 50 ms, and measures the time without STATEs.
// The translator is next to the player, which is the worst place: everything in flight to the old address is lost. If
// the machine itself stalled for longer than a frame during a gap, the gap says nothing about the protocol and is
// reported separately.
func (c *chaos) rebinding(t *testing.T) {
	h := c.open(t, 0, "--delay", "25ms")
	one, _ := h.bot("one", "hard"), h.bot("two", "hard")
	h.server.wait(20*time.Second, `"started"`, time.Time{})
	time.Sleep(4 * time.Second) // for the countdown, and until the link estimates have settled
	const frame = 1000.0 / 60
	var all, gaps, stalls []float64
	for n := chaosSamples(); len(gaps) < n && len(all) < 3*n; {
		time.Sleep(time.Duration(1000+rand.IntN(100)) * time.Millisecond)
		at := time.Now()
		one.tap.rebind(netip.Addr{})
		stalls = append(stalls, chaosStall(time.Second))
		gap, n := one.tap.gap(at.Add(-50*time.Millisecond), at.Add(time.Second))
		if n < 5 {
			t.Fatalf("%d STATEs arrived in the second after the address changed, want at least 5", n)
		}
		all = append(all, float64(gap.Microseconds())/1000)
		if stalls[len(stalls)-1] < frame {
			gaps = append(gaps, all[len(all)-1])
		}
	}
	if moved := len(h.server.with("moved to another address", time.Time{})); moved != len(all) {
		t.Errorf("the server moved the session %d times, want %d", moved, len(all))
	}
	h.wantUnbroken(time.Now(), 2)
	if len(gaps) == 0 {
		gaps = all // there are no better samples
	}
	t.Logf("gaps in ms: %.0f; stalls of the machine in ms: %.0f", all, stalls)
	chaosFigure(t, "rebinding_undisturbed", float64(len(gaps)), fmt.Sprintf("samples of %d", len(all)), 0)
	chaosFigure(t, "rebinding_gap_p50", chaosQuantile(gaps, 0.5), "ms", 0)
	chaosFigure(t, "rebinding_gap_p95", chaosQuantile(gaps, 0.95), "ms", 200)
	chaosFigure(t, "rebinding_gap_max", chaosQuantile(gaps, 1), "ms", 200)
	chaosFigure(t, "rebinding_gap_disturbed_max", chaosQuantile(all, 1), "ms", 0)
}

// chaosStall sleeps for a while and returns the longest stall in milliseconds: that part of a gap is the machine's.
func chaosStall(d time.Duration) (worst float64) {
	const step = 2 * time.Millisecond
	for last, end := time.Now(), time.Now().Add(d); last.Before(end); {
		time.Sleep(step)
		now := time.Now()
		worst = max(worst, float64((now.Sub(last)-step).Microseconds())/1000)
		last = now
	}
	return worst
}

// crash kills a bot in play repeatedly, and measures the time from the start of its new process to the first STATE in
// its old seat.
func (c *chaos) crash(t *testing.T) {
	h := c.open(t, 0, "--delay", "10ms", "--loss", "2%")
	one, two := h.bot("one", "hard"), h.bot("two", "hard")
	h.server.wait(20*time.Second, `"started"`, time.Time{})
	const joined, resumed = `"joined"`, `"resumed"`
	player := 0
	for _, line := range h.server.with(joined, time.Time{}) {
		if line.Name == "one" {
			player = line.Player
		}
	}
	var back []float64
	for i := range chaosSamples() {
		time.Sleep(time.Duration(rand.IntN(4000)) * time.Millisecond)
		one.kill()
		time.Sleep(time.Duration(i%3) * 700 * time.Millisecond)
		one.restart()
		chaosWant(t, 10*time.Second, "a STATE comes to the new process",
			func() bool { return !one.tap.firstState(one.began).IsZero() })
		back = append(back, one.tap.firstState(one.began).Sub(one.began).Seconds())
		if line := h.server.wait(time.Second, resumed, one.began); line.Player != player {
			t.Errorf("the player has seat %d, want its former seat %d", line.Player, player)
		}
	}
	time.Sleep(4 * time.Second)
	if n := len(h.server.with(`"started"`, time.Time{})); n != 1 {
		t.Errorf("%d games were started, want one that continues", n)
	}
	if free := h.server.with("player removed", time.Time{}); len(free) > 0 {
		t.Errorf("a seat was freed: %s", free[0].text)
	}
	h.wantSameMatch(one, two)
	chaosFigure(t, "back_after_crash_p50", chaosQuantile(back, 0.5), "s", 0)
	chaosFigure(t, "back_after_crash_p95", chaosQuantile(back, 0.95), "s", 2)
}

// wantSameMatch expects two bots to be at about the same tick.
func (h *chaosTestbed) wantSameMatch(bots ...*chaosBot) {
	h.Helper()
	var last []chaosLine
	for _, b := range bots {
		lines := b.with(`"tick"`, time.Time{})
		last = append(last, lines[len(lines)-1])
	}
	if d := int(last[0].Tick) - int(last[1].Tick); d < -150 || d > 150 {
		h.Errorf("the bots are at different ticks: %s and %s", last[0].text, last[1].text)
	}
}

// restart kills servers at random moments and starts them again on the same ports. The matches go on with their names,
// sides and score. It measures how soon the players notice, and the time until both play again after the server has
// started.
func (c *chaos) restart(t *testing.T) {
	testbeds, kills := 2, 4
	if chaosLong() {
		testbeds, kills = 4, 25
	}
	var mu sync.Mutex
	var noticed, rejoined []float64
	kept := 0
	t.Run("halls", func(t *testing.T) {
		for i := range testbeds {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				n, r, k := c.killServer(t, kills)
				mu.Lock()
				defer mu.Unlock()
				kept += k
				noticed, rejoined = append(noticed, n...), append(rejoined, r...)
			})
		}
	})
	chaosFigure(t, "servers_killed", float64(testbeds*kills), "times", 0)
	chaosFigure(t, "server_matches_continued", float64(kept), "times", 0)
	chaosFigure(t, "server_loss_noticed_max", chaosQuantile(noticed, 1), "s", 2)
	chaosFigure(t, "server_restart_rejoined_p50", chaosQuantile(rejoined, 0.5), "s", 0)
	chaosFigure(t, "server_restart_rejoined_p95", chaosQuantile(rejoined, 0.95), "s", 5)
}

// killServer kills the server of one testbed so many times. It returns how often the match went on as it was.
func (c *chaos) killServer(t *testing.T, kills int) (noticed, rejoined []float64, kept int) {
	h := c.open(t, 0, "--delay", "10ms")
	one, two := h.bot("one", "hard"), h.player("two", bot.Hard)
	up, before := h.server.began, h.server.wait(15*time.Second, `"started"`, time.Time{})
	both := func() bool {
		return two.plays() && !one.tap.firstState(up).IsZero() && !two.tap.firstState(up).IsZero()
	}
	for i := range kills {
		chaosWant(t, 15*time.Second, "both play", both)
		if i > 0 {
			rejoined = append(rejoined, time.Since(up).Seconds())
		}
		time.Sleep(time.Duration(rand.IntN(3000)) * time.Millisecond)
		killed := time.Now()
		h.server.kill()
		before = h.newest(before, two)
		down := time.Duration(rand.IntN(4000)) * time.Millisecond
		time.Sleep(down)
		again, stall := i%4 == 3, 0.0
		if again { // kill it once more while the players redial
			h.serve()
			before, _ = h.wantContinued(before)
			time.Sleep(time.Duration(rand.IntN(1000)) * time.Millisecond)
			killed = time.Now()
			h.server.kill()
			before = h.newest(before, two)
			stall = chaosStall(2 * time.Second)
		}
		h.serve()
		same := false
		if before, same = h.wantContinued(before); same {
			kept++
		}
		up = h.server.all()[0].at
		chaosWant(t, 15*time.Second, "both look for the server", func() bool {
			return !one.tap.dialledAfter(killed).IsZero() && !two.tap.dialledAfter(killed).IsZero()
		})
		if again { // the players may be waiting between two attempts, so only the screen counts
			if m, ok := two.firstMoment(killed, client.StageLost); ok {
				if late := m.at.Sub(killed); late > 1700*time.Millisecond {
					t.Logf("the screen showed the second kill after %v, with stalls of at most %.0f ms; the screen:",
						late, stall)
					two.logSince(killed.Add(-3 * time.Second))
				}
				noticed = append(noticed, m.at.Sub(killed).Seconds())
			} else {
				t.Error("the screen did not show within 2 s that the server was killed again")
			}
			continue
		}
		for _, tap := range []*chaosTap{one.tap, two.tap} {
			noticed = append(noticed, tap.dialledAfter(killed).Sub(killed).Seconds())
		}
		if m, ok := two.firstMoment(killed, client.StageLost); ok {
			noticed = append(noticed, m.at.Sub(killed).Seconds())
		} else if down > 2*time.Second {
			t.Errorf("the server was down for %v, and the screen did not show it", down)
		}
	}
	chaosWant(t, 15*time.Second, "both play", both)
	if n := len(h.server.with(`"started"`, time.Time{})); n > 0 {
		t.Errorf("%d games were started, want that the first continues", n)
	}
	t.Logf("noticed after %.2f s, rejoined after %.2f s", noticed, rejoined)
	return noticed, append(rejoined, time.Since(up).Seconds()), kept
}

// continued is in the line of a server that continues a match.
const continued = "match continues"

// newest returns a line with the newest score that the server that has ended has logged or a player was shown, and the
// names of another line.
func (h *chaosTestbed) newest(other chaosLine, player *chaosPlayer) chaosLine {
	h.Helper()
	shown := player.frame().Score
	other.Score1, other.Score2 = max(other.Score1, shown[0]), max(other.Score2, shown[1])
	for _, line := range append(h.server.with(`"score"`, time.Time{}), h.server.with(continued, time.Time{})...) {
		other.Score1, other.Score2 = max(other.Score1, line.Score1), max(other.Score2, line.Score2)
	}
	return other
}

// wantContinued expects that the server continues a match with the same names at the same sides, and that it takes no
// point back. The last point of a server that was killed can be one that nobody has read.
func (h *chaosTestbed) wantContinued(before chaosLine) (line chaosLine, same bool) {
	h.Helper()
	line = h.server.wait(15*time.Second, continued, time.Time{})
	if line.Score1 < before.Score1 || line.Score2 < before.Score2 || line.Player1 != before.Player1 ||
		line.Player2 != before.Player2 || line.Score1+line.Score2 > before.Score1+before.Score2+1 {
		h.Errorf("the match continues with %s, want the players of %s at %d:%d", line.text, before.text,
			before.Score1, before.Score2)
		return line, false
	}
	return line, true
}

// drain ends a server in the middle of a point and starts it again: the point is finished, and both players come back
// to the match.
func (c *chaos) drain(t *testing.T) {
	h := c.open(t, 0, "--delay", "25ms", "--loss", "5%")
	h.bot("one", "easy")
	two := h.player("two", bot.Easy)
	chaosWant(t, 15*time.Second, "a point is being played",
		func() bool { return two.frame().Stage == client.StagePlaying })
	asked := time.Now()
	before := len(h.server.with(`"score"`, time.Time{}))
	h.server.signal(syscall.SIGTERM)
	h.server.waitExit(35*time.Second, 0)
	if points := len(h.server.with(`"score"`, time.Time{})) - before; points != 1 &&
		time.Since(asked) < 30*time.Second {
		t.Errorf("%d points were scored after SIGTERM, want the one in play", points)
	}
	if _, ok := two.firstMoment(asked, client.StagePlaying, func(m chaosMoment) bool { return m.closing }); !ok {
		t.Error("the screen does not say that the server will end")
	}
	chaosWant(t, 2*time.Second, "the screen says that the server has ended", func() bool {
		_, ok := two.firstMoment(asked, client.StageLost, func(m chaosMoment) bool {
			return m.reason == client.ReasonShutdown
		})
		return ok
	})
	h.serve()
	h.server.wait(5*time.Second, continued, asked)
	chaosWant(t, 5*time.Second, "both play again", two.plays)
}
