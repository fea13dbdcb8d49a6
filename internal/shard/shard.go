// Package shard is the authority of Pong: a Shard owns sessions and matches and plays the game that counts. It is a
// value that is stepped with times and bytes. It has no clock, socket, goroutine or lock, so that tests run hours of it
// in seconds. Package server gives it a socket and a clock, and package world a simulated network.
//
//	control lines -> Join, Leave, Rematch (join.go, leave.go) -> tables (tables.go) -> Config.SendLine
//	datagrams     -> ReceiveAll (receive.go) -> sessions, inputs
//	time          -> Advance (advance.go) -> step (match.go) -> STATEs (send.go) -> Config.Send
package shard

import (
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

// Config is how a Shard is made.
type Config struct {
	Rules    game.Rules
	Ready    bool          // in a room, a match begins when both players accept each other, however long that takes
	Stray    func([]byte)  // is called with datagrams of no session, which it must not keep. May be nil.
	Final    bool          // no server starts after this one, so clients are told at its end not to look for it
	Auto     bool          // begin a match as soon as both players are online; else Begin does
	MaxSeats int           // how many players and watchers are let in. If zero, defaultMaxSeats.
	Port     int           // the UDP port that WELCOME names
	Prefix   string        // of the names of matches, so that those of several shards differ. If empty, "m".
	Serial   uint32        // of the newest match of processes before, so that names are not used twice
	Seed     uint64        // of the serves of all matches, for tests. If zero, each serve is drawn from Random.
	Every    uint32        // ticks from one STATE to the next. If zero, wire.StateEvery.
	Fairness wire.Fairness // If zero, wire.FairnessShare: see balance.go.
	Random   io.Reader     // for serves, secrets and challenges; crypto/rand's Reader except in tests
	Places   Places        // limits what clients can take. If nil, MaxSeats is the only limit.
	Tickets  Tickets       // the join tickets in use. If nil, a ticket gives any number of places.

	Without Techniques // that are switched off, to show what each is for. If zero, none.

	// Denied reports whether clients at an address are not admitted. If nil, all are.
	Denied func(netip.Addr) bool

	// Send sends a datagram, which it may use only until it returns, from the address that the client has sent to. If
	// from is invalid any local address will do.
	Send func(from netip.Addr, to netip.AddrPort, datagram []byte)

	// Save keeps a match, by its name, for a process that is started after this one has ended: see Saved. It may use
	// the record, which is that of Saved.Append, only until it returns. If the record is nil, the match has ended. If
	// Save is nil, no match is kept.
	Save func(match string, record []byte)

	// Own has the states of a match that begins be copied to another process, which can continue the match when this
	// one is gone: see Copier and TakeOver. If nil, no match is copied.
	Own func(match string) Copier

	// Record keeps the next piece of the recording of a game (package replay), which is the last one if last is true.
	// It may be empty. Record may use it only until it returns. If Record is nil, no game is recorded.
	Record func(of RecordedGame, piece []byte, last bool)

	SendLine func(to sealed.ID, line wire.Message) // sends a control line to a client
	Report   func(Report)                          // receives what an operator may want to know
}

// A Shard is the part of a server that owns sessions and matches. It takes datagrams and commands, steps matches, and
// hands out datagrams, control lines and reports. One goroutine calls it, with the time. Receive accepts any bytes: it
// never fails or panics, but counts.
type Shard struct {
	cfg        Config
	epoch      time.Time
	tables     tables
	serial     uint32    // of the newest match
	load       float64   // the share of a core that the loop uses
	drainBy    time.Time // when all matches end; zero unless the shard drains
	yielded    bool      // other processes continue the matches: see Yield
	stood      time.Time // when matches went on last after the server had stood still
	kicked     kicked
	counts     Counts
	histograms histograms
	scratch    scratch
}

// scratch is memory that every datagram uses in turn, so that none is allocated.
type scratch struct {
	plain, out [sealed.MaxDatagram]byte
	runs       [wire.MaxRuns]netcode.Run[game.Input]
	state      [wire.StateLen]byte
	serve      [4]byte
	saved      []byte

	single  [1]Datagram
	found   [64]*session // by the datagrams of a batch
	fetched uint32       // unused: see session.prefetch
}

// New returns a shard without matches. Every tick is a whole number of periods after epoch.
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
	if cfg.Fairness == "" {
		cfg.Fairness = wire.FairnessShare
	}
	if cfg.Places == nil {
		cfg.Places = unlimited{}
	}
	if cfg.Tickets == nil {
		cfg.Tickets = unlimited{}
	}
	return &Shard{
		cfg: cfg, epoch: epoch, serial: cfg.Serial, tables: newTables(epoch, cfg.Places, cfg.Tickets),
		kicked: make(kicked),
	}
}

// Begin starts every match whose players are both online, and returns how many there were. In a room the players first
// have NamesFor to read their names.
func (s *Shard) Begin(now time.Time) int {
	n := 0
	for _, m := range s.tables.matches {
		if !m.begun && m.ready() {
			m.meeting.wanted = true
			s.beginIfDue(m)
			n++
		}
	}
	return n
}

// Rematch records that a player asks for another game after the one with a number, or after the present one if the
// number is 0. It begins when both players have asked; if the other has left, when there is another player.
func (s *Shard) Rematch(now time.Time, id sealed.ID, after int) {
	p := s.tables.sessions[id]
	if p == nil || p.seat.watches() {
		return
	}
	m := p.seat.match
	if m.showsResult() { // the other player has left
		m.result = 0
		s.merge()
		return
	}
	if m.state.Phase != game.Over || p.seat.rematch {
		return
	}
	if after != 0 && after != int(m.game) {
		return // the line is late: that game was followed by another one
	}
	m.active = m.tick()
	p.seat.rematch, m.sendNow, m.unsaved = true, true, true
	s.sendLineToAll(m, wire.Message{Type: wire.Rematch, PlayerID: p.seat.player + 1})
	if m.seats[0].rematch && m.seats[1].rematch {
		s.startNextGame(m)
	}
}

// Hide records whether no frames of a player's screen are drawn. The match goes on: if it paused, hiding the window
// would be a way to stop a ball that is about to be lost.
func (s *Shard) Hide(id sealed.ID, hidden bool) {
	if p := s.tables.sessions[id]; p != nil {
		p.hidden = hidden
	}
}

// OpenSeats returns how many seats at public matches are free.
func (s *Shard) OpenSeats() int {
	n := 0
	for _, m := range s.tables.open {
		if m.room == "" {
			n++
		}
	}
	return n
}

// Counts returns the counters of the shard.
func (s *Shard) Counts() Counts {
	c := s.counts
	c.Sessions, c.Players, c.Matches = len(s.tables.sessions), s.tables.players, len(s.tables.matches)
	c.Load = s.load
	return c
}
