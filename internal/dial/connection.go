package dial

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"pong/internal/client"
	"pong/internal/crash"
	"pong/internal/game"
	"pong/internal/trust"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// The sizes of the queues between the goroutines of a connection and its owner. The rest is dropped and counted.
const (
	datagramQueue = 256
	lineQueue     = 64
	sendQueue     = 16
	pingQueue     = 4 // more wait only while a line is not written, which ends the connection soon
)

// The times of a connection.
const (
	writeWithin = 5 * time.Second // a line must be written
	leaveWithin = time.Second     // LEAVE must be written, should the server not read

	// A socket that receives nothing may be bound to an address that this machine has lost, or its NAT mapping may be
	// gone.
	newSocketAfter = time.Second
	newSocketEvery = 2 * time.Second
)

// A connection is the result of one JOIN: the TLS connection, the keys made from it, the game channel, and the Session.
type connection struct {
	// Set when it is made.
	cfg     Config
	control *tls.Conn
	welcome wire.WelcomeFields
	started time.Time
	stale   []string // resume secrets that the server has refused before

	// Of its owner: the Client, under its lock, or an attempt to make it.
	session *client.Session
	socket  net.Conn  // of the game channel
	running bool      // the game ran at the last update
	unnamed bool      // lines with names were missing at the last update
	worked  bool      // a STATE has arrived, and cfg.addresses knows
	opened  time.Time // when a socket was asked for last
	ended   bool      // lines is closed

	// Between it and the goroutines below.
	datagrams chan arrival
	outgoing  chan departure
	lines     chan wire.Message        // received; closed when the control channel has ended
	commands  chan wire.Message        // to be sent
	pings     chan time.Duration       // asks for a PING at once, to be answered within this time
	hidden    atomic.Bool              // no frames are drawn
	heartbeat heartbeat                // of the control channel
	sockets   chan net.Conn            // a new socket, when it has been opened
	nodes     atomic.Pointer[[]string] // addresses of the other servers of the cluster; nil if there are none
	refused   atomic.Bool              // the system says that the server's UDP port is closed
	dropped   [len(client.Drops{})]atomic.Int64

	ctx   context.Context // ends with the connection
	stop  context.CancelFunc
	leave bool          // send LEAVE at the end; written before stop is called
	read  chan struct{} // closed when readLines has ended
	left  atomic.Bool   // LEAVE is being written, or has been
	freed atomic.Bool   // the server has ended the session after LEAVE, or the operator has: the seat is free
	group sync.WaitGroup
}

// An arrival is a datagram and the time at which it arrived.
type arrival struct {
	at   time.Time
	data []byte
}

// A departure is a datagram and the socket to which it is to be written.
type departure struct {
	socket net.Conn
	data   []byte
}

// newConnection makes a connection from a control channel and its WELCOME: it keys a Session with the TLS connection,
// opens the game channel, and starts the goroutines.
func newConnection(
	ctx context.Context, cfg Config, control *tls.Conn, lines *bufio.Reader, welcome wire.WelcomeFields,
) (*connection, error) {
	now := time.Now()
	c := &connection{
		cfg: cfg, control: control, welcome: welcome, started: now, opened: now,
		datagrams: make(chan arrival, datagramQueue),
		outgoing:  make(chan departure, sendQueue),
		lines:     make(chan wire.Message, lineQueue),
		commands:  make(chan wire.Message, lineQueue),
		pings:     make(chan time.Duration, pingQueue),
		sockets:   make(chan net.Conn, 1),
		read:      make(chan struct{}),
	}
	socket, err := cfg.Transport.DialDatagrams(ctx, control.NetConn(), welcome.UDPPort)
	if err != nil {
		return nil, fmt.Errorf("game channel: %w", err)
	}
	c.socket = socket
	state := control.ConnectionState()
	keys, err := sealed.NewClient(&state, welcome.Session, sealed.Config{Label: wire.KeyLabel, KeyLog: cfg.KeyLog})
	if err != nil {
		socket.Close()
		return nil, err
	}
	identity := ""
	if key, ok := trust.Identity(now, state.PeerCertificates); ok {
		identity = key.String()
	}
	settings := cfg.Settings
	settings.View = cfg.View
	c.session = client.NewSession(now, client.SessionConfig{
		Welcome: welcome, Sealed: keys, Settings: settings, Patience: cfg.Patience, Send: c.send,
		Confirmed: cfg.Confirmed, Observer: cfg.Observer,
		Addresses: client.Addresses{
			Control: c.address(), Game: socket.RemoteAddr().String(), Identity: identity,
		},
	})
	c.noteNodes(welcome.Also)
	if cfg.Shadow != nil {
		c.session.AddShadow(*cfg.Shadow)
	}
	c.ctx, c.stop = context.WithCancel(context.Background())
	c.group.Go(crash.Guarded(func() { c.readDatagrams(socket) }))
	c.group.Go(crash.Guarded(c.writeDatagrams))
	c.group.Go(crash.Guarded(func() { c.readLines(lines) }))
	c.group.Go(crash.Guarded(c.writeLines))
	return c, nil
}

// address returns the address of the server that was dialled.
func (c *connection) address() string { return c.control.RemoteAddr().String() }

// noteSilence has the next attempt begin with another address if nothing has arrived over this game channel although
// the control channel is open.
func (c *connection) noteSilence(now time.Time) {
	if is := c.session.Status(now); !is.Started && is.Control && is.Silence > redialAfter {
		c.cfg.addresses.noteFailed(c.address())
	}
}

// silenceWithin returns for how long the first STATE of a new connection is awaited: for less while there is an address
// that may work instead.
func (c *connection) silenceWithin() time.Duration {
	if c.cfg.addresses.hasUntried(c.address()) {
		return redialAfter
	}
	return dialWithin
}

// update passes to the session what has arrived, and moves it to now. It never blocks.
func (c *connection) update(now time.Time, in game.Input) {
	c.takeDatagrams()
	c.takeLines()
	c.takeSocket()
	if c.refused.Load() {
		c.session.NoteRefused()
	}
	if c.nodes.Load() != nil {
		c.session.NoteCluster()
	}
	c.session.NoteControlSilent(now, c.heartbeat.overdue(now))
	is := c.session.Status(now)
	if c.running && !is.Running || is.Unnamed && !c.unnamed {
		c.pingSoon(probeWithin) // lines have the reason and the names, unless the control channel is lost
	}
	c.running, c.unnamed = is.Running, is.Unnamed
	if line, due := c.session.RematchDue(now); due {
		c.enqueue(line)
	}
	if is.Started && !c.worked {
		c.worked = true
		c.cfg.addresses.noteWorked(c.address())
	}
	if is.Stalled > newSocketAfter && now.Sub(c.opened) > newSocketEvery && !is.Closed && !is.GivenUp {
		c.openSocket(now)
	}
	c.session.Update(now, in)
}

// readDatagrams receives datagrams and notes their times, until the socket is closed.
func (c *connection) readDatagrams(socket net.Conn) {
	var buffer [1 << 16]byte // a longer datagram than the buffer is an error on Windows, and cut off elsewhere
	for {
		n, err := socket.Read(buffer[:])
		switch {
		case errors.Is(err, net.ErrClosed), errors.Is(err, io.ErrClosedPipe): // of a socket, or of a Transport of pipes
			return
		case err != nil: // such as an ICMP error for each datagram while the server is down; it may come back
			if isRefused(err) {
				c.refused.Store(true)
			}
			time.Sleep(10 * time.Millisecond)
			continue
		}
		select {
		case c.datagrams <- arrival{time.Now(), bytes.Clone(buffer[:min(n, sealed.MaxDatagram+1)])}:
		default: // the owner does not take them; newer datagrams have all that matters
			c.dropped[client.DropDatagram].Add(1)
		}
	}
}

// isRefused reports whether an error of a UDP socket says that nobody listens at the other end's port. The error on
// Windows is WSAECONNRESET.
func isRefused(err error) bool {
	const wsaECONNRESET = syscall.Errno(10054)
	return errors.Is(err, syscall.ECONNREFUSED) || runtime.GOOS == "windows" && errors.Is(err, wsaECONNRESET)
}

// takeDatagrams passes datagrams to the session, no more than one queue of them.
func (c *connection) takeDatagrams() {
	for range datagramQueue {
		select {
		case a := <-c.datagrams:
			c.session.Receive(a.at, a.data)
		default:
			return
		}
	}
}

// send sends a datagram for the session. It does not wait for the socket: datagrams that do not
// fit in the queue are lost, as in a network.
func (c *connection) send(datagram []byte) {
	select {
	case c.outgoing <- departure{c.socket, slices.Clone(datagram)}:
	default:
		c.dropped[client.DropSend].Add(1)
	}
}

// writeDatagrams writes datagrams to their sockets. A socket whose buffer is full blocks. Errors are those of a network
// that loses datagrams.
func (c *connection) writeDatagrams() {
	for {
		select {
		case <-c.ctx.Done():
			return
		case d := <-c.outgoing:
			_, _ = d.socket.Write(d.data)
		}
	}
}

// openSocket opens another socket for the game channel, in a goroutine because a Transport may block. The server finds
// the session by its id, and learns the new address from what arrives from there. If it fails, it is tried again
// later.
func (c *connection) openSocket(now time.Time) {
	c.opened = now
	c.group.Go(crash.Guarded(func() {
		socket, err := c.cfg.Transport.DialDatagrams(c.ctx, c.control.NetConn(), c.welcome.UDPPort)
		if err != nil {
			return
		}
		select {
		case c.sockets <- socket:
		default: // another one is ready
			socket.Close()
		}
	}))
}

// takeSocket changes to the socket that openSocket has opened, if there is one. It has the control channel checked: if
// the address of this machine has changed, that one is lost, too, and TCP does not notice.
func (c *connection) takeSocket() {
	select {
	case socket := <-c.sockets:
		c.socket.Close()
		c.socket = socket
		c.group.Go(crash.Guarded(func() { c.readDatagrams(socket) }))
		c.pingSoon(probeWithin)
	default:
	}
}

// pingSoon has a PING sent at once, to be answered within a time.
func (c *connection) pingSoon(within time.Duration) {
	select {
	case c.pings <- within:
	default: // some are to be sent already
	}
}

// noteHidden has the server informed if no frames are drawn, or frames are drawn again.
func (c *connection) noteHidden(hidden bool) {
	if c.hidden.Swap(hidden) != hidden {
		c.pingSoon(answerWithin)
	}
}

// readLines receives control lines until the control channel ends, or sends what is not of the protocol.
func (c *connection) readLines(lines *bufio.Reader) {
	defer close(c.lines)
	defer close(c.read)
	ended := false
	for {
		m, err := wire.ReadMessage(lines)
		if m.Type == wire.Error && (m.Code == wire.CodeKicked || m.Code == wire.CodeDenied) {
			ended = true
			c.freed.Store(true)
		}
		if over := errors.Is(err, io.EOF) || m.Type == wire.Error && m.Code == wire.CodeSeat; over && !ended {
			ended = true
			// Before LEAVE the end may be that of this session alone: of one that did not register in time, or was
			// replaced. The seat is kept for another session then.
			c.freed.Store(c.left.Load())
		}
		if err != nil {
			return
		}
		if m.Type == wire.Pong {
			c.heartbeat.answered()
			continue
		}
		if m.Type == wire.Nodes {
			c.noteNodes(m.Also)
			continue
		}
		select {
		case c.lines <- m:
		default: // the server floods its players
			c.dropped[client.DropLine].Add(1)
		}
	}
}

// takeLines passes control lines to the session.
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

// enqueue has a control line written, unless so many wait already that the server does not seem to read.
func (c *connection) enqueue(m wire.Message) {
	select {
	case c.commands <- m:
	default:
		c.dropped[client.DropCommand].Add(1)
	}
}

// writeLines writes control lines, and PINGs at intervals and when one is asked for.
func (c *connection) writeLines() {
	defer c.control.Close()
	tick := time.NewTicker(keepAlive)
	defer tick.Stop()
	for {
		var m wire.Message
		select {
		case <-c.ctx.Done():
			c.left.Store(c.leave)
			if c.leave && c.writeLine(wire.Message{Type: wire.Leave}) {
				<-c.read // the server confirms it, or close ends the connection
			}
			return
		case m = <-c.commands:
		case <-tick.C:
			m = c.ping(answerWithin)
		case within := <-c.pings:
			m = c.ping(within)
		}
		if !c.writeLine(m) {
			return
		}
	}
}

// ping returns a PING that is sent now, to be answered within a time.
func (c *connection) ping(within time.Duration) wire.Message {
	c.heartbeat.sent(time.Now(), within)
	m := wire.Message{Type: wire.Ping}
	if c.hidden.Load() {
		m.Status = wire.StatusHidden
	}
	return m
}

// writeLine reports whether a line was written.
func (c *connection) writeLine(m wire.Message) bool {
	m.TS = uint32(time.Since(c.started).Microseconds())
	_ = c.control.SetWriteDeadline(time.Now().Add(writeWithin))
	_, err := c.control.Write(wire.AppendLine(nil, m))
	return err == nil
}

// addDropped adds to counts what the connection has dropped.
func (c *connection) addDropped(to *client.Drops) {
	for reason := range c.dropped {
		to[reason] += int(c.dropped[reason].Load())
	}
}

// close ends the goroutines and closes the channels, within a second. If leave is true it gives up the seat, and freed
// reports whether the server has confirmed that: a LEAVE that was written may be lost with the connection.
func (c *connection) close(leave bool) (freed bool) {
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
	return c.freed.Load()
}
