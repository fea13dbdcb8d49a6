package shard

import (
	"encoding/binary"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// A Copier has the states of one match copied to another process. Package server makes one of a node of package
// cluster.
type Copier interface {
	// Put has a state copied, that of a tick, which it may use only until it returns. See Copied.
	Put(now time.Time, tick uint32, record []byte)

	// Acked returns the newest tick whose copy has arrived.
	Acked() uint32

	// MayPlay reports whether this process may play the match at now. reached says whether both players reach it.
	MayPlay(now time.Time, reached bool) bool

	// Over reports whether this process has lost the match, which may go on elsewhere.
	Over() bool

	// Drop records that the match has ended.
	Drop()
}

// A Copied is a match as another process needs it to go on without a pause: what is saved of it, the inputs of the
// ticks before, newest first, how much of the pause budgets is used up, and the inputs that have arrived for ticks to
// come, from that of the state on.
type Copied struct {
	Saved
	Applied [wire.HistoryLen]game.Inputs
	Paused  [2]time.Duration
	Inputs  [2][]game.Input
}

// maxCopiedInputs is how many inputs of a player are copied. More than that wait only for clients that are far ahead.
const maxCopiedInputs = 32

// Append appends the bytes of a copied match to dst: a byte for each tick before, with the left input in bits 2 and 3
// and the right one in bits 0 and 1; for each seat two bytes with the pauses in milliseconds, one with the number of
// inputs, and one for each input; then the saved match.
func (c *Copied) Append(dst []byte) []byte {
	for _, in := range c.Applied {
		dst = append(dst, byte(in[0])<<2|byte(in[1]))
	}
	for i := range c.Inputs {
		dst = binary.BigEndian.AppendUint16(dst, uint16(min(c.Paused[i], PauseBudget).Milliseconds()))
		dst = append(dst, byte(len(c.Inputs[i])))
		for _, in := range c.Inputs[i] {
			dst = append(dst, byte(in))
		}
	}
	return c.Saved.Append(dst)
}

// ParseCopied is the inverse of Append.
func ParseCopied(b []byte) (*Copied, error) {
	c, in := new(Copied), savedReader{rest: b}
	for i, both := range in.bytes(wire.HistoryLen) {
		if both > 15 {
			return nil, errSaved
		}
		c.Applied[i] = game.Inputs{game.Input(both >> 2), game.Input(both & 3)}
	}
	for i := range c.Inputs {
		c.Paused[i] = time.Duration(binary.BigEndian.Uint16(in.bytes(2))) * time.Millisecond
		n := int(in.bytes(1)[0])
		if n > maxCopiedInputs || c.Paused[i] > PauseBudget {
			return nil, errSaved
		}
		if n == 0 {
			continue
		}
		for _, input := range in.bytes(n)[:n] {
			if input > byte(game.Down) {
				return nil, errSaved
			}
			c.Inputs[i] = append(c.Inputs[i], game.Input(input))
		}
	}
	if in.failed {
		return nil, errSaved
	}
	saved, err := ParseSaved(in.rest)
	if err != nil {
		return nil, err
	}
	c.Saved = *saved
	return c, nil
}

// Resumes reports whether a resume secret with a digest belongs to a seat of the match.
func (r *Saved) Resumes(digest [32]byte) bool {
	return r.Seats[0].Resume == digest || r.Seats[1].Resume == digest
}

// copyEvery is how many ticks lie between two copies of a match, if nothing happens that must not be lost.
const copyEvery = 3

// copyMatch has the state of a match copied if that is due: after copyEvery ticks, and when something has happened that
// must not be lost. A match that has not begun, or has ended, is not copied.
func (s *Shard) copyMatch(m *match, now time.Time) {
	switch {
	case !m.begun && m.copy != nil:
		m.copy.Drop()
		m.copy = nil
		s.sendWithheld(m)
		return
	case !m.begun:
		return
	case m.copy == nil:
		m.copy, m.unsaved = s.cfg.Own(m.name), true
	}
	if m.unsaved || (m.state.Tick+m.serial)%copyEvery == 0 {
		if m.unsaved {
			m.decisive = m.tick()
		}
		s.putCopy(m, now)
	}
	m.unsaved = m.unsaved && s.cfg.Save != nil
	if len(m.withheld) > 0 && !m.withholds() {
		s.sendWithheld(m)
	}
}

// putCopy has the state of a match copied.
func (s *Shard) putCopy(m *match, now time.Time) {
	c := Copied{Saved: *m.saveable(s.cfg.Rules), Applied: m.applied}
	var inputs [2][maxCopiedInputs]game.Input
	for i := range m.seats {
		seat := &m.seats[i]
		c.Paused[i] = seat.paused + seat.pausing
		c.Inputs[i] = inputs[i][:seat.session.inputs.Waiting(inputs[i][:])]
	}
	s.scratch.saved = c.Append(s.scratch.saved[:0])
	m.copy.Put(now, m.state.Tick, s.scratch.saved)
}

// withholds reports whether STATEs and results of a match wait for a copy to arrive: what a player has been shown must
// not be lost with this process.
func (m *match) withholds() bool { return m.copy != nil && m.copy.Acked() < uint32(m.decisive) }

// sendWithheld sends the control lines that waited for a copy.
func (s *Shard) sendWithheld(m *match) {
	for _, line := range m.withheld {
		s.sendLineToAll(m, line)
	}
	m.withheld = nil
}

// ReachedWithin is for how long after their last datagrams both players count as reaching this process.
const ReachedWithin = 200 * time.Millisecond

// reached reports whether both players reach this process. The time is that of the clock: the ticks of a match stand
// still with the process.
func (m *match) reached(now time.Time) bool {
	for i := range m.seats {
		if p := m.seats[i].session; p == nil || !p.registered || now.Sub(p.echo.Received()) > ReachedWithin {
			return false
		}
	}
	return true
}

// mayPlay reports whether the ticks of a match that is copied may be played at now. If it goes on elsewhere, its
// clients are sent there.
func (s *Shard) mayPlay(m *match, now time.Time) bool {
	if m.copy.Over() {
		s.surrender(m)
		return false
	}
	m.catchesUp = false
	if !m.awaited.IsZero() && s.awaitPlayers(m, now) || s.yielded {
		return false
	}
	return m.copy.MayPlay(now, m.reached(now))
}

// surrender frees all seats of a match that goes on at another process.
func (s *Shard) surrender(m *match) {
	free := func(seat *seat) {
		if seat.next != nil {
			s.cfg.SendLine(seat.next.id, closing)
			s.tables.remove(seat.next)
		}
		if seat.session != nil {
			s.cfg.SendLine(seat.session.id, closing)
			s.tables.free(seat)
		}
	}
	for i := range m.seats {
		free(&m.seats[i])
	}
	for len(m.watchers) > 0 {
		free(m.watchers[len(m.watchers)-1])
	}
}

// The times of a match that was taken over.
const (
	// AwaitedFor is how long it waits for its second player.
	AwaitedFor = 500 * time.Millisecond

	// CaughtUp is how late it may be for all ticks to be played that were due since the state was copied. It is longer
	// than StoodStill, because the players have played on meanwhile, and all their inputs arrive.
	CaughtUp = 1200 * time.Millisecond
)

// TakeOver continues a match that another process has played until now. Nothing is played until both players have come
// back and their inputs have arrived, for AwaitedFor at most. If that takes no longer than CaughtUp since the state was
// copied, the ticks since then are all played, with the inputs that the players have made; else the match counts
// down. A player who has not come back by then is silent.
func (s *Shard) TakeOver(now, copied time.Time, c *Copied, by Copier) error {
	m, err := s.restore(now, copied, &c.Saved)
	if err != nil {
		return err
	}
	m.applied = c.Applied
	for i := range m.seats {
		seat := &m.seats[i]
		seat.status, seat.paused = seatOnline, c.Paused[i]
		seat.session.copied = len(c.Inputs[i])
		for j, in := range c.Inputs[i] {
			seat.session.inputs.Put(m.tick()+netcode.Tick(j), in)
		}
	}
	m.copy, m.awaited = by, now.Add(AwaitedFor)
	s.putCopy(m, now)
	s.report(m, nil, TakenOver, NoReason)
	return nil
}

// awaitPlayers reports whether a match that was taken over still waits for its players, and sends those who are back a
// STATE.
func (s *Shard) awaitPlayers(m *match, now time.Time) bool {
	back := 0
	for i := range m.seats {
		p := m.seats[i].session
		if p != nil && !p.absent && (p.inputs.Counts().Fresh > p.copied || m.state.Phase == game.Waiting) {
			back++
		}
	}
	if back < len(m.seats) && now.Before(m.awaited) {
		if m.sendNow {
			s.broadcast(now, m, [2]bool{true, true})
		}
		return true
	}
	m.awaited, m.unsaved = time.Time{}, true
	if m.catchesUp = now.Sub(m.start)-since(m.tick()) <= CaughtUp; !m.catchesUp {
		s.goOnLater(m, now)
	}
	for i := range m.seats {
		if seat := &m.seats[i]; seat.session != nil && seat.session.absent {
			s.markSilent(seat)
		}
	}
	return false
}

// Yield stops all matches for good, with their last states copied: another process continues them. Stop tells the
// clients.
func (s *Shard) Yield(now time.Time) {
	s.yielded = true
	for _, m := range s.tables.matches {
		if m.copy != nil && m.begun {
			s.putCopy(m, now)
		}
	}
}

// Yielded reports whether the last states of all matches have arrived after Yield.
func (s *Shard) Yielded() bool {
	for _, m := range s.tables.matches {
		if m.copy != nil && m.begun && !m.copy.Over() && m.copy.Acked() < m.state.Tick {
			return false
		}
	}
	return true
}
