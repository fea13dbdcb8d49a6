package dial

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// The sizes of the queues between the network's goroutines and the screen's. What does not fit is dropped.
const (
	datagramQueue = 256
	lineQueue     = 64
)

// The times of the channels.
const (
	keepAlive   = 10 * time.Second
	writeWithin = 5 * time.Second
	leaveWithin = time.Second // for the last word, should the server not read

	// A socket that brings nothing may be bound to an address that this machine has lost, or to a path that a box on the way
	// has forgotten: another one is opened after a while, and again.
	newSocketAfter = time.Second
	newSocketEvery = 2 * time.Second
)

// A connection is a TLS connection, the keys that came of it and the socket of the game channel: what one JOIN has
// brought about. But for its goroutines it belongs to the one that owns the screen.
type connection struct {
	cfg     Config
	session *client.Session
	control *tls.Conn
	started time.Time
	welcome wire.WelcomeFields

	socket  net.Conn      // of the game channel
	opened  time.Time     // when a new one was asked for last
	sockets chan net.Conn // a new one, when it has been opened

	datagrams chan arrival
	lines     chan wire.Message // from the server; closed when the control channel has ended
	say       chan wire.Message // to the server
	ctx       context.Context   // of the goroutines
	stop      context.CancelFunc
	leave     bool // with a LEAVE; written before stop is called
	group     sync.WaitGroup
	ended     bool
	dropped   [len(client.Drops{})]atomic.Int64
}

// arrival is a datagram with the time at which it came.
type arrival struct {
	at   time.Time
	data []byte
}

// connect joins once. The Config that comes back holds the fingerprint that the person has said yes to.
func connect(ctx context.Context, cfg Config) (*connection, Config, error) {
	conn, cfg, err := dialControl(ctx, cfg)
	if err != nil {
		return nil, cfg, err
	}
	c, err := enter(ctx, conn, cfg)
	if err != nil {
		conn.Close()
		return nil, cfg, err
	}
	return c, cfg, nil
}

// enter joins over a control channel that is open.
func enter(ctx context.Context, conn *tls.Conn, cfg Config) (*connection, error) {
	lines := bufio.NewReaderSize(conn, wire.MaxLine)
	welcome, err := join(ctx, conn, lines, cfg)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	c := &connection{
		cfg: cfg, control: conn, started: now, opened: now, welcome: welcome,
		datagrams: make(chan arrival, datagramQueue),
		lines:     make(chan wire.Message, lineQueue),
		say:       make(chan wire.Message, lineQueue),
		sockets:   make(chan net.Conn, 1),
	}
	if c.session, err = openSession(now, conn, welcome, cfg, c.send); err != nil {
		return nil, err
	}
	if c.socket, err = cfg.Transport.DialDatagrams(ctx, conn.NetConn(), welcome.UDPPort); err != nil {
		return nil, fmt.Errorf("game channel: %w", err)
	}
	socket := c.socket
	c.ctx, c.stop = context.WithCancel(context.Background())
	c.group.Go(func() { c.receive(socket) })
	c.group.Go(func() { c.listen(lines) })
	c.group.Go(func() { c.speak() })
	return c, nil
}

// receive stamps datagrams as they come, until their socket is closed. Other errors are hints: the server may be away
// for a moment, or come back.
func (c *connection) receive(socket net.Conn) {
	for {
		buffer := make([]byte, sealed.MaxDatagram+1)
		n, err := socket.Read(buffer)
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			time.Sleep(10 * time.Millisecond) // a refused connection answers every datagram with an error
			continue
		}
		select {
		case c.datagrams <- arrival{time.Now(), buffer[:n]}:
		default: // Update is not called; newer datagrams carry all that matters
			c.dropped[client.DropDatagram].Add(1)
		}
	}
}

// listen reads control lines.
func (c *connection) listen(lines *bufio.Reader) {
	defer close(c.lines)
	for {
		m, err := wire.ReadMessage(lines)
		if err != nil {
			return
		}
		select {
		case c.lines <- m:
		default: // the server floods its players
			c.dropped[client.DropLine].Add(1)
		}
	}
}

// speak writes control lines, and a PING when there is nothing else to say.
func (c *connection) speak() {
	tick := time.NewTicker(keepAlive)
	defer tick.Stop()
	for {
		var m wire.Message
		select {
		case <-c.ctx.Done():
			if c.leave {
				c.write(wire.Message{Type: wire.Leave})
			}
			c.control.Close()
			return
		case m = <-c.say:
		case <-tick.C:
			m = wire.Message{Type: wire.Ping}
		}
		if !c.write(m) {
			c.control.Close()
			return
		}
	}
}

func (c *connection) write(m wire.Message) bool {
	m.TS = uint32(time.Since(c.started).Microseconds())
	_ = c.control.SetWriteDeadline(time.Now().Add(writeWithin))
	_, err := c.control.Write(wire.AppendLine(nil, m))
	return err == nil
}

// tell has a line written, unless the server has not read so many before it that it never will.
func (c *connection) tell(m wire.Message) {
	select {
	case c.say <- m:
	default:
		c.dropped[client.DropCommand].Add(1)
	}
}

// addDropped adds what the connection has dropped.
func (c *connection) addDropped(to *client.Drops) {
	for reason := range c.dropped {
		to[reason] += int(c.dropped[reason].Load())
	}
}

func (c *connection) send(datagram []byte) { _, _ = c.socket.Write(datagram) }

// update takes what has come and moves the session to now.
func (c *connection) update(now time.Time, in game.Input) {
	for range datagramQueue {
		select {
		case a := <-c.datagrams:
			c.session.Receive(a.at, a.data)
			continue
		default:
		}
		break
	}
	c.takeLines()
	c.changeSocket()
	is := c.session.Status(now)
	if is.Deaf > newSocketAfter && now.Sub(c.opened) > newSocketEvery && !is.Closed && !is.GivenUp {
		c.reopen(now)
	}
	c.session.Update(now, in)
}

func (c *connection) takeLines() {
	for !c.ended {
		select {
		case m, ok := <-c.lines:
			if !ok {
				c.ended = true
				c.session.ControlClosed()
				return
			}
			c.session.Control(m)
		default:
			return
		}
	}
}

// reopen opens another socket for the game channel, in a goroutine of its own because a Transport may block. The server
// finds the session by its id, and learns the new address from what comes from there. If it fails, the next try may not.
func (c *connection) reopen(now time.Time) {
	c.opened = now
	c.group.Go(func() {
		socket, err := c.cfg.Transport.DialDatagrams(c.ctx, c.control.NetConn(), c.welcome.UDPPort)
		if err != nil {
			return
		}
		select {
		case c.sockets <- socket:
		default:
			socket.Close()
		}
	})
}

// changeSocket changes over to a socket that reopen has opened.
func (c *connection) changeSocket() {
	select {
	case socket := <-c.sockets:
		c.socket.Close()
		c.socket = socket
		c.group.Go(func() { c.receive(socket) })
	default:
	}
}

// close ends the goroutines and sockets, within a second, and gives up the seat if leave says so.
func (c *connection) close(leave bool) {
	defer time.AfterFunc(leaveWithin, func() { c.control.NetConn().Close() }).Stop()
	c.leave = c.leave || leave
	c.stop()
	c.socket.Close()
	c.group.Wait()
	select {
	case socket := <-c.sockets:
		socket.Close()
	default:
	}
}
