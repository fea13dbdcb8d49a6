package shard

import (
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// Leave frees the seat of a client that sent LEAVE.
func (s *Shard) Leave(now time.Time, id sealed.ID) {
	if p := s.tables.sessions[id]; p != nil {
		s.vacate(p.seat, Left)
	}
}

// ControlLost records that a client's control connection has ended without a LEAVE. A player whose match has not begun,
// or who has not registered, is removed, and so is a watcher. A player in a match, or who is silent, keeps the seat,
// because silence on one channel is not the end of the other: the timeouts decide.
func (s *Shard) ControlLost(now time.Time, id sealed.ID, why Reason) {
	p := s.tables.sessions[id]
	if p == nil {
		return
	}
	p.controlOpen = false
	switch seat := p.seat; {
	case seat.match.begun && p.registered && !seat.watches():
		s.expireSeat(seat, now) // the player may have been silent on the game channel, too
	case p == seat.next:
		s.endSession(p, why)
		s.merge() // the player may be waiting
	case seat.next != nil: // the player is resuming over another connection; RegisterWithin decides
	case seat.status == seatSilent && !seat.watches(): // the seat is kept for as long as PRESENCE has announced
	default:
		s.vacate(seat, why)
	}
}

// vacate removes the player or watcher of a seat. If a game was being played, the other player has won it. The seat is
// free for another player.
func (s *Shard) vacate(seat *seat, why Reason) {
	m, p, player, name, watcher := seat.match, seat.session, seat.player, seat.name, seat.watches()
	if seat.next != nil {
		s.endSession(seat.next, why)
	}
	end := m.end(2-player, reasonTexts[why].opponent) // before the game is that of another lineup
	s.report(m, seat, Vacated, why)
	s.tables.free(seat)
	s.sendRemoved(p, watcher, why)
	if watcher {
		return
	}
	s.sendLineToAll(m, wire.Message{
		Type: wire.Presence, PlayerID: player + 1, Name: name, Status: wire.StatusLeft, Lineup: int(m.lineup),
	})
	other := seat.other()
	if m.begun && m.state.Phase != game.Over && other.session != nil {
		s.endGame(m, end)
	}
	if other.rematch { // the player has seen the result
		m.result = 0
	}
	m.begun, m.sendNow, m.unsaved = false, true, true
	m.reset = true // merge may begin the next game before a tick has passed
	if m.meeting.forget(player); other.session != nil {
		s.sendOpener(m)
	}
	other.forgetGame()
	s.merge()
}

// merge moves a player who waits alone to another player who does, at the older match. The newer match is then empty
// and is removed. The ticks of the older match are greater, so that for the client that moves time only jumps ahead.
func (s *Shard) merge() {
	var waiting *seat
	for _, m := range s.tables.open {
		switch seat := m.waitingSeat(); {
		case seat == nil:
		case waiting == nil:
			waiting = seat
		default:
			s.move(seat, waiting.other())
			return
		}
	}
}

// move gives a player another seat.
func (s *Shard) move(from, to *seat) {
	p := from.session
	s.tables.move(from, to)
	p.inputs.Reset(to.match.tick())
	s.cfg.SendLine(p.id, wire.Message{Type: wire.Seat, PlayerID: to.player + 1, Match: to.match.name})
	s.sendPresence(p)
	s.report(to.match, to, Joined, NoReason)
	s.maybeBegin(to)
}

// endSession removes a session that does not have its seat, or not any more, and sends its client the reason.
func (s *Shard) endSession(p *session, why Reason) {
	s.tables.remove(p)
	s.sendRemoved(p, p.seat.watches(), why)
}

// sendRemoved sends the ERROR that ends the control connection of a session that was removed. If the connection is the
// reason, nothing is sent: a proxy may have closed only the server's side of it, and the client is to join again.
func (s *Shard) sendRemoved(p *session, watcher bool, why Reason) {
	if why == ConnectionClosed {
		return
	}
	s.cfg.SendLine(p.id, wire.Message{Type: wire.Error, Code: why.code(), Message: why.message(watcher)})
}
