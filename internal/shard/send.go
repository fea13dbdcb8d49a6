package shard

import (
	"net/netip"
	"time"

	"pong/internal/wire"
	"pong/netcode"
)

// broadcast sends the state to the players that receive it.
func (s *Shard) broadcast(now time.Time, m *match) {
	if m.withholds() {
		m.sendNow = true // as soon as it can be sent
		return
	}
	state := s.stateOf(m, m.reason)
	for i := range m.seats {
		if seat := &m.seats[i]; m.receives(seat) {
			s.sendState(now, seat.session, state)
		}
	}
	m.sendNow = m.repeats > 0
	if m.repeats > 0 {
		m.repeats--
	} else {
		m.reason = wire.ReasonRegular
	}
}

// pauseUnit is that of wire.Standing.
const pauseUnit = wire.PauseUnit * time.Second

// stateOf returns the STATE of a match without what differs between receivers: see sendState. It is valid until the
// next call.
func (s *Shard) stateOf(m *match, why wire.Reason) []byte {
	st := wire.State{Reason: why, Game: m.state, Applied: m.applied}
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

// sendState sends a STATE of stateOf to one client, with the stamp, the player id, the margins and the inputs ahead of
// that client.
func (s *Shard) sendState(now time.Time, p *session, state []byte) {
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
	wire.Readdress(state, p.echo.Stamp(now), uint8(p.seat.player+1), &m, &ahead)
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
