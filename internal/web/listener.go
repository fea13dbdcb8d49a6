package web

import (
	"net"
	"sync"
	"time"
)

// A listener hands on connections that were accepted elsewhere.
type listener struct {
	addr  net.Addr
	conns chan net.Conn
	once  sync.Once
	ended chan struct{}
}

func newListener(addr net.Addr) *listener {
	return &listener{addr: addr, conns: make(chan net.Conn), ended: make(chan struct{})}
}

// add hands a connection to Accept. It returns false, and closes the connection, if the listener is closed.
func (l *listener) add(c net.Conn) bool {
	select {
	case l.conns <- c:
		return true
	case <-l.ended:
		c.Close()
		return false
	}
}

// Accept waits for the next connection.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.ended:
		return nil, net.ErrClosed
	}
}

// Close ends Accept.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.ended) })
	return nil
}

// Addr returns the address of the port at which the connections arrive.
func (l *listener) Addr() net.Addr { return l.addr }

// A stream carries the control channel of a page: TLS runs on it, as on a TCP connection of another player.
type stream struct {
	duplex
	local, remote net.Addr
	once          sync.Once
	end           func() // ends the game channel at once, and the connection to the page when it has read all
}

// A duplex is a pipe, or the stream of a WebTransport session.
type duplex interface {
	Read(b []byte) (int, error)
	Write(b []byte) (int, error)
	Close() error // ends what is written
	SetDeadline(t time.Time) error
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error
}

func (s *stream) LocalAddr() net.Addr  { return s.local }
func (s *stream) RemoteAddr() net.Addr { return s.remote }

// CloseWrite ends what is written. The page can still send.
func (s *stream) CloseWrite() error { return s.duplex.Close() }

// Close closes both directions. The bytes that were written before still arrive.
func (s *stream) Close() error {
	s.once.Do(s.end)
	return nil
}
