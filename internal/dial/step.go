package dial

import (
	"context"
	"sync"
	"time"

	"pong/internal/crash"
	"pong/internal/game"
)

// period is the time of a tick.
const period = time.Second / game.TickRate

// The times of a front end that draws few frames, or none.
const (
	// If the next frame is not drawn within steadyWithin, the session is moved without it, once a period, until two
	// frames follow each other as fast again. A session that was moved just before a frame could play the key of that
	// frame only a tick later.
	steadyWithin = period * 11 / 10

	releaseAfter = 250 * time.Millisecond // keys count as released: no person acts on what is not drawn
	hiddenAfter  = time.Second            // the others are informed; the events since the last frame are of no interest
)

// stepping is the state of a Client that concerns when its session is moved. It is moved to now by every frame. Between
// frames that are far apart, or when none are drawn at all because the window is hidden or dragged, the screen locked
// or the terminal does not take output, a goroutine moves it.
type stepping struct {
	held    game.Input // in the newest frame
	updated time.Time  // when Update was called last, or the client was made
	shown   time.Time  // when Frame was called last
	moved   time.Time  // the time of the session
	due     time.Time  // when to move it without a frame
	steady  bool       // the last two frames were no further apart than steadyWithin

	cancel context.CancelFunc // of the goroutine
	ended  sync.WaitGroup
}

// startStepping starts the goroutine.
func (c *Client) startStepping() {
	now := time.Now()
	c.updated, c.shown, c.moved, c.due = now, now, now, now
	ctx, cancel := context.WithCancel(context.Background())
	if c.cancel = cancel; c.cfg.FramesOnly {
		return
	}
	c.ended.Go(crash.Guarded(func() {
		timer := time.NewTimer(0)
		defer timer.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-timer.C:
				timer.Reset(c.stepIfDue(time.Now()))
			}
		}
	}))
}

// stopStepping ends the goroutine and waits for it.
func (c *Client) stopStepping() {
	c.cancel()
	c.ended.Wait()
}

// stepFrame moves the session to a frame.
func (c *Client) stepFrame(now time.Time, in game.Input) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.steady = now.Sub(c.updated) <= steadyWithin
	c.updated, c.held = now, in
	if c.due = now.Add(period); c.steady {
		c.due = now.Add(steadyWithin)
	}
	c.step(now, in)
}

// stepIfDue moves the session without a frame if that is due, and returns for how long to wait until it may be due.
func (c *Client) stepIfDue(now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn.session.Repeat(now)
	if now.Before(c.due) {
		return c.untilDue(now)
	}
	in := c.held
	if now.Sub(c.updated) > releaseAfter {
		in = game.None
	}
	c.step(now, in)
	if c.due = c.due.Add(period); !c.due.After(now) { // this process was late
		c.due = now.Add(period)
	}
	return c.untilDue(now)
}

// untilDue returns how long nothing is due. The goroutine looks soon after each of 60 frames a second, because the next
// one may not come. Where there are more frames, one of them repeats an INPUT.
func (c *Client) untilDue(now time.Time) time.Duration {
	if repeat := c.conn.session.RepeatDue(); !repeat.IsZero() && repeat.Before(c.due) {
		return repeat.Sub(now)
	}
	return c.due.Sub(now)
}

// step moves the session to now. A frame and the goroutine may come in another order than their times.
func (c *Client) step(now time.Time, in game.Input) {
	if now.Before(c.moved) {
		now = c.moved
	}
	c.moved = now
	c.conn.update(now, in)
	c.redialIfDue(now, in)
	hidden := now.Sub(c.updated) > hiddenAfter
	c.conn.noteHidden(hidden)
	if c.next != nil {
		c.next.noteHidden(hidden)
	}
}
