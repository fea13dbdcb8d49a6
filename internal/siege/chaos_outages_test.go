//go:build siege && linux

package siege

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
)

// disturbances returns the tests of outages, stopped processes, changes of address and servers that end.
func (c *chaos) disturbances() map[string]func(*testing.T) {
	outages, stops := []time.Duration{time.Second, 3 * time.Second, 10 * time.Second}, []time.Duration{5 * time.Second}
	if chaosLong() {
		outages = append(outages, 59*time.Second, 61*time.Second)
		stops = append(stops, 30*time.Second, 90*time.Second)
	}
	parts := map[string]func(*testing.T){"roaming": c.roaming, "drain": c.drain}
	for _, d := range outages {
		seconds := strconv.Itoa(int(d.Seconds()))
		parts["cable_out_"+seconds] = func(t *testing.T) { c.outage(t, d) }
		parts["relay_stopped_"+seconds] = func(t *testing.T) { c.relayStopped(t, d) }
	}
	for _, d := range stops {
		parts[fmt.Sprintf("client_stopped_%d", int(d.Seconds()))] = func(t *testing.T) { c.clientStopped(t, d) }
	}
	return parts
}

// outage unplugs the cable of one player.
func (c *chaos) outage(t *testing.T, d time.Duration) {
	h := c.open(t, 0, "--delay", "25ms", "--loss", "5%")
	one, two := h.bot("one", "hard"), h.player("two", bot.Hard)
	chaosWant(t, 15*time.Second, "the ball is in play", func() bool { return two.frame().Stage == client.StagePlaying })
	seat := two.frame().Me
	began := time.Now()
	two.tap.unplug()
	time.Sleep(d)
	two.tap.plug()
	back := time.Now()
	if d < time.Minute {
		h.wantBackInSeat(two, seat, began, back)
		h.wantSameScore(one, two)
		return
	}
	h.wantSeatLost(one, two, began, back)
}

// wantBackInSeat expects a player to be back in its seat soon, in the same game.
func (h *chaosTestbed) wantBackInSeat(e *chaosPlayer, seat int, began, back time.Time) {
	h.Helper()
	chaosWant(h.T, 5*time.Second, "the match goes on", func() bool { return e.plays() && e.tap.statesAfter(back) > 0 })
	chaosFigure(h.T, "back_after_"+chaosName(h.T), time.Since(back).Seconds(), "s", 0)
	chaosWant(h.T, 6*time.Second, "the ball is in play", func() bool { return e.frame().Stage == client.StagePlaying })
	if me := e.frame().Me; me != seat {
		h.Errorf("the player has seat %d, want its former seat %d", me+1, seat+1)
	}
	if n := len(h.server.with(`"started"`, time.Time{})); n != 1 {
		h.Errorf("%d games were started, want one that continues", n)
	}
	if free := h.server.with("player removed", time.Time{}); len(free) > 0 {
		h.Errorf("a seat was freed: %s", free[0].text)
	}
	if _, ok := e.firstMoment(began, client.StageLost); !ok && back.Sub(began) > 2*time.Second {
		h.Error("the screen did not say that the server does not answer")
	}
}

// wantSameScore expects a bot and a player in the same match to have the same score, once it has not changed for a
// while.
func (h *chaosTestbed) wantSameScore(b *chaosBot, e *chaosPlayer) {
	h.Helper()
	chaosWant(h.T, 20*time.Second, "both have the same score", func() bool {
		lines := b.with(`"tick"`, time.Time{})
		last, v := lines[len(lines)-1], e.frame()
		d := int(last.Tick) - int(v.Tick)
		return d > -120 && d < 120 && last.Score[0] == v.Score[0] && last.Score[1] == v.Score[1]
	})
}

// wantSeatLost expects the seat of a player who was away for too long to be free, the player's screen to say so, and
// the next player who joins.
func (h *chaosTestbed) wantSeatLost(one *chaosBot, two *chaosPlayer, began, back time.Time) {
	h.Helper()
	h.server.wait(time.Second, "player removed", began)
	chaosWant(h.T, 15*time.Second, "the screen says so", func() bool {
		v := two.frame()
		return v.Stage == client.StageClosed && v.Reason != client.ReasonNone || two.plays()
	})
	h.Logf("after %v: %v %v", back.Sub(began).Round(time.Second), two.frame().Stage, two.frame().Reason)
	two.stop()
	h.player("three", bot.Hard)
	h.server.wait(10*time.Second, `"started"`, back)
	if !one.running() {
		h.Error("the player who stayed is gone")
	}
}

// relayStopped stops the relay, through which all traffic passes: nothing is lost, but everything arrives late and at
// once.
func (c *chaos) relayStopped(t *testing.T, d time.Duration) {
	h := c.open(t, 0, "--delay", "25ms")
	one, two := h.bot("one", "hard"), h.player("two", bot.Hard)
	chaosWant(t, 15*time.Second, "the ball is in play", func() bool { return two.frame().Stage == client.StagePlaying })
	seat := two.frame().Me
	began := time.Now()
	h.link.signal(syscall.SIGSTOP)
	time.Sleep(d)
	h.link.signal(syscall.SIGCONT)
	back := time.Now()
	if d < time.Minute {
		h.wantBackInSeat(two, seat, began, back)
		h.wantSameScore(one, two)
		return
	}
	h.server.wait(time.Second, "player removed", began)
	chaosWant(t, 15*time.Second, "the screen says so", func() bool {
		v := two.frame()
		return v.Stage == client.StageClosed && v.Reason != client.ReasonNone || two.plays()
	})
	t.Logf("after %v: %v %v", d, two.frame().Stage, two.frame().Reason)
}

// clientStopped stops a bot's process, like a laptop that is closed, and continues it.
func (c *chaos) clientStopped(t *testing.T, d time.Duration) {
	h := c.open(t, 0, "--delay", "25ms")
	one, two := h.bot("one", "hard"), h.player("two", bot.Hard)
	chaosWant(t, 15*time.Second, "the ball is in play", func() bool { return two.frame().Stage == client.StagePlaying })
	began := time.Now()
	one.signal(syscall.SIGSTOP)
	time.Sleep(d)
	one.signal(syscall.SIGCONT)
	back := time.Now()
	if d > 5*time.Second {
		if _, ok := two.firstMoment(began, client.StagePaused); !ok {
			t.Error("the match was not paused")
		}
	}
	if d < time.Minute {
		chaosWant(t, 5*time.Second, "the match goes on", two.plays)
		if d > 5*time.Second { // otherwise the match may not have been paused
			chaosFigure(t, "back_after_"+chaosName(t), time.Since(back).Seconds(), "s", 0)
		}
		if free := h.server.with("player removed", time.Time{}); len(free) > 0 {
			t.Errorf("a seat was freed: %s", free[0].text)
		}
		h.wantSameScore(one, two)
		return
	}
	h.server.wait(time.Second, "player removed", began)
	time.Sleep(5 * time.Second)
	if !one.running() { // then it has printed why, and plays if it is started again
		t.Logf("the bot has ended: %s", one.stderr.String())
		one.restart()
	}
	h.server.wait(10*time.Second, `"started"`, back)
	chaosWant(t, 10*time.Second, "both play again", two.plays)
}

// roaming changes the address of all players every second.
func (c *chaos) roaming(t *testing.T) {
	h := c.open(t, 0, "--delay", "25ms", "--loss", "2%")
	one, two := h.bot("one", "hard"), h.player("two", bot.Hard)
	chaosWant(t, 15*time.Second, "the ball is in play", func() bool { return two.frame().Stage == client.StagePlaying })
	began, changes := time.Now(), 20
	for i := range changes {
		h.serverTap.rebind(h.at(chaosMoved + i))
		time.Sleep(time.Second)
	}
	h.wantUnbroken(time.Now(), 2)
	if moved := h.moves(); moved < 2*changes-4 { // the log has the first ones alone
		t.Errorf("the server moved sessions %d times, want about %d", moved, 2*changes)
	}
	if _, lost := two.firstMoment(began, client.StageLost); lost {
		t.Error("the player lost the server")
	}
	gap, _ := two.tap.gap(began, time.Now())
	chaosFigure(t, "roaming_every_second_gap_max", float64(gap.Milliseconds()), "ms", 0)
	h.wantSameScore(one, two)
}

// moves returns how often the server has moved sessions to another address.
func (h *chaosTestbed) moves() int {
	h.Helper()
	page := h.server.with("/metrics", time.Time{})[0].Metrics
	_, text := get(h, page)
	_, line, _ := strings.Cut(text, "\npong_addresses_moved_total{")
	line, _, _ = strings.Cut(line, "\n")
	_, count, _ := strings.Cut(line, "} ") // of the only shard
	n, err := strconv.Atoi(count)
	if err != nil {
		h.Errorf("%s has %q moves", page, count)
	}
	return n
}

// statesAfter returns the number of STATEs that arrived after a moment.
func (tap *chaosTap) statesAfter(moment time.Time) (n int) {
	tap.mu.Lock()
	defer tap.mu.Unlock()
	for _, at := range tap.states {
		if at.After(moment) {
			n++
		}
	}
	return n
}

func (p *chaosProgram) running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// chaosName returns the last part of a test's name.
func chaosName(t *testing.T) string { return path.Base(t.Name()) }
