package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"sync/atomic"
	"time"

	"pong/netcode/sealed"
)

// A loop gives a shard its socket, its clock and its goroutine.
type loop struct {
	shard    *Shard
	socket   Socket
	commands chan func(now time.Time)
	done     chan struct{} // closed when the shard has been stopped

	players, open atomic.Int64 // for the lobby: who is here, and how many seats across from somebody are free to anybody
}

func newLoop(socket Socket) *loop {
	return &loop{socket: socket, commands: make(chan func(time.Time), 64), done: make(chan struct{})}
}

// do has a function called by the shard's goroutine and waits until it has run; false means that it may not have,
// because the server ends.
func (l *loop) do(f func(now time.Time)) bool {
	ran := make(chan struct{})
	command := func(now time.Time) {
		f(now)
		l.publish()
		l.open.Store(int64(l.shard.Open())) // whatever it was about
		close(ran)
	}
	select {
	case l.commands <- command:
	case <-l.done:
		return false
	}
	_ = l.socket.SetReadDeadline(time.Now()) // wakes the loop
	select {
	case <-ran:
		return true
	case <-l.done:
		return false
	}
}

// run owns the shard until ctx is done, or the socket fails. A datagram is taken when it comes, because its stamp is
// what latency is measured by; its inputs count at their tick all the same.
func (l *loop) run(ctx context.Context) error {
	defer close(l.done)
	defer l.shard.Stop()
	var buffer [sealed.MaxDatagram + 1]byte // one more, to see what is too long
	next := time.Now()
	for ctx.Err() == nil {
		if now := time.Now(); !now.Before(next) {
			l.shard.Advance(now)
			l.publish()
			next = l.shard.Next(now)
		}
		if err := l.socket.SetReadDeadline(next); err != nil {
			return fmt.Errorf("game socket: %w", err)
		}
		l.runCommands() // after the deadline is set: a later command sets it to now, and is not slept over
		n, from, err := l.socket.ReadFromUDPAddrPort(buffer[:])
		switch {
		case err == nil:
			from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
			l.shard.Receive(time.Now(), from, buffer[:n])
		case errors.Is(err, os.ErrDeadlineExceeded): // a tick is due, or a command has come
		case errors.Is(err, net.ErrClosed):
			return fmt.Errorf("game socket: %w", err)
		}
		// Any other error, such as ECONNREFUSED from a player who is gone, is a hint about one address at most.
	}
	return nil
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

// publish tells the lobby how full the shard is. Tables are looked through only when somebody has come or gone.
func (l *loop) publish() {
	if n := int64(l.shard.Counts().Sessions); n != l.players.Swap(n) {
		l.open.Store(int64(l.shard.Open()))
	}
}

// send is the shard's way out. What the system refuses is lost, as anything on the way may be.
func (l *loop) send(to netip.AddrPort, datagram []byte) {
	_, _ = l.socket.WriteToUDPAddrPort(datagram, to)
}

// port is the shard's UDP port.
func (l *loop) port() int {
	if a, ok := l.socket.LocalAddr().(*net.UDPAddr); ok {
		return a.Port
	}
	return 0
}
