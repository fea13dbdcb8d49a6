package server

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"pong/internal/shard"
	"pong/internal/udp"
)

// A loop gives a shard its socket, its clock and its goroutine.
type loop struct {
	shard    *shard.Shard
	socket   udp.Socket
	copies   func() // sends copies of matches that wait; nil if none are made
	commands chan func(now time.Time)
	done     chan struct{} // closed after the shard has stopped

	players, openSeats atomic.Int64 // for the lobby
}

func newLoop(socket udp.Socket) *loop {
	return &loop{socket: socket, commands: make(chan func(time.Time), 64), done: make(chan struct{})}
}

// do has the shard's goroutine call f, and waits until it has. It returns false if f may not have been called because
// the loop has ended.
func (l *loop) do(f func(now time.Time)) bool {
	ran := make(chan struct{})
	command := func(now time.Time) {
		f(now)
		l.publish()
		l.openSeats.Store(int64(l.shard.OpenSeats()))
		close(ran)
	}
	select {
	case l.commands <- command:
	case <-l.done:
		return false
	}
	l.socket.Wake()
	select {
	case <-ran:
		return true
	case <-l.done:
		return false
	}
}

// run owns the shard until ctx is done or the socket fails. It sleeps until the next slot with due ticks, receives the
// datagrams that have arrived, plays the ticks and sends the STATEs. A datagram does not wake it: an input counts at
// its tick anyway, and the socket knows when it arrived (docs/decisions/0009).
//
//	command ----.
//	slot is due -> Receive -> AdvanceSome, Flush, until nothing is due -> commands -> Wait
func (l *loop) run(ctx context.Context) error {
	defer close(l.done)
	defer l.shard.Stop()
	defer context.AfterFunc(ctx, l.socket.Wake)()
	receive := l.shard.ReceiveAll
	m := newMeter(time.Now(), l.socket.Clock())
	for ctx.Err() == nil {
		behind := m.woke.Sub(l.shard.Next(m.woke)) > shard.TooLate
		l.advance()
		l.runCommands()
		l.flush() // the datagrams of commands

		now := time.Now()
		worked := m.worked(now, l.socket.Clock(), behind)
		if err := l.socket.Wait(l.shard.Next(now)); err != nil {
			return fmt.Errorf("game socket: %w", err)
		}
		m = newMeter(time.Now(), l.socket.Clock())
		l.shard.CountWork(worked, m.woke.Sub(now))
		if span := suspended(now, m.woke); span > shard.StoodStill {
			l.shard.Suspended(m.woke, span)
		}
		if err := l.socket.Receive(receive); err != nil {
			return fmt.Errorf("game socket: %w", err)
		}
	}
	return nil
}

// suspended returns for how long the machine was suspended between two readings of the clock, as far as the monotonic
// clock does not count that: on Linux it does not, but the wall clock does. A wall clock that is set forward has the
// same effect.
func suspended(before, after time.Time) time.Duration {
	return after.Round(0).Sub(before.Round(0)) - after.Sub(before)
}

// batchMatches is how many matches are played with one reading of the clock. The clock stamps their STATEs, so that
// those must not be sent much later. They fill a batch of 64 datagrams.
const batchMatches = 32

// advanceWithin limits how long ticks are played before the loop looks at the socket again. The receive buffer holds
// much more than arrives in that time.
const advanceWithin = 5 * time.Millisecond

// advance plays the ticks that are due. It reads the clock again and again, because under load they take a while.
func (l *loop) advance() {
	start := time.Now()
	for now := start; l.shard.AdvanceSome(now, batchMatches) && now.Sub(start) < advanceWithin; now = time.Now() {
		l.flush()
	}
	l.flush()
	l.publish()
}

// flush sends what waits: first the copies of matches, as datagrams can be withheld until these have arrived.
func (l *loop) flush() {
	if l.copies != nil {
		l.copies()
	}
	l.shard.CountUnsent(l.socket.Flush())
}

func (l *loop) runCommands() {
	for {
		select {
		case f := <-l.commands:
			f(time.Now())
		default:
			return
		}
	}
}

// publish updates what the lobby knows of the shard. The open seats are counted only if the number of sessions has
// changed.
func (l *loop) publish() {
	if n := int64(l.shard.Counts().Sessions); n != l.players.Swap(n) {
		l.openSeats.Store(int64(l.shard.OpenSeats()))
	}
}
