package server_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
	"pong/internal/memnet"
	"pong/internal/server"
	"pong/internal/trust"
	"pong/internal/udp"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/netsim"
	"pong/netcode/sealed"
)

// A rig is a server with players in a bubble. Serve, Dial, TLS and the sealed datagrams are the real ones; the network
// is in memory and time is the bubble's.
type rig struct {
	*testing.T
	settings
	net     *memnet.Network
	control *memnet.Listener
	games   []*memnet.Socket
	begin   chan struct{}
	drain   chan struct{}
	logged  *logged
	key     trust.Fingerprint
	stop    context.CancelFunc
	ended   chan error
	players []*player
}

// settings change a rig before its server starts.
type settings struct {
	server.Config
	shards   int
	up, down netsim.Profile
	wrap     func(*memnet.Socket) udp.PacketConn // If nil, sockets are used as they are.
	listener func(net.Listener) net.Listener     // If nil, the control port is used as it is.
}

// bubble runs a test with a server in a bubble. At the end it stops the server, and Serve must return nil. The bubble
// fails if a goroutine is left.
func bubble(t *testing.T, change func(*settings), test func(*rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := serve(t, change)
		defer r.end()
		test(r)
	})
}

// serve starts a server.
func serve(t *testing.T, change func(*settings)) *rig {
	t.Helper()
	identity, err := trust.NewIdentity(time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{
		T: t, begin: make(chan struct{}), drain: make(chan struct{}), logged: new(logged),
		key: identity.Fingerprint(), ended: make(chan error, 1),
	}
	r.settings = settings{shards: 1, Config: server.Config{
		TLS: trust.ServerTLS(identity, time.Now), Auto: true, Begin: r.begin, Drain: r.drain, Seed: 1,
		Log: slog.New(slog.NewJSONHandler(r.logged, nil)),
	}}
	if change != nil {
		change(&r.settings)
	}
	r.net = memnet.New()
	r.net.SetLink(r.up, r.down)
	r.start()
	return r
}

// controlAddr is where the server listens; its UDP ports follow.
var controlAddr = netip.MustParseAddrPort("203.0.113.5:5555")

// start starts the server, at the same addresses each time.
func (r *rig) start() {
	r.control, r.games = r.net.Listen(controlAddr), nil
	var sockets []udp.Socket
	for i := range r.shards {
		g := r.net.ListenDatagrams(netip.AddrPortFrom(controlAddr.Addr(), controlAddr.Port()+1+uint16(i)))
		r.games = append(r.games, g)
		if r.wrap != nil {
			sockets = append(sockets, udp.NewSocket(r.wrap(g)))
			continue
		}
		sockets = append(sockets, udp.NewSocket(g))
	}
	ctx, stop := context.WithCancel(r.Context())
	r.stop = stop
	listener := net.Listener(r.control)
	if r.listener != nil {
		listener = r.listener(listener)
	}
	go func() { r.ended <- server.Serve(ctx, r.Config, listener, sockets) }()
}

// restart starts another server with the same identity at the address of one that has ended.
func (r *rig) restart() {
	r.drain = make(chan struct{})
	r.Drain = r.drain
	r.start()
}

// end closes the players' connections and stops the server.
func (r *rig) end() {
	r.Helper()
	for _, p := range r.players {
		p.Close()
	}
	r.stop()
	if err := <-r.ended; err != nil {
		r.Errorf("Serve ended with %v, want nil after it was stopped", err)
	}
}

// A player is a client that draws frames.
type player struct {
	*dial.Client
	transport *mortalTransport
	view      client.Frame
	hand      func(client.Frame) game.Input // If nil, no key is held.
	seen      []client.Stage                // the stages so far, each once in a row
	reasons   []client.Reason               // likewise
	newMatch  bool                          // a frame has said that the match before is gone
}

// config returns the configuration of a client with a name and an IP address.
func (r *rig) config(name, ip string) dial.Config {
	return dial.Config{
		Address: controlAddr.String(), Name: name, Trust: r.key.String(), Transport: r.net.Host(ip),
	}
}

// join joins a player. It fails the test if the player is refused.
func (r *rig) join(name string) *player {
	r.Helper()
	return r.joinAs(r.config(name, fmt.Sprintf("198.51.100.%d", len(r.players)+1)))
}

func (r *rig) joinAs(cfg dial.Config) *player {
	r.Helper()
	mortal := &mortalTransport{Transport: cfg.Transport}
	cfg.Transport = mortal
	c, err := dial.Dial(r.Context(), cfg)
	if err != nil {
		r.Fatalf("%s cannot join: %v", cfg.Name, err)
	}
	p := &player{Client: c, transport: mortal}
	r.players = append(r.players, p)
	return p
}

// joinTwo joins two players.
func (r *rig) joinTwo() (left, right *player) {
	r.Helper()
	return r.join("left"), r.join("right")
}

// joinTwoOfFrames joins two players whose sessions stand still while they are not in r.players, as a stopped process
// does.
func (r *rig) joinTwoOfFrames() (left, right *player) {
	r.Helper()
	for i, p := range []**player{&left, &right} {
		cfg := r.config([]string{"left", "right"}[i], fmt.Sprintf("198.51.100.%d", i+1))
		cfg.FramesOnly = true
		*p = r.joinAs(cfg)
	}
	return left, right
}

// run lets time pass, in which all players draw frames.
func (r *rig) run(d time.Duration) {
	r.Helper()
	r.until(d, func() bool { return false })
}

// want lets time pass until something has happened. It fails the test if that takes too long.
func (r *rig) want(within time.Duration, what string, happened func() bool) {
	r.Helper()
	if !r.until(within, happened) {
		for i, p := range r.players {
			r.Logf("player %d: %v %v, score %v, stages %v", i, p.view.Stage, p.view.Reason, p.view.Score, p.seen)
		}
		r.Logf("log:\n%s", r.logged)
		r.Fatalf("not within %v: %s", within, what)
	}
}

func (r *rig) until(within time.Duration, happened func() bool) bool {
	for end := time.Now().Add(within); ; time.Sleep(time.Second / 60) {
		for _, p := range r.players {
			p.frame(time.Now())
		}
		if happened() {
			return true
		}
		if !time.Now().Before(end) {
			return false
		}
	}
}

func (p *player) frame(now time.Time) {
	key := game.None
	if p.hand != nil {
		key = p.hand(p.view)
	}
	p.Update(now, key)
	p.view = p.Frame(now)
	if n := len(p.seen); n == 0 || p.seen[n-1] != p.view.Stage {
		p.seen = append(p.seen, p.view.Stage)
	}
	if n := len(p.reasons); n == 0 || p.reasons[n-1] != p.view.Reason {
		p.reasons = append(p.reasons, p.view.Reason)
	}
	p.newMatch = p.newMatch || p.view.NewMatch
}

// at reports whether all players are at a stage.
func at(stage client.Stage, players ...*player) func() bool {
	return func() bool {
		for _, p := range players {
			if p.view.Stage != stage {
				return false
			}
		}
		return true
	}
}

// playing reports whether all players are in a game: with the ball in play, after a point or at the countdown.
func playing(players ...*player) bool {
	for _, p := range players {
		if s := p.view.Stage; s != client.StagePlaying && s != client.StageScored && s != client.StageCountdown {
			return false
		}
	}
	return true
}

// trickle writes bytes one at a time until a write fails or stop is called.
func trickle(c net.Conn, bytes []byte, every time.Duration) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for i := range bytes {
			if _, err := c.Write(bytes[i : i+1]); err != nil {
				return
			}
			select {
			case <-done:
				return
			case <-time.After(every):
			}
		}
	}()
	return func() { close(done); <-ended }
}

// follow keeps the paddle at the ball, so that a rally does not end.
func follow(v client.Frame) game.Input {
	middle := v.Paddle[v.Me] + client.PaddleHeight/2
	switch ball := v.Ball.Y + client.BallSize/2; {
	case v.Stage != client.StagePlaying:
		return game.None
	case ball < middle-10:
		return game.Up
	case ball > middle+10:
		return game.Down
	}
	return game.None
}

// A raw is a control connection over which a test sends and receives lines itself.
type raw struct {
	*rig
	*tls.Conn
	lines *bufio.Reader
}

// dialTLS opens a control connection without a JOIN.
func (r *rig) dialTLS(ip string) *raw {
	r.Helper()
	return r.handshake(r.dialStream(ip))
}

// handshake does the TLS handshake on a connection.
func (r *rig) handshake(tcp net.Conn) *raw {
	r.Helper()
	c := tls.Client(tcp, clientTLS())
	if err := c.HandshakeContext(r.Context()); err != nil {
		r.Fatalf("handshake: %v", err)
	}
	return &raw{r, c, bufio.NewReader(c)}
}

func clientTLS() *tls.Config {
	return &tls.Config{InsecureSkipVerify: true, NextProtos: []string{wire.ALPN}, MinVersion: tls.VersionTLS13}
}

// dialStream opens a connection without TLS.
func (r *rig) dialStream(ip string) net.Conn {
	r.Helper()
	c, err := r.net.Host(ip).DialStream(r.Context(), controlAddr.String())
	if err != nil {
		r.Fatalf("dial from %s: %v", ip, err)
	}
	return c
}

func (c *raw) send(line string) {
	c.Helper()
	if _, err := c.Write([]byte(line + "\n")); err != nil {
		c.Fatalf("send %.60q: %v", line, err)
	}
}

// next returns the next line that is no PRESENCE.
func (c *raw) next() wire.Message {
	c.Helper()
	_ = c.SetReadDeadline(time.Now().Add(2 * time.Minute))
	for {
		line, err := c.lines.ReadBytes('\n')
		if err != nil {
			c.Fatalf("read the next line: %v", err)
		}
		m, err := wire.ParseLine(line)
		if err != nil {
			c.Fatalf("the server sent %q: %v", line, err)
		}
		if m.Type != wire.Presence {
			return m
		}
	}
}

// wantRefused fails unless the next line is an ERROR with a code and the connection ends after it.
func (c *raw) wantRefused(code string) {
	c.Helper()
	if m := c.next(); m.Type != wire.Error || m.Code != code || m.Message == "" {
		c.Errorf("the server sent %s %q %q, want ERROR with the code %q and a reason", m.Type, m.Code, m.Message, code)
	}
	if _, err := c.lines.ReadByte(); err == nil {
		c.Error("the server sends more after an ERROR")
	}
}

// stayOnline registers the player of a WELCOME and keeps the game channel alive until stop is called. It receives
// nothing, so it echoes STATEs that the server must have sent a moment ago: their stamps count from REGISTER.
func (c *raw) stayOnline(w wire.Message) (stop func()) {
	c.Helper()
	id, keys := c.keys(w)
	token, _ := base64.RawURLEncoding.DecodeString(w.Token)
	register := wire.AppendRegister(nil, netcode.Stamp{},
		wire.Register{PlayerID: uint8(w.PlayerID), Token: [wire.TokenLen]byte(token)})
	from := netip.AddrPortFrom(c.LocalAddr().(*net.TCPAddr).AddrPort().Addr(), 4000)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		began := time.Now()
		for plain := register; ; plain = wire.AppendPing(nil, netcode.Stamp{
			Echo: uint32((time.Since(began) - 100*time.Millisecond).Microseconds()),
		}) {
			if b, err := keys.Seal(nil, plain); err != nil {
				panic(fmt.Sprintf("session %v: %v", id, err))
			} else {
				c.games[0].Inject(from, b)
			}
			select {
			case <-done:
				return
			case <-time.After(time.Second):
			}
		}
	}()
	return func() { close(done); <-ended }
}

// keys returns the client's end of the game channel of a WELCOME.
func (c *raw) keys(w wire.Message) (sealed.ID, *sealed.Session) {
	c.Helper()
	b, err := hex.DecodeString(w.Session)
	if err != nil || len(b) != len(sealed.ID{}) {
		c.Fatalf("session id %q", w.Session)
	}
	id, state := sealed.ID(b), c.ConnectionState()
	s, err := sealed.NewClient(&state, id, sealed.Config{Label: wire.KeyLabel})
	if err != nil {
		c.Fatal(err)
	}
	return id, s
}

const joinLine = `{"type":"JOIN","ts":1,"version":1,"name":"raw"}`

// logged is the log of a server.
type logged struct {
	mu    sync.Mutex // guards what follows
	lines bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.String()
}

// entries returns the entries with a message.
func (l *logged) entries(msg string) []map[string]any {
	var found []map[string]any
	for line := range strings.Lines(l.String()) {
		var e map[string]any
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			panic("a log line is not JSON: " + line)
		}
		if e["msg"] == msg {
			found = append(found, e)
		}
	}
	return found
}

// refusals returns how many refusals for a reason all status entries count.
func (l *logged) refusals(reason string) int {
	n := 0
	for _, e := range l.entries("status") {
		if refused, ok := e["refused"].(map[string]any); ok {
			if k, ok := refused[reason].(float64); ok {
				n += int(k)
			}
		}
	}
	return n
}
