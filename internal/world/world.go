// Package world plays whole matches in virtual time: the server's real shard and the clients' real sessions, every
// byte sealed, over simulated links, in one goroutine. Nothing of it is a mock: what is left out are sockets, TLS and
// the clock. An hour takes seconds, a seed gives the same match every time, and a test may look into both ends.
//
//	w := world.New(world.Config{Seed: 1, Up: bad, Down: bad})
//	left, right := w.Join("left", world.Bot(bot.Hard, 1)), w.Join("right", world.Bot(bot.Hard, 2))
//	w.Run(10 * time.Minute)
package world

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"net/netip"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/shard"
	"pong/internal/wire"
	"pong/netcode/netsim"
	"pong/netcode/sealed"
)

// Config says what world it is.
type Config struct {
	Seed     uint64
	Rules    game.Rules // If zero, the default rules without end.
	Operator bool       // matches begin when Shard.Begin says so; else by themselves

	// NoReplayCheck lets clients open a datagram any number of times, which shows what the replay check is for.
	NoReplayCheck bool

	// Up and Down are the links of every player who joins. Player.Up and Player.Down can change them.
	Up, Down netsim.Profile
}

// A World is a server and its players at one moment of virtual time.
type World struct {
	Shard   *shard.Shard
	Players []*Player
	Reports []shard.Report // all that the shard has reported

	Stopped  bool                                     // the server's process is gone: it takes, plays and sends nothing
	OnStep   func()                                   // after the shard has played what was due
	Stranger func(to netip.AddrPort, datagram []byte) // what the server sends to where no player is
	OnReport func(now time.Duration, r shard.Report)  // each report as it comes

	cfg    Config
	now    time.Time
	chance *rand.ChaCha8
	serial uint16
	byID   map[sealed.ID]*Player
	byAddr map[netip.AddrPort]*Player
}

// suite is the TLS cipher suite that every session is keyed for.
const suite = 0x1301

// udpPort is the port that WELCOME names. Nothing listens on it.
const udpPort = 5556

// epoch is when every world begins.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// New returns a world without players.
func New(cfg Config) *World {
	var seed [32]byte
	for i := range 8 {
		seed[i] = byte(cfg.Seed >> (8 * i))
	}
	w := &World{
		cfg: cfg, now: epoch, chance: rand.NewChaCha8(seed),
		byID: make(map[sealed.ID]*Player), byAddr: make(map[netip.AddrPort]*Player),
	}
	w.Shard = shard.New(shard.Config{
		Rules: cfg.Rules, Auto: !cfg.Operator, Port: udpPort, Random: w.chance,
		Send: w.send, SendLine: w.tell,
		Report: w.report,
	}, epoch)
	return w
}

func (w *World) report(r shard.Report) {
	w.Reports = append(w.Reports, r)
	if w.OnReport != nil {
		w.OnReport(w.Elapsed(), r)
	}
}

// Now returns the virtual time.
func (w *World) Now() time.Time { return w.now }

// Elapsed returns the virtual time since the world began.
func (w *World) Elapsed() time.Duration { return w.now.Sub(epoch) }

// Join lets a player join: the JOIN and WELCOME of the control channel are done at once. hand says which key the
// player holds; nil holds none.
func (w *World) Join(name string, hand Hand) *Player { return w.join(name, hand, nil, true) }

// Resume lets a player whose session is gone take the seat again.
func (w *World) Resume(p *Player) *Player {
	secret, _ := base64.RawURLEncoding.DecodeString(p.Welcome.Resume)
	return w.join(p.Name, p.hand, secret, false)
}

// join returns nil if the server refuses.
func (w *World) join(name string, hand Hand, resume []byte, must bool) *Player {
	var id sealed.ID
	secret := make([]byte, 32)
	w.read(id[:])
	w.read(secret)
	serverKeys, err := sealed.FromSecret(sealed.Server, wire.KeyLabel, suite, secret, id)
	if err != nil {
		panic(err)
	}
	clientKeys, err := sealed.FromSecret(sealed.Client, wire.KeyLabel, suite, secret, id)
	if err != nil {
		panic(err)
	}
	p := newPlayer(w, name, hand)
	p.id, p.secret = id, secret
	w.byID[id] = p
	request := shard.JoinRequest{ID: id, Sealed: serverKeys, Name: name, Addr: p.Address.Addr(), Resume: resume}
	if err := w.Shard.Join(w.now, request); err != nil {
		delete(w.byID, id)
		if must {
			panic(err)
		}
		return nil
	}
	fields, err := wire.ParseWelcome(p.Welcome, false)
	if err != nil {
		panic(err)
	}
	var keys client.Keys = clientKeys
	if w.cfg.NoReplayCheck {
		keys = &noReplayCheck{clientKeys, secret, id}
	}
	p.Session = client.NewSession(p.clock(w.now), client.SessionConfig{
		Welcome: fields, Sealed: keys,
		Send: func(b []byte) { p.transmit(w, b) },
	})
	w.Players = append(w.Players, p)
	w.byAddr[p.Address] = p
	return p
}

func (w *World) read(b []byte) { _, _ = w.chance.Read(b) }

// send takes a datagram from the shard.
func (w *World) send(_ netip.Addr, to netip.AddrPort, b []byte) {
	p := w.byAddr[to]
	if p == nil {
		if w.Stranger != nil {
			w.Stranger(to, b)
		}
		return
	}
	if p.Tap != nil {
		p.Tap(false, b)
	}
	p.Down.Send(w.now, b)
}

// Inject lets a datagram reach the server now, from any address: a stranger's, a copy, a forgery.
func (w *World) Inject(from netip.AddrPort, datagram []byte) {
	if !w.Stopped {
		w.Shard.Receive(w.now, from, datagram)
	}
}

// tell takes a control line from the shard. It travels as bytes, like everything, and arrives after the base delay:
// TCP makes up for losses.
func (w *World) tell(id sealed.ID, m wire.Message) {
	switch p := w.byID[id]; {
	case p == nil:
	case m.Type == wire.Welcome:
		p.Welcome = m
	default:
		p.lines = append(p.lines, line{w.now.Add(w.cfg.Down.Delay), wire.AppendLine(nil, m)})
	}
}

// Run lets the world go on for a while.
func (w *World) Run(d time.Duration) { w.Until(d, func() bool { return false }) }

// Until lets the world go on until done, asked after every step, or until a while has passed. It reports whether done
// became true.
func (w *World) Until(d time.Duration, done func() bool) bool {
	end := w.now.Add(d)
	for !done() {
		next := w.next()
		if next.After(end) {
			w.now = end
			return false
		}
		w.now = next
		w.step()
	}
	return true
}

// next returns when something happens.
func (w *World) next() time.Time {
	next := w.now.Add(shard.Period)
	if !w.Stopped {
		next = w.Shard.Next(w.now)
	}
	for _, p := range w.Players {
		if at, ok := p.Up.Next(); ok && at.Before(next) {
			next = at
		}
		if !p.frozen && p.frame.Before(next) {
			next = p.frame
		}
	}
	if next.Before(w.now) {
		return w.now
	}
	return next
}

// step does what happens now: datagrams reach the server, the shard plays, players have their frames.
func (w *World) step() {
	for _, p := range w.Players {
		for {
			b, at, ok := p.Up.Receive(w.now)
			if !ok {
				break
			}
			if !w.Stopped {
				w.Shard.Receive(at, p.Address, b)
			}
		}
	}
	if !w.Stopped {
		w.Shard.Advance(w.now)
		if w.OnStep != nil {
			w.OnStep()
		}
	}
	for _, p := range w.Players {
		if !p.frozen && !p.frame.After(w.now) {
			p.doFrame(w)
		}
	}
}

// ID returns the session id of a player as it stands in every datagram.
func (p *Player) ID() string { return hex.EncodeToString(p.id[:]) }
