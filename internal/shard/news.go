package shard

import (
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// A STATE is worth its bytes if it has news: something that the client of its receiver could not foresee. A client
// assumes that the other player's key does not change, so a player is sent a STATE as soon as the server has a change
// of it that it may reveal; or the input that decides a contact at the other player's face, for which the client waits.
// Further STATEs follow in case one is lost. Without news there are fewer STATEs, which keep the clocks right.

// repeatAfter has for each class of loss how many ticks after a STATE with news the next ones follow.
var repeatAfter = [...][]netcode.Tick{
	nil,
	{3},
	{1, 2, 3, 5, 8},
}

// The least shares of lost datagrams of the classes after the first. A server knows only what is lost on the way up;
// it assumes that as much is lost on the way down.
const (
	someLoss = 0.003
	muchLoss = 0.015
)

// wakeAfter is for how many ticks nothing has arrived from a player whose next datagram is answered by a STATE at once.
const wakeAfter = 15

// The budget of a player's STATEs. Each tick adds stateRefill, and each STATE takes stateCost, so there are 21 a second
// in the mean, 2.8 kB with the headers of IP and UDP. News waits for the budget, and a repetition as long as less than
// stateReserve are left for news. A STATE that is due in any case is sent.
const (
	stateCost    = game.TickRate
	stateRefill  = 21
	stateReserve = 4 * stateCost
	stateFull    = 10 * stateCost
)

// news is what the STATEs of a player's seat have said of the other player's inputs, and whether one is due.
type news struct {
	sent    netcode.Tick   // of the newest STATE
	told    netcode.Tick   // the inputs before it are in a STATE
	known   netcode.Tick   // the inputs before it are in a STATE, or equal the newest one that is
	last    game.Input     // the newest one
	due     bool           // there is news that is not in a STATE
	first   netcode.Tick   // of the first STATE with the newest news
	repeats []netcode.Tick // the rest of repeatAfter, after first
	contact netcode.Tick   // whose input decides the next contact at the other player's face, or decided the last
	budget  int
}

// dueAt adds a tick to the budget and reports whether a STATE is due at it, if the greatest distance of two is every.
func (n *news) dueAt(t netcode.Tick, every uint32) bool {
	n.budget = min(n.budget+stateRefill, stateFull)
	return uint32(t-n.sent) >= every ||
		len(n.repeats) > 0 && t-n.first >= n.repeats[0] && n.budget >= stateReserve
}

// hasNews looks for news, if there can be any, and reports whether a STATE with it is due now. open is whether the next
// INPUT can bring some: the other player's newest key is not told, or the input that decides a contact. A key that is
// held so briefly that the next INPUTs arrive before it can be revealed is news when it is applied.
func (seat *seat) hasNews() (now, open bool) {
	m, n := seat.match, &seat.news
	other := m.seats[1-seat.player].session
	if !m.begun || other == nil {
		return false, false
	}
	open = n.due || other.key != n.last || n.told <= n.contact
	if !n.due && (open || m.applied[0][1-seat.player] != n.last) {
		n.due = seat.unforeseen() || n.told <= n.contact && n.contact < n.known
	}
	return n.due && n.budget >= stateCost, open
}

// unforeseen reports whether the server has a change of the other player's key that it may reveal to the player of a
// seat. It looks at each input once.
func (seat *seat) unforeseen() bool {
	m, n, other := seat.match, &seat.news, seat.other()
	for ; n.known < m.tick(); n.known++ {
		if ago := m.tick() - 1 - n.known; ago < wire.HistoryLen && m.applied[ago][other.player] != n.last {
			return true
		}
	}
	if other.status == seatSilent {
		return false
	}
	for ; n.known < m.tick()+wire.MaxAhead; n.known++ {
		in, ok := netcode.Revealed(n.known, &other.session.inputs, &seat.session.inputs)
		if !ok || in != n.last {
			return ok
		}
	}
	return false
}

// foreseeContacts notes for which tick's inputs the players wait when the ball comes to a face.
func (m *match) foreseeContacts() {
	b, viewer := &m.state.Ball, 0
	gap, across := game.RightFace-game.BallSize-b.X, b.VX
	if across < 0 {
		gap, across, viewer = b.X-game.LeftFace, -across, 1
	}
	if m.state.Phase == game.Playing && across > 0 && gap >= 0 && gap < across*wire.MaxAhead {
		m.seats[viewer].news.contact, m.open = m.tick()+netcode.Tick(gap/across), true
	}
}

// noteSent records that a STATE with inputs ahead is sent to a player, and returns why: for why, or for news.
func (seat *seat) noteSent(why wire.Reason, a *wire.Ahead) wire.Reason {
	m, n := seat.match, &seat.news
	t := m.tick()
	n.sent, n.told, n.last = t, t+netcode.Tick(a.N), m.applied[0][1-seat.player]
	if a.N > 0 {
		n.last = a.Inputs[a.N-1]
	}
	n.known = n.told
	n.budget = max(n.budget-stateCost, 0)
	if n.due {
		n.due, n.first, n.repeats = false, t, repeatAfter[lossClass(seat.session.loss.Share())]
		if why == wire.ReasonRegular {
			why = wire.ReasonNews
		}
	}
	for len(n.repeats) > 0 && t-n.first >= n.repeats[0] {
		n.repeats = n.repeats[1:]
	}
	return why
}

// lossClass returns the index of a share of lost datagrams in repeatAfter.
func lossClass(share float64) int {
	switch {
	case share < someLoss:
		return 0
	case share < muchLoss:
		return 1
	}
	return 2
}

// sendNews sends a STATE to the players of a match for whom an INPUT has brought news. It would be ignored if another
// one of the same tick had been sent before.
func (s *Shard) sendNews(now time.Time, m *match) {
	for i := range m.seats {
		seat := &m.seats[i]
		if seat.session == nil || !seat.session.registered || seat.news.sent == m.tick() {
			continue
		}
		if due, _ := seat.hasNews(); due && m.receives(seat) {
			s.sendState(now, seat.session, s.stateOf(m), wire.ReasonRegular)
		}
	}
}
