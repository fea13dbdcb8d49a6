package shard

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"time"

	"pong/internal/game"
	"pong/internal/ticket"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// Errors of Join.
var (
	ErrFull    = errors.New("no seat is free")
	ErrResume  = errors.New("the seat to come back to is gone")
	ErrRoom    = errors.New("two are playing in this room already: choose another room, or watch")
	ErrMatch   = errors.New("there is no such match to watch")
	ErrTicket  = errors.New("another client has a place by the same join ticket")
	ErrCrowded = errors.New("others of your address are joining at this moment: try again in a moment")
	ErrClosing = errors.New("the server is shutting down or restarting: try again in a moment")
)

// A JoinRequest is a player's or watcher's request for a seat. The caller has keyed the session and checked the name
// and the room.
type JoinRequest struct {
	ID     sealed.ID
	Sealed *sealed.Session
	Name   string
	Addr   netip.Addr // the client's end of the TLS connection, which TCP has proved. May be invalid.
	Resume []byte     // the secret of the seat to take again; nil for a new seat
	Room   string     // to meet the player who names the same room; empty for the next free player
	Watch  bool       // watch a match instead of playing
	Match  string     // the match to watch; empty for any
	Ticket ticket.ID  // of the join ticket, which gives one place at a time; zero without one
}

// Join gives a client a seat:
//
//   - with a resume secret, the seat that the secret belongs to
//   - with a room, a seat at the match of that room
//   - else a free seat at the oldest match without a room, or at a new match
//
// It sends WELCOME, the PRESENCE of both players and, if the match has begun, START, in this order. The session can
// receive before Join returns, so that a REGISTER can never be too early.
func (s *Shard) Join(now time.Time, r JoinRequest) error {
	seat, err := s.findSeat(now, r)
	if err != nil {
		return err
	}
	var secrets [2 * wire.TokenLen]byte
	if _, err := io.ReadFull(s.cfg.Random, secrets[:]); err != nil {
		return err
	}
	token, resume := secrets[:wire.TokenLen], secrets[wire.TokenLen:]
	p := &session{
		id: r.ID, sealed: r.Sealed, seat: seat, joined: now,
		token: sha256.Sum256(token), resume: sha256.Sum256(resume),
		addr: r.Addr, controlOpen: true, lastReceived: seat.match.tick(),
		lateness: netcode.InputLateness{Period: Period},
	}
	if seat.next != nil {
		s.endSession(seat.next, Replaced)
	}
	s.tables.occupy(p, r.Name, r.Ticket)
	if !seat.watches() && seat.other().session == nil {
		seat.match.meeting.opener = seat.player
	}
	s.counts.Joins++
	seat.match.active = seat.match.tick()
	p.inputs.Reset(seat.match.tick())
	s.reportJoin(p, r.Resume != nil)
	s.sendWelcome(p, token, resume)
	s.sendPresence(p)
	return nil
}

// findSeat returns the seat for a request.
func (s *Shard) findSeat(now time.Time, r JoinRequest) (*seat, error) {
	if !s.drainBy.IsZero() {
		return nil, ErrClosing
	}
	if s.denies(r.Addr) {
		return nil, ErrDenied
	}
	if r.Resume != nil {
		return s.seatOf(sha256.Sum256(r.Resume))
	}
	if r.Ticket != (ticket.ID{}) && s.cfg.Tickets.Used(r.Ticket) {
		return nil, ErrTicket
	}
	if err := s.evictUnregistered(now, s.tables.unregistered.excess(r.Addr)); err != nil {
		return nil, err
	}
	if len(s.tables.sessions) >= s.cfg.MaxSeats {
		return nil, ErrFull
	}
	if r.Watch {
		return s.watch(now, r)
	}
	if err := s.reserve(now, PlayerPlace, r.Addr); err != nil {
		return nil, err
	}
	if seat := s.tables.openSeat(r.Room, ClientPrefix(r.Addr)); seat != nil {
		if seat.match.refuses(r.Name, ClientPrefix(r.Addr)) {
			return nil, ErrSentAway
		}
		return seat, nil
	}
	if r.Room != "" && slices.ContainsFunc(s.tables.matches, func(m *match) bool { return m.room == r.Room }) {
		return nil, ErrRoom
	}
	if s.busy() {
		s.counts.Busy++
		return nil, ErrBusy
	}
	if err := s.reserve(now, WaitingPlace, r.Addr); err != nil {
		return nil, err
	}
	return s.newMatch(now, r.Room).free(), nil
}

// seatOf returns the seat that a resume secret belongs to, by its digest. The secret is valid until the new session has
// registered: if resuming fails, the client can try again.
func (s *Shard) seatOf(resume [sha256.Size]byte) (*seat, error) {
	if seat := s.tables.resumes[resume]; seat != nil {
		return seat, nil
	}
	if _, ok := s.kicked[resume]; ok {
		return nil, ErrKicked
	}
	return nil, ErrResume
}

// newMatch creates a match without players.
func (s *Shard) newMatch(now time.Time, room string) *match {
	s.serial++
	m := &match{
		serial: s.serial, name: fmt.Sprint(s.cfg.Prefix, s.serial), room: room,
		state: game.New(s.cfg.Rules, s.seed()),
	}
	m.seats = [2]seat{newSeat(m, 0), newSeat(m, 1)}
	for i := range m.applied {
		m.applied[i] = bothAway
	}
	m.start = s.tables.calendar.start(m.serial, now)
	s.tables.addMatch(m, now)
	return m
}

// seed returns the seed of a new match.
func (s *Shard) seed() uint64 {
	if s.cfg.Seed != 0 {
		return s.cfg.Seed + uint64(s.serial)
	}
	var seed [8]byte
	if _, err := io.ReadFull(s.cfg.Random, seed[:]); err != nil {
		panic("shard: no randomness: " + err.Error())
	}
	return binary.BigEndian.Uint64(seed[:])
}

// evictUnregistered frees the seat of a session that has not registered, for another client of its address prefix. It
// does nothing if p is nil, and returns ErrCrowded if p has just joined.
func (s *Shard) evictUnregistered(now time.Time, p *session) error {
	if p == nil {
		return nil
	}
	if now.Sub(p.joined) < timeToRegister {
		return ErrCrowded
	}
	s.counts.NeverRegistered++
	s.vacate(p.seat, TooManyUnregistered)
	return nil
}

func (s *Shard) sendWelcome(p *session, token, resume []byte) {
	every := s.cfg.Every
	if p.seat.watches() {
		every = wire.StateEvery
	}
	ready := 0
	if s.cfg.Ready && p.seat.match.room != "" {
		ready = 1
	}
	s.cfg.SendLine(p.id, wire.Message{
		Type: wire.Welcome, PlayerID: p.seat.player + 1, Session: p.id.String(), UDPPort: s.cfg.Port,
		Token: wire.FormatSecret(token), Resume: wire.FormatSecret(resume),
		Match: p.seat.match.name, Room: p.seat.match.room,
		Rules: s.cfg.Rules.Name(), Points: int(s.cfg.Rules.Points),
		TickRate: game.TickRate, StateRate: game.TickRate / int(every), Ready: ready,
		Fairness: string(s.cfg.Fairness),
	})
}

// sendPresence sends the PRESENCE of both players to a client that has just got its seat, and that of the client to the
// others. If the match has begun, START follows, and if the game is over its result and the wishes for another one.
func (s *Shard) sendPresence(p *session) {
	m := p.seat.match
	for i := range m.seats {
		if seat := &m.seats[i]; seat.session != nil {
			s.cfg.SendLine(p.id, seat.presence())
		}
	}
	if !p.seat.watches() {
		s.sendLineToOthers(p.seat, p.seat.presence())
	}
	if !m.begun {
		return
	}
	s.cfg.SendLine(p.id, wire.Message{Type: wire.Start})
	if m.state.Phase != game.Over {
		return
	}
	s.cfg.SendLine(p.id, m.end(int(m.state.Winner), ""))
	for i := range m.seats {
		if m.seats[i].rematch {
			s.cfg.SendLine(p.id, wire.Message{Type: wire.Rematch, PlayerID: i + 1})
		}
	}
}
