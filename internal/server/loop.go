package server

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"time"

	"pong/internal/shard"
	"pong/internal/udp"
)

// A loop gives a shard its socket, its clock and its goroutine.
type loop struct {
	shard    *shard.Shard
	socket   udp.Socket
	commands chan func(now time.Time)
	done     chan struct{} // closed when the shard has been stopped

	players, openSeats atomic.Int64 // for the lobby: who is here, and how many seats across from somebody are free to anybody
}

func newLoop(socket udp.Socket) *loop {
	return &loop{socket: socket, commands: make(chan func(time.Time), 64), done: make(chan struct{})}
}

// do has a function called by the shard's goroutine and waits until it has run; false means that it may not have,
// because the server ends.
func (l *loop) do(f func(now time.Time)) bool {
	ran := make(chan struct{})
	command := func(now time.Time) {
		f(now)
		l.publish()
		l.openSeats.Store(int64(l.shard.OpenSeats())) // whatever it was about
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

// run owns the shard until ctx is done, or the socket fails. It sleeps until the next slot in which ticks are due, takes
// what has arrived until then, plays the ticks and sends what they bring. A datagram that comes in between wakes nobody:
// its inputs count at their tick anyway, and the socket says when it came (docs/decisions/0009).
//
//	command ---.
//	slot is due -> Receive -> AdvanceSome, Flush, until nothing is due -> commands -> Wait
func (l *loop) run(ctx context.Context) error {
	defer close(l.done)
	defer l.shard.Stop()
	defer context.AfterFunc(ctx, l.socket.Wake)()
	take := l.shard.ReceiveAll
	for woke, clock := time.Now(), l.socket.Clock(); ctx.Err() == nil; {
		behind := woke.Sub(l.shard.Next(woke)) > shard.TooLate
		l.advance()
		l.runCommands()
		l.flush() // what commands bring

		now := time.Now()
		worked := now.Sub(woke)
		if !behind { // else the loop has too little, whoever has the rest
			// A loop that has changed threads has two clocks, but it works for no longer than time goes by.
			worked = min(max(l.socket.Clock()-clock, 0), worked)
		}
		if err := l.socket.Wait(l.shard.Next(now)); err != nil {
			return fmt.Errorf("game socket: %w", err)
		}
		woke, clock = time.Now(), l.socket.Clock()
		l.shard.CountWork(worked, woke.Sub(now))
		if err := l.socket.Receive(take); err != nil {
			return fmt.Errorf("game socket: %w", err)
		}
	}
	return nil
}

// together is how many matches are played with one reading of the clock: it stamps their STATEs, so what is sent must
// not be much later. Sixty-four datagrams fill a batch.
const batchMatches = 32

// atOnce is for how long ticks are played until the socket is looked at again, if there is so much to do. Its receive
// buffer lasts for much longer.
const advanceWithin = 5 * time.Millisecond

// advance plays what is due. The clock is read again and again, because under load there is more to do than a moment.
func (l *loop) advance() {
	start := time.Now()
	for now := start; l.shard.AdvanceSome(now, batchMatches) && now.Sub(start) < advanceWithin; now = time.Now() {
		l.flush()
	}
	l.flush()
	l.publish()
}

func (l *loop) flush() { l.shard.CountUnsent(l.socket.Flush()) }

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

// publish tells the lobby how full the shard is. Tables are looked through only when somebody has come or gone.
func (l *loop) publish() {
	if n := int64(l.shard.Counts().Sessions); n != l.players.Swap(n) {
		l.openSeats.Store(int64(l.shard.OpenSeats()))
	}
}

// send is the shard's way out. What the system refuses is lost, as anything on the way may be.
func (l *loop) send(from netip.Addr, to netip.AddrPort, datagram []byte) {
	l.socket.Send(from, to, datagram)
}

// port is the shard's UDP port.
func (l *loop) port() int {
	if a, ok := l.socket.LocalAddr().(*net.UDPAddr); ok {
		return a.Port
	}
	return 0
}
