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
	"pong/netcode/sealed"
)

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
