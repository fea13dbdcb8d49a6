package shard

import (
	"crypto/sha256"
	"errors"
	"io"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// Errors of Restore.
var (
	ErrOtherRules = errors.New("the match has other rules than the server")
	errGoesOn     = errors.New("the match goes on already")
)

// SavedEvery is how many ticks lie between two times at which a match is saved, if nothing happens that is worth saving
// at once.
const SavedEvery = game.TickRate

// save saves a match if that is due. A match that has not begun, or has ended, is not kept: its players find each other
// again as they did before.
func (s *Shard) save(m *match) {
	if !m.unsaved && (m.state.Tick+m.serial)%SavedEvery != 0 {
		return
	}
	m.unsaved = false
	if !m.begun {
		s.forget(m)
		return
	}
	m.saved = true
	s.scratch.saved = m.saveable(s.cfg.Rules).Append(s.scratch.saved[:0])
	s.cfg.Save(m.name, s.scratch.saved)
}

// forget removes what is saved of a match.
func (s *Shard) forget(m *match) {
	if m.saved {
		m.saved = false
		s.cfg.Save(m.name, nil)
	}
}

// saveable returns a match that has begun, so that both of its seats are taken, as it is saved.
func (m *match) saveable(rules game.Rules) *Saved {
	r := &Saved{
		Serial: m.serial, Name: m.name, Room: m.room, Rules: rules, Lineup: m.lineup, Game: m.game, State: m.state,
	}
	for i := range m.seats {
		seat := &m.seats[i]
		r.Seats[i] = SavedSeat{seat.name, seat.holder, seat.session.resume, seat.ticket, seat.rematch}
	}
	return r
}

// Restore continues a match that another process has saved. Both players are silent at first, so the match is paused
// until they have taken their seats again, and is over for a player who does not: see FreedAfter. It is not their fault
// that they are away, so the pause budgets of the game begin anew.
func (s *Shard) Restore(now time.Time, r *Saved) error {
	m, err := s.restore(now, now, r)
	if err != nil {
		return err
	}
	for i := range m.seats {
		m.seats[i].status = seatSilent
	}
	m.saved = true
	s.report(m, nil, Restored, NoReason)
	return nil
}

// restore makes a match whose next tick is due at a time. Nobody has the keys of its sessions.
func (s *Shard) restore(now, due time.Time, r *Saved) (*match, error) {
	if r.Rules != s.cfg.Rules {
		return nil, ErrOtherRules
	}
	if len(s.tables.sessions)+len(r.Seats) > s.cfg.MaxSeats {
		return nil, ErrFull
	}
	s.serial++
	m := &match{serial: s.serial, name: r.Name, room: r.Room, state: r.State, begun: true, unsaved: true}
	for i := range m.applied {
		m.applied[i] = bothAway
	}
	m.active = m.tick()
	m.seats = [2]seat{newSeat(m, 0), newSeat(m, 1)}
	var absent [2]*session
	for i := range absent {
		var err error
		if absent[i], err = s.absent(now, &m.seats[i], &r.Seats[i]); err != nil {
			return nil, err
		}
	}
	m.start = s.tables.calendar.restart(m, due)
	s.tables.addMatch(m, now)
	for i, p := range absent {
		s.tables.occupy(p, r.Seats[i].Name, r.Seats[i].Ticket)
		s.tables.register(p)
		m.seats[i].rematch = r.Seats[i].Rematch
	}
	s.tables.setLineup(m, r.Lineup, r.Game)
	return m, nil
}

// absent returns a session for a player who has to come back. Nobody has its keys, so no datagram belongs to it. It
// keeps the seat, as that of a player of whom nothing arrives any more.
func (s *Shard) absent(now time.Time, seat *seat, r *SavedSeat) (*session, error) {
	if s.tables.resumes[r.Resume] != nil {
		return nil, errGoesOn
	}
	var id sealed.ID
	var secret [sha256.Size]byte
	if _, err := io.ReadFull(s.cfg.Random, id[:]); err != nil {
		return nil, err
	}
	if _, err := io.ReadFull(s.cfg.Random, secret[:]); err != nil {
		return nil, err
	}
	const anySuite = 0x1301
	keys, err := sealed.FromSecret(sealed.Server, wire.KeyLabel, anySuite, secret[:], id)
	if err != nil {
		return nil, err
	}
	p := &session{
		id: id, sealed: keys, seat: seat, joined: now, resume: r.Resume, addr: r.Holder.Addr(),
		lastReceived: seat.match.tick(), absent: true,
		lateness: netcode.InputLateness{Period: Period},
	}
	p.inputs.Reset(seat.match.tick())
	return p, nil
}
