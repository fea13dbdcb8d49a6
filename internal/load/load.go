// Package load plays many matches against a real server, to measure what the server costs and how many matches it
// holds. Its sessions are real: each player joins over TLS, sends 60 sealed INPUTs a second that repeat all
// unacknowledged inputs, opens every STATE, checks the order of STATEs and answers challenges. Players predict and
// draw nothing.
//
//	joiners --TLS--> crowd (flat array, one loop) --INPUT--> transport (one UDP socket) --> server
//	controlPool (a few goroutines: PING, REMATCH, LEAVE)   <-STATE--
//
// crowd and player are values that are stepped with the time and with bytes, like client.Session; the rest is their
// shell. The program must cost less than the server, or it would measure itself. Therefore no player has a goroutine,
// there is one map, and a datagram allocates nothing.
package load

import (
	"context"
	"fmt"
	"maps"
	"time"

	"pong/internal/trust"
	"pong/netcode/netsim"
)

// Config says which server to load, and how.
type Config struct {
	Address string             // of the server, as a person types it, or a join link
	Trust   *trust.Fingerprint // that the server must have; nil if the join link or PinFile decides
	PinFile string             // file of the known servers' identities. If empty, no server is known.
	Matches int                // number of matches, of two players each
	For     time.Duration      // length of the measurement, which begins when all play. If zero, 10 s.
	// time over which the joins are spread. If zero, players join as fast as the server allows.
	Ramp time.Duration

	// StateRate is the number of STATEs a second that the server must announce. If zero, any rate is accepted.
	StateRate int

	// Up and Down are the networks to simulate, towards the server and back.
	Up, Down netsim.Profile

	// Admin is the address of the server's metrics. If empty, the report has none of the server's figures.
	Admin string

	// CPUTime returns the processor time that this process has used. If nil, the report has none.
	CPUTime func() time.Duration

	// Progress is called a few times a second. It may be nil.
	Progress func(Progress)
}

// Progress says how far a run is.
type Progress struct {
	Players, Failed int           // players that have joined, and joins that have failed
	Playing         int           // players in matches that have begun
	Measured        time.Duration // since the measurement began; zero before
	Out, In         int           // datagrams since the measurement began
}

// MaxMatches is the greatest number of matches. There are loopback addresses for their players; file descriptors run
// out earlier.
const MaxMatches = 50_000

const (
	joiners     = 12 // joins at once; a server admits 16 pending connections from one address
	giveUpAfter = 32 // consecutive failed joins
	firstRetry  = 250 * time.Millisecond
	lastRetry   = 2 * time.Second
	startWithin = 10 * time.Second // time from the last join to the last start
	settleFor   = time.Second      // pause before the measurement
	silentAfter = 5 * time.Second  // time without a datagram after which the server is considered gone
	slot        = time.Millisecond // between two reads of the socket; four of them with few players, to save CPU time
	fewPlayers  = 500
)

// Run plays until the measurement is done or ctx is cancelled, and returns what was measured. It returns an error if
// nothing was measured.
func Run(ctx context.Context, cfg Config) (*Report, error) {
	if cfg.For == 0 {
		cfg.For = 10 * time.Second
	}
	if cfg.CPUTime == nil {
		cfg.CPUTime = func() time.Duration { return 0 }
	}
	if cfg.Matches < 1 || cfg.Matches > MaxMatches {
		return nil, fmt.Errorf("%d matches: must be from 1 to %d", cfg.Matches, MaxMatches)
	}
	d, err := newDialer(ctx, &cfg)
	if err != nil {
		return nil, err
	}
	r := &run{cfg: cfg, dialer: d, epoch: time.Now(), report: &Report{
		Address: d.address, Asked: cfg.Matches, Sources: hasSources(d.server), ControlGone: make(map[string]int),
	}}
	r.report.Join.Failed, r.report.Join.Ramp = make(map[string]int), cfg.Ramp.Seconds()
	if cfg.Admin != "" { // before any join, so that a wrong address is reported at once
		if r.measurement.before, err = takeScrape(ctx, cfg.Admin); err != nil {
			return nil, err
		}
	}
	first, err := d.join(ctx, 0) // alone: it decides about trust, and its error is the one that thousands would have
	if err != nil {
		return nil, err
	}
	r.report.StateRate = first.rate
	if cfg.StateRate != 0 && first.rate != cfg.StateRate {
		first.control.conn.Close()
		return nil, fmt.Errorf("the server sends %d STATEs a second, want %d: start it with --state-rate %d",
			first.rate, cfg.StateRate, cfg.StateRate)
	}
	if err := r.open(first); err != nil {
		first.control.conn.Close()
		return nil, err
	}
	defer r.transport.close()
	defer r.controlPool.close()
	return r.play(ctx)
}

// A run is a load in progress. Only its loop accesses its fields.
type run struct {
	cfg         Config
	dialer      *dialer
	epoch       time.Time
	transport   transport
	crowd       *crowd
	impairment  *impairment // nil if no network is simulated
	controlPool *controlPool
	report      *Report

	stopJoining context.CancelFunc

	joinResults  chan joinResult
	took         histogram // of joins, from dialling to WELCOME
	failedInARow int       // joins

	scrapes     chan scraped
	measurement measurement

	stage      stage
	since      time.Duration // when the stage began
	progressAt time.Duration // last call of Progress
	receivedAt time.Duration // when the number of received datagrams last grew
	received   int
}

// A measurement holds the values at the moments with which the final ones are compared.
type measurement struct {
	before  *scrape       // before the first join
	counted *scrape       // before the measurement, while no INPUT was under way
	inputs  int           // INPUTs sent until counted
	from    *scrape       // at the beginning of the measurement
	began   time.Duration // when that was
	cpu     time.Duration // used by this process until then
}

// open connects the parts and admits the first player.
func (r *run) open(first joinedPlayer) (err error) {
	most := 2 * r.cfg.Matches
	if r.transport, err = openTransport(r.epoch, r.dialer.server); err != nil {
		return err
	}
	r.crowd, r.controlPool = newCrowd(most), newControlPool(most)
	r.joinResults, r.scrapes = make(chan joinResult, 2*joiners), make(chan scraped, 1)
	r.crowd.send = r.transport.send
	r.crowd.check = func(i int) { r.controlPool.submit(request{i: i}) }
	r.crowd.rematch = func(i int) bool { return r.controlPool.submit(request{i: i, rematch: true}) }
	if r.cfg.Up != (netsim.Profile{}) || r.cfg.Down != (netsim.Profile{}) {
		r.impairment = &impairment{epoch: r.epoch, up: r.cfg.Up, down: r.cfg.Down, send: r.transport.send,
			deliver: r.crowd.receive}
		r.crowd.send = func(i int, datagram []byte) { r.impairment.sendUp(time.Since(r.epoch), i, datagram) }
	}
	return r.admit(first)
}

// admit takes a joined player into the crowd.
func (r *run) admit(j joinedPlayer) error {
	if err := r.transport.add(j.from, j.game); err != nil {
		j.control.conn.Close()
		return err
	}
	r.controlPool.add(j.control)
	if r.impairment != nil {
		r.impairment.add()
	}
	now := time.Since(r.epoch)
	j.player.joinBegan = j.began.Sub(r.epoch)
	r.crowd.add(now, j.player)
	r.took.add(j.took)
	return nil
}

// startJoining lets all players but the first join in the background. Stop ends that, and closes the connections of
// players that were not admitted.
func (r *run) startJoining(ctx context.Context) (stop func()) {
	ctx, r.stopJoining = context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.joinAll(ctx)
	}()
	return func() {
		r.stopJoining()
		for {
			select {
			case o := <-r.joinResults:
				if o.control != nil {
					o.control.conn.Close()
				}
			case <-ended:
				return
			}
		}
	}
}

// play is the loop: receive, send what is due, handle events, change the stage, sleep.
func (r *run) play(ctx context.Context) (*Report, error) {
	defer r.startJoining(ctx)()
	deliver := r.crowd.receive
	if r.impairment != nil {
		deliver = func(at time.Duration, datagram []byte) {
			if i, ok := r.crowd.find(datagram); ok {
				r.impairment.deliverDown(at, i, datagram)
			}
		}
	}
	for r.stage != done {
		r.transport.receive(deliver)
		now := time.Since(r.epoch)
		if r.impairment != nil {
			r.impairment.advance(now)
		}
		if !r.quiet() {
			r.crowd.advance(now)
		}
		r.handleEvents()
		r.transport.flush() // includes the REGISTERs of players that have just joined
		r.proceed(ctx, now)
		nap := slot
		if len(r.crowd.players) < fewPlayers {
			nap = 4 * slot
		}
		r.transport.wait((now/nap + 1) * nap)
	}
	r.finish()
	return r.report, nil
}

// handleEvents handles the results of other goroutines: joins, and events of control connections.
func (r *run) handleEvents() {
	for {
		select {
		case o := <-r.joinResults:
			r.handleJoin(o)
		case n := <-r.controlPool.events:
			if n.gone != "" {
				r.report.ControlGone[n.gone]++
			}
			if n.seat >= 0 {
				r.crowd.players[n.i].seat = n.seat
			}
		default:
			return
		}
	}
}

// reportProgress calls Progress, at most four times a second.
func (r *run) reportProgress(now time.Duration) {
	if r.cfg.Progress == nil || now-r.progressAt < 250*time.Millisecond {
		return
	}
	r.progressAt = now
	p := Progress{Players: len(r.crowd.players), Playing: r.crowd.running()}
	for n := range maps.Values(r.report.Join.Failed) {
		p.Failed += n
	}
	if r.stage >= measuring {
		p.Measured, p.Out, p.In = now-r.measurement.began, r.crowd.measure.Out.Datagrams, r.crowd.measure.In.Datagrams
	}
	r.cfg.Progress(p)
}

// finish fills in the report's figures about joins.
func (r *run) finish() {
	p := r.report
	if p.Join.Seconds == 0 {
		p.Join.Seconds = time.Since(r.epoch).Seconds()
	}
	p.Join.Players, p.Join.Took, p.Join.Start = len(r.crowd.players), r.took.quantiles(), r.crowd.starts.quantiles()
	p.Join.PerSecond = float64(p.Join.Players) / p.Join.Seconds
}

// close fills in the report's figures about the measurement.
func (r *run) close() {
	m, p := &r.crowd.measure, r.report
	p.Out, p.In = TrafficReport(m.Out), TrafficReport(m.In)
	p.Inputs, p.States, p.Refused, p.Stale, p.Missed = m.Inputs, m.States, m.Refused, m.Stale, m.Missed
	p.NotSent, p.Failed = m.NotSent, m.Failed+r.transport.failed()
	p.LostDown, p.LostUp = r.crowd.lost()
	p.RTT, p.Gap = m.RTT.quantiles(), m.Gap.quantiles()
	if all := len(r.crowd.players) / 2; p.Playing < all && p.Ended == "" {
		p.Ended = fmt.Sprintf("%d of %d matches did not begin: was the server started with --start auto?",
			all-p.Playing, all)
	}
}
