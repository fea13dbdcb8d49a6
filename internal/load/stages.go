package load

import (
	"context"
	"time"
)

// scraped is the result of a scrape.
type scraped struct {
	*scrape
	err error
}

// stage is the state of a run.
//
//	joining      until the last join has ended
//	starting     until all players play
//	quiescing    nothing is sent, until no datagram is under way
//	counting     a scrape
//	settling     a second of play
//	opening      a scrape
//	measuring    for Config.For
//	closing      a scrape
//	draining     nothing is sent, until no datagram is under way
//	recounting   a scrape
//	done
//
// INPUTs are counted by both sides while none is under way; INPUTs in flight would count as losses otherwise.
type stage uint8

const (
	joining stage = iota
	starting
	quiescing
	counting
	settling
	opening
	measuring
	closing
	draining
	recounting
	done
)

// quiet reports whether the crowd must not send now.
func (r *run) quiet() bool {
	return r.stage == quiescing || r.stage == counting || r.stage == draining || r.stage == recounting
}

// quietPeriod returns the time after which no datagram that was sent is under way any more.
func (r *run) quietPeriod() time.Duration {
	return 200*time.Millisecond + 2*r.cfg.Up.Delay + 4*r.cfg.Up.Jitter
}

func (r *run) enter(s stage) { r.stage, r.since = s, time.Since(r.epoch) }

// end ends the run early, for a reason.
func (r *run) end(why string) {
	r.report.Ended = why
	if r.stage != measuring {
		r.enter(done)
		return
	}
	r.enter(closing)
	r.scrape()
}

// proceed changes the stage when its condition is met.
func (r *run) proceed(ctx context.Context, now time.Duration) {
	n := len(r.crowd.players)
	switch playing := r.stage == joining || r.crowd.measure.In.Datagrams != r.received; {
	case playing:
		r.receivedAt, r.received = now, r.crowd.measure.In.Datagrams
	case r.stage < closing && now-r.receivedAt > silentAfter:
		r.end("the server stopped answering")
	}
	if ctx.Err() != nil && r.stage < closing {
		r.end("interrupted")
	}
	switch r.stage {
	case joining:
		if r.failedInARow >= giveUpAfter {
			r.stopJoining() // and measure with the players that have joined
			r.enter(starting)
		}
	case starting:
		if now-r.since > startWithin || r.crowd.running() == n {
			r.enter(quiescing)
		}
	case quiescing, draining:
		if now-r.since > r.quietPeriod() {
			r.enter(r.stage + 1)
			r.scrape()
		}
	case settling:
		if now-r.since > settleFor {
			r.enter(opening)
			r.scrape()
		}
	case counting, opening, closing, recounting:
		r.awaitScrape(now)
	case measuring:
		if now-r.measurement.began >= r.cfg.For {
			r.enter(closing)
			r.scrape()
		}
	}
	r.reportProgress(now)
}

// scrape requests the server's metrics, without waiting for them.
func (r *run) scrape() {
	if r.cfg.Admin == "" {
		r.scrapes <- scraped{}
		return
	}
	go func() {
		s, err := takeScrape(context.Background(), r.cfg.Admin)
		r.scrapes <- scraped{s, err}
	}()
}

// awaitScrape begins or ends the measurement once the server's metrics are there.
func (r *run) awaitScrape(now time.Duration) {
	var s scraped
	select {
	case s = <-r.scrapes:
	default:
		return
	}
	if s.err != nil {
		r.report.ServerError = s.err.Error()
	}
	p := r.report
	switch r.stage {
	case counting:
		r.measurement.counted, r.measurement.inputs = s.scrape, r.crowd.inputs
		r.enter(settling)
	case opening:
		r.measurement.from, r.measurement.cpu, r.measurement.began = s.scrape, r.cfg.CPUTime(), now
		r.crowd.begin()
		r.received = 0
		r.enter(measuring)
	case closing:
		p.Seconds, p.LoadCPU = (now - r.measurement.began).Seconds(), (r.cfg.CPUTime() - r.measurement.cpu).Seconds()
		p.Playing = r.crowd.running() / 2
		r.close()
		if r.measurement.from != nil && s.scrape != nil {
			p.Server = compare(r.measurement.before, r.measurement.from, s.scrape, p.Playing)
		}
		r.enter(draining)
	case recounting:
		if p.Server != nil && r.measurement.counted != nil && s.scrape != nil {
			p.Server.InputsSent = r.crowd.inputs - r.measurement.inputs
			p.Server.InputsAccepted = int(s.values[metricInputs] - r.measurement.counted.values[metricInputs])
		}
		r.enter(done)
	}
}
