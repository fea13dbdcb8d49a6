// Package solo plays a match against a bot without a server or a network: the real shard and both real sessions in one
// value, every datagram sealed. A [Match] is a front.Session.
package solo

import (
	"bytes"
	"fmt"
	"io"
	"net/netip"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/shard"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// suite is the TLS cipher suite whose hash derives the keys.
const suite = 0x1301

// port is the UDP port that WELCOME names. Nothing listens there.
const port = 5556

// maxFrame is the longest time between two frames that counts. After a longer one, as when the page was hidden, the
// match goes on where it was.
const maxFrame = 100 * time.Millisecond

// A Match is a match of a person against a bot.
type Match struct {
	shard *shard.Shard
	ends  [2]*end // the person and the bot
	bot   *bot.Bot

	drawn time.Time     // when the last frame was drawn, or zero
	now   time.Time     // of the match, whose clock stands still while nothing is drawn
	since time.Duration // the beginning
}

// An end is one of the two clients.
type end struct {
	id        sealed.ID
	address   netip.AddrPort
	session   *client.Session
	welcome   wire.Message
	lines     []wire.Message // that have not been received
	datagrams [][]byte       // likewise
	sent      [][]byte       // to the shard
	key       game.Input
}

// New returns a match that begins at now. Random is the source of secrets and serves, such as crypto/rand's Reader.
func New(now time.Time, name string, level bot.Level, random io.Reader) (*Match, error) {
	m := &Match{now: now, bot: bot.New(level, uint64(now.UnixNano()))}
	m.shard = shard.New(shard.Config{
		Rules: game.DefaultRules(), Auto: true, Port: port, Random: random,
		Send: m.send, SendLine: m.sendLine, Report: func(shard.Report) {},
	}, now)
	for i, name := range [...]string{name, "Bot"} {
		m.ends[i] = &end{address: netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, byte(1 + i)}), 1)}
		if err := m.join(m.ends[i], name, random); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// join gives a client its seat.
func (m *Match) join(e *end, name string, random io.Reader) error {
	var secret [32]byte
	for _, b := range [][]byte{e.id[:], secret[:]} {
		if _, err := io.ReadFull(random, b); err != nil {
			return err
		}
	}
	server, err := sealed.FromSecret(sealed.Server, wire.KeyLabel, suite, secret[:], e.id)
	if err != nil {
		return err
	}
	keys, err := sealed.FromSecret(sealed.Client, wire.KeyLabel, suite, secret[:], e.id)
	if err != nil {
		return err
	}
	request := shard.JoinRequest{ID: e.id, Sealed: server, Name: name, Addr: e.address.Addr()}
	if err := m.shard.Join(m.now, request); err != nil {
		return err
	}
	fields, err := wire.ParseWelcome(e.welcome, false)
	if err != nil {
		return fmt.Errorf("the seat of %s: %w", name, err)
	}
	e.session = client.NewSession(m.now, client.SessionConfig{
		Welcome: fields, Sealed: keys, Send: func(b []byte) { e.sent = append(e.sent, bytes.Clone(b)) },
	})
	return nil
}

// send takes a datagram of the shard.
func (m *Match) send(_ netip.Addr, to netip.AddrPort, b []byte) {
	for _, e := range m.ends {
		if e != nil && e.address == to {
			e.datagrams = append(e.datagrams, bytes.Clone(b))
		}
	}
}

// sendLine takes a control line of the shard.
func (m *Match) sendLine(id sealed.ID, line wire.Message) {
	for _, e := range m.ends {
		switch {
		case e == nil || e.id != id:
		case line.Type == wire.Welcome:
			e.welcome = line
		default:
			e.lines = append(e.lines, line)
		}
	}
}

// Update plays a frame with the input that the person holds.
func (m *Match) Update(now time.Time, in game.Input) {
	if !m.drawn.IsZero() {
		passed := min(max(now.Sub(m.drawn), 0), maxFrame)
		m.now, m.since = m.now.Add(passed), m.since+passed
	}
	m.drawn = now
	m.ends[0].key = in
	for _, e := range m.ends {
		e.receive(m.now)
		e.session.Update(m.now, e.key)
		for _, b := range e.sent {
			m.shard.Receive(m.now, e.address, b)
		}
		e.sent = e.sent[:0]
		if line, due := e.session.RematchDue(m.now); due {
			m.shard.Rematch(m.now, e.id, line.Game)
		}
	}
	m.shard.Advance(m.now)
	m.ends[0].receive(m.now)
	m.moveBot()
}

// receive takes what the shard has sent.
func (e *end) receive(now time.Time) {
	for _, line := range e.lines {
		e.session.Control(line)
	}
	for _, b := range e.datagrams {
		e.session.Receive(now, b)
	}
	e.lines, e.datagrams = e.lines[:0], e.datagrams[:0]
}

// moveBot has the bot choose its key for the next frame. It plays again as soon as a game is over.
func (m *Match) moveBot() {
	e := m.ends[1]
	f := e.session.Frame(m.now)
	e.key = m.bot.Think(m.since, bot.See(&f))
	if f.Stage == client.StageOver {
		e.session.AskRematch()
	}
}

// Frame returns what to draw.
func (m *Match) Frame(time.Time) client.Frame { return m.ends[0].session.Frame(m.now) }

// Rematch asks for another game.
func (m *Match) Rematch() { m.ends[0].session.AskRematch() }

// SetSettings changes the view and the techniques.
func (m *Match) SetSettings(to client.Settings) { m.ends[0].session.SetSettings(to) }

// Inspect returns more about the network between the two, which loses nothing and takes no time.
func (m *Match) Inspect(_ time.Time, f *client.Frame) client.Inspection {
	return m.ends[0].session.Inspect(m.now, f)
}

// Accept does nothing, as Refuse and Close: the match begins by itself, and ends with the value.
func (m *Match) Accept() {}

// Refuse does nothing.
func (m *Match) Refuse() {}

// Close does nothing.
func (m *Match) Close() error { return nil }
