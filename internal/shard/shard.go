// Package shard is the authority of Pong: a Shard owns sessions and matches and plays the one game that counts. It is a
// value that is stepped with the time and with bytes: no clock, no socket, no goroutine, no lock, so that tests run hours
// of it in seconds. Package server gives it a socket and a clock, and package world a simulated network.
package shard

import (
	"crypto/sha256"
	"errors"
	"io"
	"net/netip"
	"slices"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// Period is how long a tick lasts.
const Period = time.Second / game.TickRate

// The time-outs of a seat.
const (
	RegisterWithin = 10 * time.Second // else the seat is freed
	SilentAfter    = 5 * time.Second  // the match is paused
	GoneAfter      = 1 * time.Second  // the same, of a player whose control connection has ended too: nobody is there
	FreedAfter     = 60 * time.Second // the seat is freed
	PauseBudget    = 60 * time.Second // for which a player may pause a game in all, in two absences of 30 s or as it comes
	IdleAfter      = 30 * time.Minute // without a key or a word from anybody at the table: the seats are freed
	DrainWithin    = 30 * time.Second // the points in play have, when the server is to end
	KeyLife        = 12 * time.Hour   // of a session's keys: then the player joins again
)

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

// Why somebody is not seated.
var (
	ErrFull    = errors.New("no seat is free")
	ErrResume  = errors.New("the seat to come back to is gone")
	ErrRoom    = errors.New("two are playing in this room already: choose another room, or watch")
	ErrMatch   = errors.New("there is no such match to watch")
	ErrClosing = errors.New("the server is shutting down or starting again: try again in a moment")
)

// A JoinRequest is a player, or one who looks on, and asks for a place: the session is keyed, the name and the room checked.
type JoinRequest struct {
	ID     sealed.ID
	Sealed *sealed.Session
	Name   string
	Addr   netip.Addr // of the TLS connection: TCP has shown that datagrams to it reach the player. May be invalid.
	Local  netip.Addr // our end of it, from which the player expects datagrams. May be invalid.
	Resume []byte     // the secret of the seat to come back to; nil for a new one
	Room   string     // to meet whoever else names it; empty for the next free player
	Watch  bool       // look on
	Match  string     // which match to look on at; empty for any
}

// Join seats a player: at the table of the room that was named; else at the oldest table with a free seat that has no
// room, else at a new one; or, with a resume secret, in the seat that it belongs to. It returns the WELCOME to send, whose
// udp_port the caller fills in, and which must be followed by what Presence tells. The session is ready to receive before
// Join returns, so a REGISTER can never be too early.
func (s *Shard) Join(now time.Time, j JoinRequest) (wire.Message, error) {
	place, err := s.findSeat(now, j)
	if err != nil {
		return wire.Message{}, err
	}
	var secrets [2 * wire.TokenLen]byte
	if _, err := io.ReadFull(s.cfg.Random, secrets[:]); err != nil {
		return wire.Message{}, err
	}
	token, resume := secrets[:wire.TokenLen], secrets[wire.TokenLen:]
	p := &session{
		id: j.ID, sealed: j.Sealed, seat: place, joined: now,
		token: sha256.Sum256(token), resume: sha256.Sum256(resume),
		addr: j.Addr, local: j.Local, bucket: newBucket(now), controlOpen: true,
	}
	s.sessions[j.ID], s.resumes[p.resume] = p, place
	if j.Resume == nil {
		s.unregistered.add(p)
	}
	s.counts.Joins++
	s.occupy(now, p, j.Name)
	m, every := place.match, s.cfg.Every
	if place.watches() {
		every = wire.StateEvery
	}
	return wire.Message{
		Type: wire.Welcome, PlayerID: place.player + 1, Session: j.ID.String(),
		Token: base64url(token), Resume: base64url(resume), Match: m.name, Room: m.room,
		Rules: s.cfg.Rules.Name(), Points: int(s.cfg.Rules.Points),
		TickRate: game.TickRate, StateRate: game.TickRate / int(every),
	}, nil
}

// occupy puts a session in its seat, or beside it if that is still another's, until the new one has registered.
func (s *Shard) occupy(now time.Time, p *session, name string) {
	place := p.seat
	m := place.match
	if place.next != nil {
		s.closeSession(place.next, "has joined again from elsewhere")
	}
	if place.session == nil {
		place.session, place.name, place.status = p, name, wire.StatusJoined
		if place.watches() {
			m.watchers = append(m.watchers, place)
		}
	} else {
		place.next = p
	}
	s.open.update(m)
	m.active = now
	p.inputs.Reset(m.tick())
	s.report(m, place, Joined, "")
}

// findSeat finds the seat for a joiner.
func (s *Shard) findSeat(now time.Time, j JoinRequest) (*seat, error) {
	if !s.drained.IsZero() {
		return nil, ErrClosing
	}
	if j.Resume != nil {
		// The secret works until the new session has registered: it works once, but who fails to come back may try again.
		place := s.resumes[sha256.Sum256(j.Resume)]
		if place == nil {
			return nil, ErrResume
		}
		return place, nil
	}
	s.evictUnregistered(j.Addr)
	if len(s.sessions) >= s.cfg.MaxSeats {
		return nil, ErrFull
	}
	if j.Watch {
		return s.watch(j.Match, j.Room)
	}
	for _, m := range s.open {
		if m.room == j.Room {
			return m.free(), nil
		}
	}
	if j.Room != "" && slices.ContainsFunc(s.matches, func(m *match) bool { return m.room == j.Room }) {
		return nil, ErrRoom
	}
	if s.busy() {
		s.counts.Busy++
		return nil, ErrBusy
	}
	m := s.newMatch(now)
	m.room = j.Room
	return m.free(), nil
}

// Presence tells one who has just been welcomed about both players, and the others about a newcomer.
func (s *Shard) Presence(now time.Time, id sealed.ID) {
	p := s.sessions[id]
	if p == nil {
		return
	}
	m := p.seat.match
	for i := range m.seats {
		if other := &m.seats[i]; other.session != nil {
			s.cfg.SendLine(id, other.presence(now))
		}
	}
	if !p.seat.watches() {
		s.sendLineToOthers(p.seat, p.seat.presence(now))
	}
	if m.begun {
		s.cfg.SendLine(id, wire.Message{Type: wire.Start})
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

// Advance does all that is due at now: it plays the ticks of every match, sends the STATEs that they call for, and
// frees the seats whose time is up.
func (s *Shard) Advance(now time.Time) {
	for s.AdvanceSome(now, len(s.matches)) {
	}
}

// AdvanceSome does what Advance does for so many matches at most, those first that have been due for longest, and reports
// whether any is left that is due.
func (s *Shard) AdvanceSome(now time.Time, most int) (more bool) {
	since := now.Sub(s.epoch)
	for _, m := range s.calendar.upcoming(since, most) {
		s.scratch.fetched += m.prefetch(s.cfg.Every)
	}
	for range most {
		m := s.calendar.next(since)
		if m == nil {
			return false
		}
		if !s.advance(m, now) {
			s.close(m)
		}
	}
	due, ok := s.calendar.due()
	return ok && !due.After(now)
}

// close takes a match that has no players off the lists.
func (s *Shard) close(m *match) {
	i := slices.Index(s.matches, m)
	s.matches = slices.Delete(s.matches, i, i+1)
	s.open.remove(m)
	s.calendar.remove(m)
	s.cfg.Report(Report{Kind: Closed, Match: m.name})
}

// idle is how long a shard without a match has nothing to do at least.
const idle = time.Second

// Next returns when Advance has something to do again, or what has arrived should be looked at: for the REGISTER of a newcomer
// two players wait to begin, so it is not left until the next tick.
func (s *Shard) Next(now time.Time) time.Time {
	due, ok := s.calendar.due()
	if !ok {
		due = now.Add(idle)
	}
	if soon := now.Add(Period / slots); len(s.unregistered) > 0 && soon.Before(due) {
		return soon
	}
	return due
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
