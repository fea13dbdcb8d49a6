package load

import (
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// A crowd holds all players in one array. It is stepped with the time and with bytes; it has no socket, no clock and
// no goroutine. It sends the players' datagrams one after the other, spread evenly over the time between two inputs.
type crowd struct {
	players []player
	byID    map[sealed.ID]int32

	send    func(i int, datagram []byte) // sends a datagram, which is lent
	rematch func(i int) bool             // requests a rematch over the control channel; false: try again later
	check   func(i int)                  // reads the control channel

	starts histogram // from when the second player of a match dialled to the first STATE of a match that has begun

	turn    int           // player that sends next
	due     time.Duration // when it does
	inputs  int           // INPUTs sent since the start
	measure measure
	scratch struct {
		plain, out [sealed.MaxDatagram]byte
		runs       [wire.MaxRuns]netcode.Run[game.Input]
		state      wire.State
	}
}

// A measure counts what has happened since the measurement began.
type measure struct {
	Out, In  traffic
	Inputs   int // INPUTs sent
	States   int // STATEs that were valid and newer than all before
	Refused  int // datagrams that were not authentic or not of the protocol
	Stale    int // STATEs that were not newer
	Missed   int // ticks that the server played without the player's input, according to STATEs
	NotSent  int // INPUTs that were left out because this program fell behind
	Failed   int // datagrams that the system refused to send
	RTT, Gap histogram
}

// traffic counts datagrams, and their bytes without IP and UDP headers.
type traffic struct{ Datagrams, Bytes int }

func newCrowd(most int) *crowd {
	return &crowd{players: make([]player, 0, most), byID: make(map[sealed.ID]int32, most)}
}

// add adds a player, which sends its REGISTER at once.
func (c *crowd) add(now time.Duration, p player) {
	if len(c.players) == 0 {
		c.due = now
	}
	c.byID[p.id] = int32(len(c.players))
	c.players = append(c.players, p)
	c.sendTurn(now, len(c.players)-1)
}

// find returns the player that a datagram is for.
func (c *crowd) find(datagram []byte) (i int, ok bool) {
	id, ok := sealed.ParseID(datagram)
	if !ok {
		return 0, false
	}
	n, ok := c.byID[id]
	return int(n), ok
}

// receive handles a datagram that arrived at a time.
func (c *crowd) receive(at time.Duration, datagram []byte) {
	m := &c.measure
	i, ok := c.find(datagram)
	if !ok {
		m.Refused++
		return
	}
	p := &c.players[i]
	plain, number, err := p.keys.Open(c.scratch.plain[:0], datagram)
	if err != nil {
		m.Refused++
		return
	}
	kind, err := wire.ParseType(plain)
	if err != nil || !kind.Downward() {
		m.Refused++
		return
	}
	st := &c.scratch.state
	if kind == wire.TypeState {
		if err := wire.ParseState(plain, st); err != nil {
			m.Refused++
			return
		}
	}
	m.In.Datagrams++
	m.In.Bytes += len(datagram)
	p.received++
	if a := p.echo.Receive(instant(at), number, wire.ParseStamp(plain)); a.HasRTT {
		m.RTT.add(a.RTT)
	}
	switch kind {
	case wire.TypeChallenge:
		data := wire.ParseChallenge(plain)
		c.seal(at, i, wire.AppendResponse(c.scratch.plain[:0], p.echo.Stamp(instant(at)), data))
	case wire.TypeState:
		c.handleState(at, i, st)
	}
}

// handleState handles a STATE of player i.
func (c *crowd) handleState(at time.Duration, i int, st *wire.State) {
	p, m := &c.players[i], &c.measure
	if p.online && netcode.Tick(st.Game.Tick) <= p.newest {
		m.Stale++
		return
	}
	m.States++
	if p.running {
		m.Gap.add(at - p.state)
		m.Missed += st.Margin.Missed
	}
	was := p.running
	p.follow(at, st)
	if p.running && !was {
		c.check(i)
		if p.seat == 1 && !p.begun {
			c.starts.add(at - p.joinBegan)
		}
		p.begun = true
	}
	switch over := st.Game.Phase == game.Over; {
	case over && !p.over:
		p.over = c.rematch(i)
	case !over:
		p.over = false
	}
}

// advance sends what is due. Each player has one turn in each period.
func (c *crowd) advance(now time.Duration) {
	n := time.Duration(len(c.players))
	if n == 0 {
		return
	}
	if late := now - c.due; late > 4*period { // leave turns out: catching up would flood the server
		left := late / (period / n)
		c.due += left * (period / n)
		c.turn = int((time.Duration(c.turn) + left) % n)
		c.measure.NotSent += int(left)
	}
	for c.due <= now {
		c.sendTurn(now, c.turn)
		c.turn = (c.turn + 1) % int(n)
		c.due += period / n
	}
}

// sendTurn sends the datagram of a player's turn, if it has one: INPUT in play, REGISTER or PING before.
func (c *crowd) sendTurn(now time.Duration, i int) {
	p := &c.players[i]
	plain := c.scratch.plain[:0]
	switch {
	case p.running:
		if !p.play(now) {
			return
		}
		c.measure.Inputs++
		c.inputs++
		runs := p.log.AppendRuns(c.scratch.runs[:0], wire.LongestRun)
		plain = wire.AppendInput(plain, p.echo.Stamp(instant(now)), wire.Input{Newest: p.log.Newest(), Runs: runs})
	case now-p.sent < everyPing && p.sent > 0:
		return
	case p.online:
		plain = wire.AppendPing(plain, p.echo.Stamp(instant(now)))
	default:
		plain = wire.AppendRegister(plain, p.echo.Stamp(instant(now)),
			wire.Register{PlayerID: uint8(p.seat + 1), Token: p.token})
	}
	c.seal(now, i, plain)
}

func (c *crowd) seal(now time.Duration, i int, plain []byte) {
	p := &c.players[i]
	datagram, err := p.keys.Seal(c.scratch.out[:0], plain)
	if err != nil {
		c.measure.Failed++ // the packet numbers are used up, after a day and a half
		return
	}
	p.sent = now
	c.measure.Out.Datagrams++
	c.measure.Out.Bytes += len(datagram)
	c.send(i, datagram)
}

// begin begins a measurement.
func (c *crowd) begin() {
	c.measure = measure{}
	for i := range c.players {
		p := &c.players[i]
		p.first, p.received = p.echo.Number(), 0
	}
}

// lost returns how many of the server's datagrams have not arrived since the measurement began, and the mean share of
// their own datagrams that the players have lost lately, according to the server.
func (c *crowd) lost() (down int, up float64) {
	for i := range c.players {
		p := &c.players[i]
		down += max(int(p.echo.Number()-p.first)-p.received, 0)
		up += p.lossUp
	}
	return down, up / float64(max(len(c.players), 1))
}

// running returns the number of players in matches that have begun.
func (c *crowd) running() (n int) {
	for i := range c.players {
		if c.players[i].running {
			n++
		}
	}
	return n
}
