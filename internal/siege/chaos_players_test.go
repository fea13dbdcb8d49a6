//go:build siege && linux

package siege

import (
	"slices"
	"sync"
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
)

// A chaosBot is a pong bot --json with its own tap.
type chaosBot struct {
	*chaosProgram
	testbed *chaosTestbed
	args    []string
	tap     *chaosTap
}

// bot joins a bot.
func (h *chaosTestbed) bot(name, level string) *chaosBot {
	h.Helper()
	b := &chaosBot{testbed: h, tap: h.newClientTap()}
	b.args = []string{"bot", b.tap.control.Addr().String(), "--trust", h.fingerprint, "--name", name, "--level", level,
		"--matches", "0", "--json"}
	b.chaosProgram = h.run(h.T, h.TempDir(), b.args...)
	return b
}

// restart starts a bot that has ended again, in the same home folder.
func (b *chaosBot) restart() {
	b.Helper()
	b.chaosProgram = b.testbed.run(b.T, b.home, b.args...)
}

// A chaosPlayer is a player in this process, so that the test can see its screen.
type chaosPlayer struct {
	*testing.T
	tap  *chaosTap
	stop func()

	mu      sync.Mutex // guards what follows
	view    client.Frame
	moments []chaosMoment // changes of what the screen says
}

// A chaosMoment is a change of what a screen says.
type chaosMoment struct {
	at time.Time
	chaosMessage
	me    int
	score [2]int
}

// A chaosMessage is what a screen says about the connection and the match.
type chaosMessage struct {
	stage            client.Stage
	reason           client.Reason
	seconds, attempt int
	closing          bool
	notice           string
}

// player joins a player in this process.
func (h *chaosTestbed) player(name string, level bot.Level) *chaosPlayer {
	h.Helper()
	tap := h.newClientTap()
	e := joinScreen(h.T, level, dial.Config{
		Address: tap.control.Addr().String(), Name: name, Trust: h.fingerprint, SeatDir: h.TempDir(),
	})
	e.tap = tap
	return e
}

// joinScreen joins a player or watcher in this process. It leaves when the test ends or stop is called.
func joinScreen(t *testing.T, level bot.Level, cfg dial.Config) *chaosPlayer {
	t.Helper()
	e := &chaosPlayer{T: t}
	c, err := dial.Dial(t.Context(), cfg)
	if err != nil {
		t.Fatalf("%s cannot join: %v", cfg.Name, err)
	}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		defer c.Close()
		e.draw(c, level, quit)
	}()
	e.stop = sync.OnceFunc(func() { close(quit); <-done })
	t.Cleanup(func() {
		e.stop()
		for _, m := range e.all() {
			if t.Failed() {
				t.Logf("%s saw at %s: %v %v, player %d, %v: %s", cfg.Name, m.at.Format("05.000"), m.stage, m.reason,
					m.me+1, m.score, m.notice)
			}
		}
	})
	return e
}

// draw is the loop of frames.
func (e *chaosPlayer) draw(c *dial.Client, level bot.Level, quit <-chan struct{}) {
	frames := time.NewTicker(time.Second / 60)
	defer frames.Stop()
	hand, start, key := bot.New(level, uint64(time.Now().UnixNano())), time.Now(), game.None
	for {
		select {
		case <-quit:
			return
		case <-frames.C:
		}
		now := time.Now()
		c.Update(now, key)
		v := c.Frame(now)
		key = hand.Think(now.Sub(start), bot.See(&v))
		e.mu.Lock()
		e.view = v
		says := chaosMessage{v.Stage, v.Reason, v.Seconds, v.Attempt, v.Closing, front.Notice(&v)}
		if n := len(e.moments); n == 0 || e.moments[n-1].chaosMessage != says {
			e.moments = append(e.moments, chaosMoment{now, says, v.Me, v.Score})
		}
		e.mu.Unlock()
	}
}

// logSince logs what the screen has said since a moment.
func (e *chaosPlayer) logSince(moment time.Time) {
	for _, m := range e.all() {
		if m.at.After(moment) {
			e.Logf("%v: %v %v", m.at.Sub(moment).Round(time.Millisecond), m.stage, m.reason)
		}
	}
}

func (e *chaosPlayer) all() []chaosMoment {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.moments)
}

func (e *chaosPlayer) frame() client.Frame {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.view
}

// plays reports whether the screen shows a match in progress.
func (e *chaosPlayer) plays() bool {
	switch e.frame().Stage {
	case client.StagePlaying, client.StageScored, client.StageCountdown:
		return true
	}
	return false
}

// firstMoment returns the first moment after another at which the screen was at a stage and met all conditions.
func (e *chaosPlayer) firstMoment(
	after time.Time, stage client.Stage, conditions ...func(chaosMoment) bool,
) (m chaosMoment, ok bool) {
	for _, m := range e.all() {
		unmet := func(met func(chaosMoment) bool) bool { return !met(m) }
		if m.at.After(after) && m.stage == stage && !slices.ContainsFunc(conditions, unmet) {
			return m, true
		}
	}
	return m, false
}
