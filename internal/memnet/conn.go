package memnet

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"
)

// DefaultWindow is how many bytes a Conn accepts from a peer while nothing is read, as the buffers of a TCP connection
// do.
const DefaultWindow = 64 << 10

// A Conn is one end of a stream. It behaves and fails as a TCP connection does.
type Conn struct {
	in, out       *direction
	local, remote net.Addr
	peer          *Conn
}

// A direction is one direction of a stream.
type direction struct {
	monitor
	window      int
	data        []byte // written and not read yet
	finished    bool   // closed by the writer; data can still be read
	aborted     bool   // closed by the reader; nothing more can be written
	stalled     bool   // nothing arrives any more
	held        bool   // nothing arrives for now
	reset       bool   // neither end can read or write any more
	read, write deadline
}

func newDirection() *direction {
	d := &direction{window: DefaultWindow}
	d.init()
	return d
}

// newConns returns the two ends of a stream.
func newConns(client, server netip.AddrPort) (*Conn, *Conn) {
	up, down := newDirection(), newDirection()
	a, b := net.TCPAddrFromAddrPort(client), net.TCPAddrFromAddrPort(server)
	near, far := &Conn{in: down, out: up, local: a, remote: b}, &Conn{in: up, out: down, local: b, remote: a}
	near.peer, far.peer = far, near
	return near, far
}

// host returns the IP address of this end.
func (c *Conn) host() netip.Addr { return c.local.(*net.TCPAddr).AddrPort().Addr() }

// Peer returns the other end.
func (c *Conn) Peer() *Conn { return c.peer }

// Read reads what the peer has written. It returns io.EOF after the peer has closed the stream.
func (c *Conn) Read(b []byte) (int, error) {
	d := c.in
	d.mu.Lock()
	defer d.mu.Unlock()
	for {
		switch {
		case d.aborted:
			return 0, net.ErrClosed
		case d.read.passed():
			return 0, os.ErrDeadlineExceeded
		case d.reset:
			return 0, os.NewSyscallError("read", syscall.ECONNRESET)
		case d.lost():
		case len(d.data) > 0:
			n := copy(b, d.data)
			d.data = d.data[n:]
			d.cond.Broadcast()
			return n, nil
		case d.finished:
			return 0, io.EOF
		}
		d.cond.Wait()
	}
}

// Write blocks while the peer's window is full.
func (c *Conn) Write(b []byte) (int, error) {
	d := c.out
	d.mu.Lock()
	defer d.mu.Unlock()
	for n := 0; ; {
		switch {
		case d.finished:
			return n, net.ErrClosed
		case d.reset:
			return n, os.NewSyscallError("write", syscall.ECONNRESET)
		case d.aborted && !d.lost():
			return n, io.ErrClosedPipe
		case d.write.passed():
			return n, os.ErrDeadlineExceeded
		case n == len(b):
			return n, nil
		}
		if k := min(len(b)-n, d.window-len(d.data)); k > 0 { // negative if the window has shrunk
			d.data = append(d.data, b[n:n+k]...)
			n += k
			d.cond.Broadcast()
			continue
		}
		d.cond.Wait()
	}
}

// SetWindow sets how many bytes the peer can write before this end reads. With 0 the peer's writes block.
func (c *Conn) SetWindow(n int) {
	c.in.mu.Lock()
	defer c.in.mu.Unlock()
	c.in.window = n
	c.in.cond.Broadcast()
}

// Stall loses whatever either end sends from now on, the end of the stream included, as a path that drops every segment
// does. Neither end learns of it.
func (c *Conn) Stall() {
	for _, d := range []*direction{c.in, c.out} {
		d.mu.Lock()
		d.stalled = true
		d.cond.Broadcast()
		d.mu.Unlock()
	}
}

// hold lets nothing arrive in either direction until it is called with false. Then TCP delivers everything.
func (c *Conn) hold(on bool) {
	for _, d := range []*direction{c.in, c.out} {
		d.mu.Lock()
		d.held = on
		d.cond.Broadcast()
		d.mu.Unlock()
	}
}

// reset ends both directions at once and loses what has not been read, as a TCP reset from a device on the path does.
func (c *Conn) reset() {
	both := []*direction{c.in, c.out}
	for _, d := range both { // before either end learns of it, or what one end then sends would reach the other
		d.mu.Lock()
	}
	for _, d := range both {
		d.reset = true
		d.cond.Broadcast()
		d.mu.Unlock()
	}
}

// lost reports whether nothing that is sent arrives, now or ever. The caller holds mu.
func (d *direction) lost() bool { return d.stalled || d.held }

// Close closes both directions.
func (c *Conn) Close() error {
	c.out.end(&c.out.finished)
	c.in.end(&c.in.aborted)
	return nil
}

// CloseWrite closes the direction to the peer, which reads io.EOF after everything that was written.
func (c *Conn) CloseWrite() error {
	c.out.end(&c.out.finished)
	return nil
}

func (d *direction) end(flag *bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	*flag = true
	d.cond.Broadcast()
}

// LocalAddr returns a *net.TCPAddr.
func (c *Conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr returns a *net.TCPAddr.
func (c *Conn) RemoteAddr() net.Addr { return c.remote }

// SetDeadline sets both deadlines.
func (c *Conn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// SetReadDeadline sets the time at which Read returns os.ErrDeadlineExceeded.
func (c *Conn) SetReadDeadline(t time.Time) error {
	c.in.mu.Lock()
	defer c.in.mu.Unlock()
	c.in.read.set(&c.in.monitor, t)
	return nil
}

// SetWriteDeadline sets the time at which Write returns os.ErrDeadlineExceeded.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	c.out.write.set(&c.out.monitor, t)
	return nil
}
