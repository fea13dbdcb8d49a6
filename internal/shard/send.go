package shard

import (
	"net/netip"
	"time"

	"pong/internal/wire"
	"pong/netcode"
)

// due returns which players a STATE is due to at the tick that has been played.
func (s *Shard) due(m *match) (due [2]bool) {
	m.foreseeContacts()
	every := s.stateEvery(m)
	look := (m.open || m.applied[0] != m.applied[1]) && !s.cfg.Without.NoNews
	m.open = false
	for i := range m.seats {
		seat := &m.seats[i]
		if seat.session == nil || !seat.session.registered {
			continue
		}
		due[i] = seat.news.dueAt(m.tick(), every) || m.sendNow
		if look {
			now, open := seat.hasNews()
			due[i], m.open = due[i] || now, m.open || open
		}
	}
	return due
}

// broadcast sends the state to the players to whom it is due.
func (s *Shard) broadcast(now time.Time, m *match, due [2]bool) {
	if m.withholds() {
		m.sendNow = true // as soon as it can be sent
		return
	}
	state := s.stateOf(m)
	for i := range m.seats {
		if seat := &m.seats[i]; due[i] && m.receives(seat) {
			s.sendState(now, seat.session, state, m.reason)
		}
	}
	switch m.sendNow = m.sendNow && m.repeats > 0; {
	case m.sendNow:
		m.repeats--
	default:
		m.reason = wire.ReasonRegular
	}
}

// pauseUnit is that of wire.Standing.
const pauseUnit = wire.PauseUnit * time.Second

// stateOf returns the STATE of a match without what differs between receivers: see sendState. It is valid until the
// next call.
func (s *Shard) stateOf(m *match) []byte {
	st := wire.State{Game: m.state, Applied: m.applied}
	st.Standing.Lineup, st.Standing.Game = m.lineup, m.game
	for i := range m.seats {
		seat := &m.seats[i]
		st.Standing.Seats[i], st.Standing.Rematch[i] = seat.standing(), seat.rematch
		st.Standing.PauseLeft[i] = uint8((seat.pauseLeft() + pauseUnit - 1) / pauseUnit)
		if p := m.seats[i].session; p != nil {
			st.Acked[i] = p.inputs.Acked()
		} else {
			st.Acked[i] = m.tick()
		}
	}
	return wire.AppendState(s.scratch.state[:0], netcode.Stamp{}, &st)
}

// sendState sends a STATE of stateOf to one client, with the reason, the stamp, the player id, the margins and the
// inputs ahead of that client.
func (s *Shard) sendState(now time.Time, p *session, state []byte, why wire.Reason) {
	if !p.path.Address().IsValid() {
		return
	}
	missed := p.inputs.Counts().Missed
	m := wire.Margin{
		Valid:  p.margins.any,
		Min:    p.margins.least - p.seat.sharedLead,
		Base:   p.margins.base - p.seat.sharedLead,
		Missed: missed - p.missed,
		TailMS: int((p.lateness.Tail() + time.Millisecond - 1) / time.Millisecond),
		Loss:   p.loss.Share(),
	}
	if m.Valid {
		p.early += (p.margins.base - p.early) / earlyOver
	}
	if p.seat.match.begun {
		s.counts.Missed += m.Missed
	}
	s.counts.States++
	p.seat.sent(now)
	p.margins, p.missed = margins{}, missed
	ahead := p.seat.ahead()
	if !p.seat.watches() {
		why = p.seat.noteSent(why, &ahead)
	}
	wire.Readdress(state, p.echo.Stamp(now), uint8(p.seat.player+1), why, &m, &ahead)
	s.seal(p, p.path.Local(), p.path.Address(), state)
}

// seal sends a plaintext from one of our addresses to a client's. If the session's packet numbers are used up nothing
// is sent: the client receives nothing more and joins again.
func (s *Shard) seal(p *session, from netip.Addr, to netip.AddrPort, plain []byte) {
	datagram, err := p.sealed.Seal(s.scratch.out[:0], plain)
	if err != nil {
		s.counts.Exhausted++
		return
	}
	s.counts.Sent++
	s.counts.BytesOut += len(datagram)
	s.cfg.Send(from, to, datagram)
}

// sendLineToAll sends a line to both players and all watchers of a match.
func (s *Shard) sendLineToAll(m *match, line wire.Message) { s.sendLineExcept(nil, m, line) }

// sendLineToOthers sends a line to everyone at a match but one.
func (s *Shard) sendLineToOthers(seat *seat, line wire.Message) {
	s.sendLineExcept(seat, seat.match, line)
}

func (s *Shard) sendLineExcept(except *seat, m *match, line wire.Message) {
	send := func(seat *seat) {
		if seat.session != nil && seat != except {
			s.cfg.SendLine(seat.session.id, line)
		}
		if seat.next != nil && seat != except {
			s.cfg.SendLine(seat.next.id, line)
		}
	}
	for i := range m.seats {
		send(&m.seats[i])
	}
	for _, seat := range m.watchers {
		send(seat)
	}
}
