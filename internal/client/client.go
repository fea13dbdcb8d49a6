// Package client is the player's side of Pong: it finds and checks the server, joins, and keeps a Session, which
// predicts, reconciles and says what to draw. It knows no screen: a window, a terminal or a bot calls Update with the
// key that is held and View for the picture, once a frame, and neither ever waits for the network.
//
// Session is the heart, a value stepped with the time and with bytes. Client gives it sockets: one goroutine receives
// datagrams, one reads and one writes control lines; all hand over through bounded queues to whoever calls Update.
package client

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// Config says whom to join and as whom.
type Config struct {
	Address string   // what a person typed, or a join link
	Name    string   // If empty, "player".
	Trust   string   // the fingerprint the server must have. If empty, the link, the pin, the system's roots or Ask decide.
	Via     string   // HOST:PORT for the game traffic. If empty, the server's host and the port that WELCOME names.
	View    ViewMode // how to draw
	PinFile string   // where the identities of servers are kept. If empty, none are.

	// Ask asks the person whether to trust an unknown server. If nil, such a server is refused.
	Ask func(ctx context.Context, q Question) bool

	// Tell is told what the person should read once, in sentences: that the server's identity has been rotated. The View
	// says it too, until the match begins. If nil, only the View does.
	Tell func(news string)

	// Resume is the secret of the seat to come back to (Client.Resume of the last time). If empty, a new seat.
	Resume string

	// DialContext opens the connections, "tcp" and "udp", to the server. If nil, the system's network is used.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)
}

// Question is about a server that nobody has vouched for.
type Question struct {
	Host, Fingerprint string // the fingerprint exactly as the server prints it
}

// The sizes of the queues between the network's goroutines and the screen's. What does not fit is dropped.
const (
	datagramQueue = 256
	lineQueue     = 64
)

// The times of the control channel.
const (
	keepAlive   = 10 * time.Second
	writeWithin = 5 * time.Second
	leaveWithin = time.Second // for the last word, should the server not read
)

// A Client is a player's connection to a server. Its methods are for one goroutine: the one that owns the screen.
type Client struct {
	session *Session
	control *tls.Conn
	game    net.Conn
	welcome wire.Message
	news    string // for the View to say before the match begins

	datagrams chan arrival
	lines     chan wire.Message // from the server; closed when the control channel has ended
	say       chan wire.Message // to the server
	stop      context.CancelFunc
	group     sync.WaitGroup
	ended     bool
}

// arrival is a datagram with the time at which it came.
type arrival struct {
	at   time.Time
	data []byte
}

// Dial joins a server: TCP, TLS, the decision whether to trust it, JOIN, WELCOME, and the socket of the game channel.
// It blocks until that is done or ctx is. Its errors are for the person.
func Dial(ctx context.Context, cfg Config) (*Client, error) {
	if cfg.Name == "" {
		cfg.Name = "player"
	}
	if err := wire.CheckName(cfg.Name); err != nil {
		return nil, err
	}
	if cfg.DialContext == nil {
		cfg.DialContext = new(net.Dialer).DialContext
	}
	news := new(string)
	cfg.Tell = remember(news, cfg.Tell)
	conn, err := dialControl(ctx, cfg)
	if err != nil {
		return nil, err
	}
	c, err := enter(ctx, conn, cfg)
	if err != nil {
		conn.Close()
		return nil, err
	}
	c.news = *news
	return c, nil
}

// enter joins over a control channel that is open.
func enter(ctx context.Context, conn *tls.Conn, cfg Config) (*Client, error) {
	lines := bufio.NewReaderSize(conn, wire.MaxLine)
	welcome, err := join(ctx, conn, lines, cfg)
	if err != nil {
		return nil, err
	}
	session, err := openSession(conn, welcome, cfg.View)
	if err != nil {
		return nil, err
	}
	socket, err := dialGame(ctx, conn, welcome, cfg)
	if err != nil {
		return nil, err
	}
	c := &Client{
		session: session, control: conn, game: socket, welcome: welcome,
		datagrams: make(chan arrival, datagramQueue),
		lines:     make(chan wire.Message, lineQueue),
		say:       make(chan wire.Message, lineQueue),
	}
	session.cfg.Send = c.send
	c.start(lines)
	return c, nil
}

// start runs the goroutines that bring in what the network has.
func (c *Client) start(lines *bufio.Reader) {
	ctx, stop := context.WithCancel(context.Background())
	c.stop = stop
	c.group.Go(c.receive)
	c.group.Go(func() { c.listen(lines) })
	c.group.Go(func() { c.speak(ctx) })
}

// receive stamps datagrams as they come. Errors other than a closed socket are hints: the server may be away for a
// moment, or come back.
func (c *Client) receive() {
	for {
		buffer := make([]byte, sealed.MaxDatagram+1)
		n, err := c.game.Read(buffer)
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			time.Sleep(10 * time.Millisecond) // a refused connection answers every datagram with an error
			continue
		}
		select {
		case c.datagrams <- arrival{time.Now(), buffer[:n]}:
		default: // the screen stands still; newer ones will tell
		}
	}
}

// listen reads control lines.
func (c *Client) listen(lines *bufio.Reader) {
	defer close(c.lines)
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			return
		}
		m, err := wire.ParseLine(line)
		if err != nil {
			return
		}
		select {
		case c.lines <- m:
		default: // a server that floods its players loses its lines
		}
	}
}

// speak writes control lines, and a PING when there is nothing else to say.
func (c *Client) speak(ctx context.Context) {
	tick := time.NewTicker(keepAlive)
	defer tick.Stop()
	for {
		var m wire.Message
		select {
		case <-ctx.Done():
			c.write(wire.Message{Type: wire.Leave})
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

func (c *Client) write(m wire.Message) bool {
	m.TS = uint32(time.Since(c.session.born).Microseconds())
	_ = c.control.SetWriteDeadline(time.Now().Add(writeWithin))
	_, err := c.control.Write(wire.AppendLine(nil, m))
	return err == nil
}

func (c *Client) send(datagram []byte) { _, _ = c.game.Write(datagram) }

// Update moves the session to now with the key that is held: once a frame. It never blocks.
func (c *Client) Update(now time.Time, in game.Input) {
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
	c.session.Update(now, in)
}

func (c *Client) takeLines() {
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

// View returns what to draw, right after Update. Its events are handed out once.
func (c *Client) View(now time.Time) View { return withNews(c.session.View(now), c.news) }

// Rematch gives the player's word for another game.
func (c *Client) Rematch() {
	select {
	case c.say <- wire.Message{Type: wire.Rematch}:
	default:
	}
}

// SetView switches the way of drawing.
func (c *Client) SetView(m ViewMode) { c.session.SetView(m) }

// SetSettings switches techniques off and on, and the way of drawing.
func (c *Client) SetSettings(to Settings) { c.session.SetSettings(to) }

// Resume returns the secret with which this seat can be taken again.
func (c *Client) Resume() string { return c.welcome.Resume }

// Close gives up the seat and releases everything, within a second. It may be called more than once.
func (c *Client) Close() error {
	defer time.AfterFunc(leaveWithin, func() { c.control.NetConn().Close() }).Stop()
	c.stop()
	c.game.Close()
	c.group.Wait()
	return nil
}
