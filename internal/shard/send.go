package shard

import (
	"net/netip"
	"time"

	"pong/internal/wire"
	"pong/netcode"
)

// broadcast sends the state to everybody who is registered.
func (s *Shard) broadcast(now time.Time, m *match) {
	state := s.stateOf(m, m.reason)
	for i := range m.seats {
		if p := m.seats[i].session; p != nil && p.registered {
			s.sendState(now, p, state)
		}
	}
	m.sendNow = m.repeats > 0
	if m.repeats > 0 {
		m.repeats--
	} else {
		m.reason = wire.ReasonRegular
	}
}

// stateOf returns the STATE of the match as it stands, for nobody yet: see sendState. It is lent.
func (s *Shard) stateOf(m *match, why wire.Reason) []byte {
	st := wire.State{Reason: why, Game: m.state, Applied: m.applied}
	for i := range m.seats {
		if p := m.seats[i].session; p != nil {
			st.Acked[i] = p.inputs.Acked()
		} else {
			st.Acked[i] = m.tick()
		}
	}
	return wire.AppendState(s.scratch.state[:0], netcode.Stamp{}, &st)
}

// seal sends a plaintext to an address. A session whose packet numbers are used up falls silent and is freed like any
// other that is not heard: the player joins again.
func (s *Shard) seal(p *session, to netip.AddrPort, plain []byte) {
	datagram, err := p.sealed.Seal(s.scratch.out[:0], plain)
	if err != nil {
		s.counts.Exhausted++
		return
	}
	s.counts.Sent++
	s.counts.BytesOut += len(datagram)
	// A player who has come to one of several addresses of this machine knows no other.
	var from netip.Addr
	if to.Addr() == p.addr {
		from = p.local
	}
	s.cfg.Send(from, to, datagram)
}

// sendState sends a STATE of stateOf to one player, whose stamp and margin it is given.
func (s *Shard) sendState(now time.Time, p *session, state []byte) {
	if !p.path.Address().IsValid() {
		return
	}
	missed := p.inputs.Counts().Missed
	m := wire.Margin{
		Valid:  p.margins.n > 0,
		Min:    p.margins.least,
		Missed: missed - p.missed,
		TailMS: int(p.lateness.P99() / time.Millisecond),
		Loss:   p.loss.Share(),
	}
	if m.Valid {
		m.Mean = p.margins.sum / float64(p.margins.n)
	}
	if p.seat.match.begun {
		s.counts.Missed += m.Missed
	}
	s.counts.States++
	p.margins, p.missed = margins{}, missed
	wire.Readdress(state, p.echo.Stamp(now), &m)
	s.seal(p, p.path.Address(), state)
}

// sendLineToAll tells everybody at a table, the bench included.
func (s *Shard) sendLineToAll(m *match, msg wire.Message) { s.sendLineExcept(nil, m, msg) }

// sendLineToOthers tells everybody at a table but one.
func (s *Shard) sendLineToOthers(place *seat, msg wire.Message) {
	s.sendLineExcept(place, place.match, msg)
}

func (s *Shard) sendLineExcept(not *seat, m *match, msg wire.Message) {
	tell := func(place *seat) {
		if place.session != nil && place != not {
			s.cfg.SendLine(place.session.id, msg)
		}
	}
	for i := range m.seats {
		tell(&m.seats[i])
	}
	for _, place := range m.watchers {
		tell(place)
	}
}
