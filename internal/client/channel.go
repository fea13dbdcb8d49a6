package client

import (
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// Keys seal and open the datagrams of a session: a *sealed.Session, or one of the laboratory without a replay check.
type Keys interface {
	Seal(dst, plaintext []byte) ([]byte, error)
	Open(dst, datagram []byte) (plaintext []byte, number uint32, err error)
}

// A channel is the game channel: it seals and opens datagrams, and measures what the network does to them.
type channel struct {
	keys    Keys
	out     func(datagram []byte)
	observe func(Datagram) // of each datagram; nil if nothing does
	usedUp  bool           // the keys: no more datagrams can be sealed

	echo     netcode.Echo
	trips    netcode.Window // round trips in milliseconds, for their quantiles
	loss     netcode.Loss   // on the way down
	lateness netcode.Lateness
	rate     netcode.SendRate // of INPUTs
	lastSent time.Time        // of a REGISTER, PING or INPUT
	newest   netcode.Tick     // of the newest INPUT
	highest  uint32           // packet number of a datagram that has arrived
	missing  int              // datagrams before it that have not arrived
	number   uint32           // of the newest datagram that was opened

	sent, received     int
	bytesUp, bytesDown int
	refused            int // datagrams that were not authentic or not of the protocol

	scratch
}

// scratch is memory that each datagram uses anew, so that none is allocated.
type scratch struct {
	plain, sealed [sealed.MaxDatagram]byte
	runs          [wire.MaxRuns]netcode.Run[game.Input]
	state         wire.State // the newest STATE that was opened
}

// open opens a datagram that arrived at now and measures it. A STATE is parsed into c.state. ok is false for a datagram
// that is not authentic or not of the protocol.
func (c *channel) open(now time.Time, datagram []byte) (kind wire.Type, plain []byte, ok bool) {
	plain, number, err := c.keys.Open(c.plain[:0], datagram)
	if err == nil {
		kind, err = wire.ParseType(plain)
	}
	if err == nil && kind == wire.TypeState {
		err = wire.ParseState(plain, &c.state)
	}
	if err != nil || !kind.Downward() {
		c.refused++
		return kind, nil, false
	}
	c.number = number
	c.received++
	c.bytesDown += len(datagram)
	a := c.echo.Receive(now, number, wire.ParseStamp(plain))
	if a.HasRTT {
		c.trips.Add(milliseconds(a.RTT))
		c.rate.Add(a.At, a.RTT-a.Transit, c.state.Margin.Loss)
	}
	c.lateness.Add(a.At, a.Transit)
	c.loss.Add(number)
	c.countMissing(number)
	if c.observe != nil {
		d := Datagram{At: now, Type: kind, Number: number, Bytes: len(datagram)}
		if kind == wire.TypeState {
			d.Tick = c.state.Game.Tick
		}
		if a.HasRTT {
			d.RTT = a.RTT
		}
		c.observe(d)
	}
	return kind, plain, true
}

// countMissing takes the number of a datagram that has arrived. One that is overtaken is missing until it arrives.
func (c *channel) countMissing(number uint32) {
	switch {
	case number <= c.highest:
		c.missing = max(c.missing-1, 0)
		return
	case c.received > 1:
		c.missing += int(number - c.highest - 1)
	}
	c.highest = number
}

// seal seals a plaintext and sends it. The tick is the newest of an INPUT.
func (c *channel) seal(now time.Time, plain []byte, tick netcode.Tick) {
	datagram, err := c.keys.Seal(c.sealed[:0], plain)
	if err != nil {
		c.usedUp = true
		return
	}
	c.sent++
	c.bytesUp += len(datagram)
	if c.observe != nil {
		c.observe(Datagram{
			At: now, Up: true, Type: wire.Type(plain[0]), Number: uint32(c.sent), Bytes: len(datagram),
			Tick: uint32(tick),
		})
	}
	c.out(datagram)
}

// respond answers a CHALLENGE.
func (c *channel) respond(now time.Time, challenge [8]byte) {
	c.seal(now, wire.AppendResponse(c.plain[:0], c.echo.Stamp(now), challenge), 0)
}

// register sends a REGISTER when it is due.
func (c *channel) register(now time.Time, r wire.Register) {
	if now.Sub(c.lastSent) >= registerEvery {
		c.lastSent = now
		c.seal(now, wire.AppendRegister(c.plain[:0], c.echo.Stamp(now), r), 0)
	}
}

// ping sends a PING when it is due, which keeps the path open and measured while there are no inputs to send.
func (c *channel) ping(now time.Time, every time.Duration) {
	if now.Sub(c.lastSent) >= every {
		c.lastSent = now
		c.seal(now, wire.AppendPing(c.plain[:0], c.echo.Stamp(now)), 0)
	}
}

// sendInputs sends the inputs that are not acknowledged yet, or the newest alone, if the rate allows it now.
func (c *channel) sendInputs(now time.Time, log *netcode.InputLog[game.Input], newestOnly bool) (sent bool) {
	if log.Newest()-c.newest < c.rate.Every() { // a tick before newest, after a jump of the clock, is far ahead of it
		return false
	}
	c.lastSent, c.newest = now, log.Newest()
	if newestOnly {
		log.Ack(log.Newest() - 1)
	}
	c.repeatInputs(now, log)
	return true
}

// repeatInputs sends the inputs that are not acknowledged yet.
func (c *channel) repeatInputs(now time.Time, log *netcode.InputLog[game.Input]) {
	runs := log.AppendRuns(c.runs[:0], wire.LongestRun)
	plain := wire.AppendInput(c.plain[:0], c.echo.Stamp(now), wire.Input{Newest: log.Newest(), Runs: runs})
	c.seal(now, plain, log.Newest())
}

// rtt returns the usual round trip; before any is measured, a guess.
func (c *channel) rtt() time.Duration {
	if c.echo.Samples() == 0 {
		return 50 * time.Millisecond
	}
	return c.echo.RTT()
}

// shortRTT returns the usual round trip or the newest one, whichever is shorter. After a stall of this process, which
// is not the network's doing, the newest one has waited the least for it.
func (c *channel) shortRTT() time.Duration {
	if c.echo.Samples() == 0 {
		return c.rtt()
	}
	return min(c.rtt(), c.echo.Newest())
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
