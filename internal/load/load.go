// Package load is many players against a real server, to find out what the server costs and how many matches it holds.
// Its sessions are real: each joins over TLS, seals 60 INPUTs a second with all inputs that are not acknowledged, opens
// every STATE and checks its order, and answers challenges. What they leave out is the picture: nothing is predicted.
//
//	joiners --TLS--> crowd (flat array, one loop) --INPUT--> conduit (one UDP socket) --> server
//	desk (a few goroutines: PING, REMATCH, LEAVE)    <-STATE--
//
// crowd and player are values stepped with the time and with bytes, like client.Session; the rest is their shell. The
// program must cost less than the server, or it would measure itself: so there is no goroutine for a player, no map
// but one, and no allocation for a datagram.
package load

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"pong/internal/trust"
	"pong/netcode/netsim"
)

// Config says what to do to which server.
type Config struct {
	Address string             // what a person typed, or a join link
	Trust   *trust.Fingerprint // the server's, or nil
	PinFile string             // where the identities of known servers are. If empty, none is known.
	Matches int                // two players each
	For     time.Duration      // the measurement, once all play. If zero, 10 s.
	Ramp    time.Duration      // over which joins are spread. If zero, they come as fast as the server takes them.

	// StateRate is how many STATEs a second the server must say that it sends. If zero, any.
	StateRate int

	// Up and Down are what happens to datagrams.
	Up, Down netsim.Profile

	// Admin is where the server's metrics are. If empty, they are not asked for.
	Admin string

	// CPUTime returns the processor time that this process has used. If nil, the report has none.
	CPUTime func() time.Duration

	// Progress is called a few times a second. May be nil.
	Progress func(Progress)
}

// Progress is how far a run is.
type Progress struct {
	Players, Failed int           // joined, and not
	Playing         int           // players in matches that have begun
	Measured        time.Duration // zero before the measurement
	Out, In         int           // datagrams since it began
}

// MaxMatches is how many matches there are addresses for, and more than descriptors.
const MaxMatches = 50_000

const (
	joiners     = 12 // joins at once; a server lets 16 wait for each address
	giveUpAfter = 32 // joins that fail in a row
	firstRetry  = 250 * time.Millisecond
	lastRetry   = 2 * time.Second
	startWithin = 10 * time.Second // from the last join to the last start
	settleFor   = time.Second      // before the measurement
	silentAfter = 5 * time.Second  // without a datagram from the server there is no server
	slot        = time.Millisecond // between two looks at the socket; with few players four, or that would be the cost
	fewPlayers  = 500
)

// Run plays until the measurement is done, or ctx is, and returns what was measured. An error means that nothing was.
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
	if cfg.Admin != "" { // first of all: a wrong address shows at once
		if r.before, err = takeScrape(ctx, cfg.Admin); err != nil {
			return nil, err
		}
	}
	first, err := d.join(ctx, 0) // decides about trust, and says what is wrong before thousands do
	if err != nil {
		return nil, err
	}
	r.report.StateRate = first.rate
	if cfg.StateRate != 0 && first.rate != cfg.StateRate {
		first.control.conn.Close()
		return nil, fmt.Errorf("the server sends %d STATEs a second, not %d: start it with --state-rate %d", first.rate, cfg.StateRate, cfg.StateRate)
	}
	if err := r.open(first); err != nil {
		first.control.conn.Close()
		return nil, err
	}
	defer r.transport.close()
	defer r.controlPool.close()
	return r.play(ctx)
}

// A run is a load under way. Its loop alone touches what is in it.
type run struct {
	cfg         Config
	dialer      *dialer
	epoch       time.Time
	transport   transport
	crowd       *crowd
	impairment  *impairment // nil: the network is as it is
	controlPool *controlPool
	report      *Report

	stopJoining context.CancelFunc

	joinResults chan joinResult
	scrapes     chan scraped
	before      *scrape // before the first join
	counted     *scrape // before the measurement, in silence
	inputs      int     // sent until then
	from        *scrape // when the measurement began
	took        histogram

	failedInARow int
	stage        stage
	since        time.Duration // when the stage began
	began        time.Duration // when the measurement did
	cpu          time.Duration // at that time
	progressAt   time.Duration // Progress, last
	receivedAt   time.Duration // when the number of received datagrams last grew
	received     int
}

// open connects the parts, with the first player.
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
		r.impairment = &impairment{epoch: r.epoch, up: r.cfg.Up, down: r.cfg.Down, send: r.transport.send, deliver: r.crowd.receive}
		r.crowd.send = func(i int, datagram []byte) { r.impairment.sendUp(time.Since(r.epoch), i, datagram) }
	}
	return r.admit(first)
}

// admit lets a player who has joined in.
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

// play is the loop: what has come, what is due, what goes on, a nap.
func (r *run) play(ctx context.Context) (*Report, error) {
	joinCtx, stopJoining := context.WithCancel(ctx)
	r.stopJoining = stopJoining
	var group sync.WaitGroup
	group.Go(func() { r.joinAll(joinCtx) })
	defer func() {
		stopJoining()
		ended := make(chan struct{})
		go func() { group.Wait(); close(ended) }()
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
	}()
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
		r.transport.flush() // who has just joined registers, too
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

// hear takes what other goroutines have for the crowd.
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

// tell says how far the run is.
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
		p.Measured, p.Out, p.In = now-r.began, r.crowd.measure.Out.Datagrams, r.crowd.measure.In.Datagrams
	}
	r.cfg.Progress(p)
}

// finish writes what the report says of the joins.
func (r *run) finish() {
	p := r.report
	if p.Join.Seconds == 0 {
		p.Join.Seconds = time.Since(r.epoch).Seconds()
	}
	p.Join.Players, p.Join.Took, p.Join.Start = len(r.crowd.players), r.took.quantiles(), r.crowd.starts.quantiles()
	p.Join.PerSecond = float64(p.Join.Players) / p.Join.Seconds
}

// close writes what the report says of the measurement.
func (r *run) close() {
	m, p := &r.crowd.measure, r.report
	p.Out, p.In = TrafficReport(m.Out), TrafficReport(m.In)
	p.Inputs, p.States, p.Refused, p.Stale, p.Missed = m.Inputs, m.States, m.Refused, m.Stale, m.Missed
	p.NotSent, p.Failed = m.NotSent, m.Failed+r.transport.failed()
	p.LostDown, p.LostUp = r.crowd.lost()
	p.RTT, p.Gap = m.RTT.quantiles(), m.Gap.quantiles()
	if all := len(r.crowd.players) / 2; p.Playing < all && p.Ended == "" {
		p.Ended = fmt.Sprintf("%d of %d matches have not begun: does the server wait for its operator (--start auto)?", all-p.Playing, all)
	}
}
