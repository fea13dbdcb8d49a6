// Package world plays whole matches in virtual time: the server's real shard and the clients' real sessions, every
// byte sealed, over simulated links, in one goroutine. There are no mocks; only sockets, TLS and the clock are
// missing. An hour takes seconds, a seed gives the same match every time, and a test may look into both ends.
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

// Config describes a World.
type Config struct {
	Seed     uint64
	Rules    game.Rules // If zero, the default rules, in a game without end.
	Operator bool       // matches begin when Shard.Begin is called; otherwise by themselves

	Fairness wire.Fairness // of the server

	// NoReplayCheck lets clients open a datagram any number of times, which shows what the replay check is for.
	NoReplayCheck bool

	// Record receives the recordings of all games that the server makes. If nil, it makes none.
	Record func(of shard.RecordedGame, piece []byte, last bool)

	// Confirmed receives every STATE that a player takes, for what records games. If nil, nothing does.
	Confirmed func(p *Player, c client.Confirmed)

	// Observe returns what receives what the client of a player does. If nil, nothing does.
	Observe func(name string) client.Observer

	Without shard.Techniques // of the server, that are switched off

	// Up and Down are the profiles of the links of every player that joins. Player.Up and Player.Down can change them.
	Up, Down netsim.Profile
}

// A World is a server and its players at one moment of virtual time.
type World struct {
	Shard   *shard.Shard
	Players []*Player
	Reports []shard.Report // all that the shard has reported

	// the server's process is gone: it receives, plays and sends nothing
	Stopped bool
	// the server's process stands still, as after SIGSTOP: datagrams wait, and are received first when it goes on
	Frozen bool
	OnStep func() // called after the shard has played the ticks that were due
	// called for datagrams that the server sends to an address without a player
	Stranger func(to netip.AddrPort, datagram []byte)
	OnReport func(now time.Duration, r shard.Report) // called for each report

	cfg    Config
	now    time.Time
	chance *rand.ChaCha8
	serial uint16
	byID   map[sealed.ID]*Player
	byAddr map[netip.AddrPort]*Player
}

// suite is the TLS cipher suite of every session.
const suite = 0x1301

// udpPort is the port that WELCOME names. Nothing listens on it.
const udpPort = 5556

// epoch is the virtual time at which every world begins.
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
		Rules: cfg.Rules, Auto: !cfg.Operator, Port: udpPort, Random: w.chance, Fairness: cfg.Fairness,
		Without: cfg.Without,
		Send:    w.send, SendLine: w.sendLine,
		Report: w.report, Record: cfg.Record,
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

// Join adds a player; JOIN and WELCOME of the control channel take no time. hand chooses the key that the player
// holds; a nil hand holds none.
func (w *World) Join(name string, hand Hand) *Player { return w.join(name, hand, nil, true) }

// Resume lets a player whose session has ended take its seat again.
func (w *World) Resume(p *Player) *Player {
	secret, _ := base64.RawURLEncoding.DecodeString(p.Welcome.Resume)
	return w.join(p.Name, p.hand, secret, false)
}

// join returns nil if the server refuses the player and must is false.
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
	var confirmed func(client.Confirmed)
	if w.cfg.Confirmed != nil {
		confirmed = func(c client.Confirmed) { w.cfg.Confirmed(p, c) }
	}
	var observer client.Observer
	if w.cfg.Observe != nil {
		observer = w.cfg.Observe(name)
	}
	p.Session = client.NewSession(p.Clock(w.now), client.SessionConfig{
		Welcome: fields, Sealed: claimingKeys{keys, &p.Claim},
		Send:      func(b []byte) { p.transmit(w, b) },
		Confirmed: confirmed, Observer: observer,
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

// Inject delivers a datagram to the server now, from any address: a stranger's, a copy or a forgery.
func (w *World) Inject(from netip.AddrPort, datagram []byte) {
	if !w.Stopped {
		w.Shard.Receive(w.now, from, datagram)
	}
}

// sendLine takes a control line from the shard. It travels as bytes, like everything, and arrives after the delay of
// the profile without losses, as over TCP.
func (w *World) sendLine(id sealed.ID, m wire.Message) {
	switch p := w.byID[id]; {
	case p == nil:
	case m.Type == wire.Welcome:
		p.Welcome = m
	default:
		p.lines = append(p.lines, line{w.now.Add(w.cfg.Down.Delay), wire.AppendLine(nil, m)})
	}
}

// Run lets time d pass.
func (w *World) Run(d time.Duration) { w.Until(d, func() bool { return false }) }

// Until lets time pass until done, which it calls after every step, returns true, or until d has passed. It reports
// whether done returned true.
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

// next returns the time of the next event.
func (w *World) next() time.Time {
	next := w.now.Add(shard.Period)
	if !w.Stopped && !w.Frozen {
		next = w.Shard.Next(w.now)
	}
	for _, p := range w.Players {
		if at, ok := p.Up.Next(); ok && !w.Frozen && at.Before(next) {
			next = at
		}
		if !p.frozen && p.frame.Before(next) {
			next = p.frame
		}
		if due, ok := p.repeatDue(w); ok && due.Before(next) {
			next = due
		}
	}
	if next.Before(w.now) {
		return w.now
	}
	return next
}

// step does what is due now: datagrams reach the server, the shard plays, players draw their frames.
func (w *World) step() {
	if !w.Frozen {
		w.stepServer()
	}
	for _, p := range w.Players {
		if due, ok := p.repeatDue(w); ok && !due.After(w.now) {
			p.Session.Repeat(p.Clock(w.now))
		}
		if !p.frozen && !p.frame.After(w.now) {
			p.doFrame(w)
		}
	}
}

// stepServer does what is due at the server.
func (w *World) stepServer() {
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
}

// ID returns the session id of a player as it stands in every datagram.
func (p *Player) ID() string { return hex.EncodeToString(p.id[:]) }
