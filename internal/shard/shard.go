// Package shard is the authority of Pong: a Shard owns sessions and matches and plays the one game that counts. It is a
// value that is stepped with the time and with bytes: no clock, no socket, no goroutine, no lock, so that tests run hours
// of it in seconds. Package server gives it a socket and a clock, and package world a simulated network.
package shard

import (
	"crypto/sha256"
	"io"
	"net/netip"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// Period is how long a tick lasts.
const Period = time.Second / game.TickRate

// defaultMaxSeats is how many players and watchers a shard takes if Config does not say.
const defaultMaxSeats = 20000

// Config is what a Shard is made with.
type Config struct {
	Rules    game.Rules
	Auto     bool      // begin a match as soon as both players are online; else when Begin says so
	MaxSeats int       // If zero, defaultMaxSeats.
	Prefix   string    // of the names of matches, so that those of several shards differ. If empty, "m".
	Seed     uint64    // of the matches' serves. If zero, each match draws its own.
	Every    uint32    // ticks from one STATE to the next. If zero, wire.StateEvery.
	Random   io.Reader // for match seeds, secrets and challenges; crypto/rand's Reader outside of tests

	Send     func(from netip.Addr, to netip.AddrPort, datagram []byte) // lends the datagram; from is invalid if any will do
	SendLine func(to sealed.ID, m wire.Message)                        // a control line to a player
	Report   func(Report)                                              // what an operator may want to know
}

// A Shard is the part of the server that owns sessions and matches: it takes datagrams and commands, steps
// matches and hands out datagrams, control lines and reports. It has no lock, no goroutine, no socket and no clock; it
// is called by one goroutine with the time. Whatever a datagram holds, Receive neither fails nor panics: it counts.
type Shard struct {
	cfg      Config
	epoch    time.Time
	sessions map[sealed.ID]*session
	resumes  map[[sha256.Size]byte]*seat // by the digest of the resume secret
	matches  []*match                    // in order of creation
	open     openMatches
	calendar calendar

	unregistered unregistered

	serial     uint32
	load       float64   // share of a core that the loop uses
	drained    time.Time // when all must have ended; zero while nothing is to end
	counts     Counts
	histograms histograms
	scratch    scratch
}

// scratch is room that every datagram uses in turn, so that none allocates.
type scratch struct {
	plain, out [sealed.MaxDatagram]byte
	runs       [wire.MaxRuns]netcode.Run[game.Input]
	state      [wire.StateLen]byte

	single  [1]Datagram
	found   [64]*session // of the datagrams that came together
	fetched uint32       // of no use: see prefetch
}

// New returns a shard without matches. Time starts at epoch: all ticks are whole periods away from it.
func New(cfg Config, epoch time.Time) *Shard {
	if cfg.MaxSeats == 0 {
		cfg.MaxSeats = defaultMaxSeats
	}
	if cfg.Prefix == "" {
		cfg.Prefix = "m"
	}
	if cfg.Every == 0 {
		cfg.Every = wire.StateEvery
	}
	return &Shard{
		cfg:      cfg,
		epoch:    epoch,
		calendar: calendar{epoch: epoch},
		sessions: make(map[sealed.ID]*session),
		resumes:  make(map[[sha256.Size]byte]*seat),

		unregistered: make(unregistered),
	}
}

// Begin starts every match whose players are both online: the operator's word. It returns how many there were.
func (s *Shard) Begin(now time.Time) int {
	n := 0
	for _, m := range s.matches {
		if !m.begun && m.ready() {
			s.begin(m)
			n++
		}
	}
	return n
}

// Leave takes back the seat of a player who gives it up.
func (s *Shard) Leave(now time.Time, id sealed.ID) {
	if p := s.sessions[id]; p != nil {
		s.vacate(p.seat, "left")
	}
}

// ControlLost says that a player's control connection has ended without a LEAVE. Before the start that is a player who
// is not there, and one who looks on is gone; later the game channel alone decides, because silence on one channel is not
// the end of the other.
func (s *Shard) ControlLost(now time.Time, id sealed.ID, why string) {
	p := s.sessions[id]
	if p != nil {
		p.controlOpen = false
	}
	switch {
	case p == nil:
	case p.seat.match.begun && p.registered && !p.seat.watches():
		s.expireSeat(p.seat, now) // who has been silent on the other, too, is not there
	case p == p.seat.next:
		s.closeSession(p, why)
	case p.seat.next != nil: // the player is coming back over another connection, and time decides who is there
	default:
		s.vacate(p.seat, why)
	}
}

// Rematch is a player's word for another game. When both have given it, the next game begins.
func (s *Shard) Rematch(now time.Time, id sealed.ID) {
	p := s.sessions[id]
	if p == nil || p.seat.watches() || p.seat.match.state.Phase != game.Over || p.seat.rematch {
		return
	}
	m := p.seat.match
	m.active = now
	p.seat.rematch = true
	s.sendLineToAll(m, wire.Message{Type: wire.Rematch, PlayerID: p.seat.player + 1})
	if m.seats[0].rematch && m.seats[1].rematch {
		s.startNextGame(m)
	}
}

// State returns the game of a player's match as it stands, for who looks on from the same process.
func (s *Shard) State(id sealed.ID) (state game.State, ok bool) {
	p := s.sessions[id]
	if p == nil {
		return state, false
	}
	return p.seat.match.state, true
}

// OpenSeats returns how many seats across from somebody are free to whoever comes next.
func (s *Shard) OpenSeats() int {
	n := 0
	for _, m := range s.open {
		if m.room == "" {
			n++
		}
	}
	return n
}

// Counts returns the counters of the shard.
func (s *Shard) Counts() Counts {
	c := s.counts
	c.Sessions, c.Matches, c.Load = len(s.sessions), len(s.matches), s.load
	return c
}

// closeSession drops a session and says so to its player.
func (s *Shard) closeSession(p *session, why string) {
	s.removeSession(p)
	s.cfg.SendLine(p.id, wire.Message{Type: wire.Error, Code: wire.CodeSeat, Message: "You are not in the match: the player " + why + "."})
}

// removeSession drops a session: nothing it sends is heard any more.
func (s *Shard) removeSession(p *session) {
	p.removed = true
	delete(s.sessions, p.id)
	delete(s.resumes, p.resume)
	s.unregistered.remove(p)
	if p.seat.next == p {
		p.seat.next = nil
	}
}
