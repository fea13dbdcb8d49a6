package client

import (
	"math"
	"time"

	"pong/internal/game"
	"pong/netcode"
)

// drawn is what the screen shows beyond the simulation: the times at which things are drawn, corrections that have not
// faded yet, and the events that have been seen.
type drawn struct {
	game     *simulation
	settings Settings
	at       time.Time        // of the last frame
	timeline netcode.Timeline // of the things that are drawn in the past
	apart    netcode.Apart    // what the two times of the filter must be apart by
	plan     plan             // of how far apart they are
	wait     contactWait      // of the opponent's time
	times    Times
	ball     netcode.Smoother
	paddles  [2]netcode.Smoother
	ownY     float64 // where the own paddle was drawn last
	events   eventLog
}

func newDrawn(game *simulation) drawn {
	return drawn{game: game, timeline: netcode.Timeline{Period: period}, events: eventLog{scorer: -1}}
}

// filterBound is the share of the ball's flight from face to face by which the two times of the filter may differ if
// there is no plan.
const filterBound = 0.2

// longestTail bounds the lateness that the drawing waits for. More is that of an outage or a stall, which no buffer
// covers.
const longestTail = 12 * period

// longestDelay is by how many ticks the opponent is drawn behind the newest possible STATE with the filter, at most.
const longestDelay = 20

// remoteDelay returns how many ticks behind the server's newest possible STATE remote things are drawn: the interval
// between STATEs, a tick, the late tail, and where STATEs are lost up to four ticks more, so that the STATE after a
// lost one is still in time (docs/decisions/0006).
func remoteDelay(interval, late time.Duration, lost float64) float64 {
	const forLost, allAt = 4, 0.1
	tail := float64(min(late, longestTail)) / float64(period)
	return float64(interval) + 1 + tail + forLost*min(1, lost/allAt)
}

// advanceTimes moves the times to now, when the own paddle is drawn at the time own. If past is true, everything is
// drawn in the past.
func (d *drawn) advanceTimes(now time.Time, own, delay float64, me int, view View, past bool) {
	t := &d.times
	passed := float64(max(now.Sub(d.at), 0)) / float64(period)
	was := own - t.Remote - passed // how far apart the times are if the remote one has run at the speed of real time
	d.at, t.Own = now, own
	if view == ViewFilter && !past {
		delay = d.filterDelay(now, delay, was, passed, me)
	}
	// The remote time stays within what is confirmed as long as STATEs arrive. Where one is lost, the prediction fills
	// in until the next, or the ball would stand still.
	limit := float64(d.game.predictor.Head())
	if view == ViewFilter && !past && !d.settings.NoWait {
		limit = min(limit, d.waitLimit(now, passed, me))
	}
	t.Remote = min(d.timeline.Advance(now, delay, limit), max(t.Own, t.Remote))
	switch {
	case past:
		t.Own, t.Ball = t.Remote, t.Remote
	case view == ViewPredict || view == ViewOriginal:
		t.Remote, t.Ball = t.Own, t.Own
	case view == ViewInterp:
		t.Ball = t.Remote
	case view == ViewFilter:
		last := t.Ball
		if last > t.Own+1 || last < t.Remote-netcode.History/2 {
			last = t.Remote // after a gap
		}
		axis := func(at float64) float64 { return ballAxis(d.pictureAt(at)) }
		t.Ball = contour(me).Draw(last, t.Own, t.Remote, axis)
	}
}

// contour joins the own time at the own face to the other player's at the other face.
func contour(me int) netcode.Contour {
	faces := [2]float64{pixels(game.LeftFace), pixels(game.RightFace - game.BallSize)}
	return netcode.Contour{Mine: faces[me], Theirs: faces[1-me]}
}

// filterDelay returns how many ticks behind the server's newest possible STATE the opponent is drawn with the filter.
// delay is that of the view interp. was is by how much the two times would be apart now, had the opponent's run at the
// speed of real time for the ticks that have passed since the last frame.
func (d *drawn) filterDelay(now time.Time, delay, was, passed float64, me int) float64 {
	server := d.timeline.Server(now)
	wanted := d.apart.Ticks()
	if d.settings.NoApart {
		wanted = d.times.Own - (server - delay)
	}
	wanted = min(wanted, d.times.Own-(server-longestDelay))
	if d.settings.NoPlan {
		return max(server-(d.times.Own-min(wanted, d.mostApart())), 0)
	}
	at := d.pictureAt(d.times.Ball)
	leg := d.plan.next(at.state, at.ball.X, me)
	return server - (d.times.Own - leg.toward(was, min(wanted, d.plan.most(leg.hits)), passed))
}

// waitLimit returns the time that the opponent's time must not pass, because a contact there is not decided. passed
// ticks have passed since the last frame.
func (d *drawn) waitLimit(now time.Time, passed float64, me int) float64 {
	if d.timeline.Server(now)-float64(d.game.newest.Tick) > mostSilence {
		return math.Inf(1)
	}
	return d.wait.limit(d.game.openContact(d.times.Remote, me), d.times.Remote, passed)
}

// mostApart returns by how many ticks the two times of the filter may differ without a plan.
func (d *drawn) mostApart() float64 {
	v := math.Abs(pixels(d.game.predictor.Present().Ball.VX))
	if v == 0 {
		return math.Inf(1)
	}
	return filterBound * pixels(game.RightFace-game.LeftFace-game.BallSize) / v
}

// raw returns where things are at the times at which they are drawn, without smoothing.
func (d *drawn) raw(me int) picture {
	p := d.pictureAt(d.times.Ball)
	p.paddles[me] = d.pictureAt(d.times.Own).paddles[me]
	p.paddles[1-me] = d.pictureAt(d.times.Remote).paddles[1-me]
	return p
}

// snap forgets the corrections that have not faded: across a serve or a gap things do not slide.
func (d *drawn) snap() {
	d.ball, d.paddles = netcode.Smoother{}, [2]netcode.Smoother{}
}

// isLate reports whether the STATE of a tick arrives so much later than earlier ones that no buffer covers it.
func (d *drawn) isLate(now time.Time, tick netcode.Tick) bool {
	return d.timeline.Server(now)-float64(tick) > float64(longestTail/period)
}

// restart forgets what was drawn before a gap, and when ticks have arrived if they arrive later now: the server may
// have stood still, and then they always will.
func (d *drawn) restart(now time.Time, tick netcode.Tick) {
	d.snap()
	if d.isLate(now, tick) {
		d.timeline = netcode.Timeline{Period: period}
		d.timeline.Observe(now, tick)
	}
}

// keep remembers what a correction has changed, at the times at which things were drawn.
func (d *drawn) keep(before, after picture) {
	d.ball.Add(before.ball.X, before.ball.Y, after.ball.X, after.ball.Y)
	for i := range d.paddles {
		d.paddles[i].Add(0, before.paddles[i], 0, after.paddles[i])
	}
}

// fade fades corrections. That of the ball has faded when the ball meets a paddle, or it would seem to turn beside it.
func (d *drawn) fade(dt, contact time.Duration) {
	const hurry = 120 * time.Millisecond // the Smoother's own pace, enough for contacts three times as far away
	d.ball.Fade(dt * hurry / min(max(contact/3, time.Millisecond), hurry))
	for i := range d.paddles {
		d.paddles[i].Fade(dt)
	}
}

// holdOwnPaddle keeps the own paddle from moving against the key that is held while a correction fades.
func (d *drawn) holdOwnPaddle(raw picture, me int, in game.Input) {
	offset := &d.paddles[me]
	y := raw.paddles[me] + offset.Y
	if offset.Y != 0 && (in == game.Up && y > d.ownY || in == game.Down && y < d.ownY) {
		y = d.ownY
		offset.Y = y - raw.paddles[me]
	}
	d.ownY = y
}

// smooth adds the corrections that have not faded.
func (d *drawn) smooth(p picture) picture {
	p.ball.X += d.ball.X
	p.ball.Y += d.ball.Y
	for i := range p.paddles {
		p.paddles[i] += d.paddles[i].Y
	}
	return p
}

// shown returns the state of the game as the picture shows it: that of the ball's time, as far as it is confirmed.
// Score, countdown and result are those of this state, so they change when the ball is seen to cross the wall.
func (d *drawn) shown() game.State { return d.game.confirmedAt(d.times.Ball) }
