package load

import (
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// period is how long a tick lasts.
const period = time.Second / game.TickRate

// How many ticks ahead of the newest STATE a player's inputs are.
const (
	leastLead = 2  // beyond the round trip: an input may wait for a whole tick of the server's, and the loop for its turn
	mostLead  = 90 // what the server takes is netcode.History
)

// rebase is by how much a player's estimate of the server's clock is put back at each STATE. Only the least delayed
// STATEs count for it, so without this it could never follow a clock that is slower than ours. At 20 STATEs a second
// it follows one that is off by 100 in a million.
const rebase = 5 * time.Microsecond

// everyPing is how often a player who does not play yet says something.
const everyPing = 100 * time.Millisecond

// A player is the client's side of a session, as small as it can be: sealed keys, the inputs that the server has not
// acknowledged, and what time it is there. It predicts nothing, for nobody looks. All times are since the epoch of the
// crowd.
type player struct {
	keys  *sealed.Session
	id    sealed.ID
	token [wire.TokenLen]byte
	seat  int // 0 or 1

	joinBegan time.Duration // when the join began
	online    bool          // a STATE has come
	begun     bool          // a match of this player's has begun once
	running   bool          // the match is under way: inputs are sent
	over      bool          // the game has ended, and the player's word for another one is given

	newest netcode.Tick  // of the STATEs
	base   time.Duration // when a STATE of tick 0 would have come
	lead   netcode.Tick
	raised time.Duration // when lead was last made greater
	rtt    time.Duration // the newest
	log    netcode.InputLog[game.Input]
	key    game.Input
	sent   time.Duration // when something was last sent

	lastTS     uint32        // the newest ts heard
	lastAt     time.Duration // when
	lastNumber uint32        // of its datagram; 0: nothing has been heard
	state      time.Duration // when the newest STATE came
	lossUp     float64       // what the server says is lost

	first    uint32 // the newest number when the measurement began
	received int    // since then
}

// stamp is what a datagram of this player carries.
func (p *player) stamp(now time.Duration) netcode.Stamp {
	s := netcode.Stamp{TS: micros(now), Hold: netcode.NoEcho}
	if p.lastNumber > 0 {
		s.Echo, s.Hold = p.lastTS, micros(max(now-p.lastAt, 0))
	}
	return s
}

// hear takes the stamp of an authentic datagram and returns the round trip, if it tells one.
func (p *player) receiveStamp(at time.Duration, number uint32, s netcode.Stamp) (rtt time.Duration, ok bool) {
	if s.Hold != netcode.NoEcho {
		us := micros(at) - s.Echo - s.Hold
		rtt = time.Duration(us) * time.Microsecond
		ok = rtt < time.Minute // else it ended before it began
	}
	p.received++
	if number > p.lastNumber {
		p.lastNumber, p.lastTS, p.lastAt = number, s.TS, at
	}
	return rtt, ok
}

// follow takes a STATE that is newer than all before.
func (p *player) follow(at time.Duration, st *wire.State) {
	tick := netcode.Tick(st.Game.Tick)
	base := at - time.Duration(tick)*time.Second/game.TickRate
	if !p.online || base < p.base {
		p.base = base
	} else {
		p.base += min(rebase, base-p.base)
	}
	p.online, p.newest, p.state, p.lossUp = true, tick, at, st.Margin.Loss
	p.log.Ack(st.Acked[p.seat])
	switch running := st.Game.Phase != game.Waiting; {
	case running && !p.running:
		p.running = true
		p.lead = netcode.Tick(p.rtt/period) + 1 + leastLead
	case !running:
		p.running = false
	case st.Margin.Missed > 0 && p.lead < mostLead && at-p.raised > 500*time.Millisecond:
		p.lead, p.raised = p.lead+1, at
	}
	p.key = aim(p.seat, &st.Game)
}

// aim keeps the paddle at the ball, not always with its middle, so that balls fly at every angle.
func aim(seat int, g *game.State) game.Input {
	const hand = game.PaddleHeight / 2
	offset := game.Fixed((int(g.Round)*7+int(g.Hits)*5+seat*3)%9-4) * (hand / 5)
	switch d := g.Ball.Y + game.BallSize/2 - g.Paddle[seat] - hand + offset; {
	case g.Phase != game.Playing || (g.Ball.VX > 0) != (seat == 1):
		return game.None
	case d < -2*game.PaddleSpeed:
		return game.Up
	case d > 2*game.PaddleSpeed:
		return game.Down
	}
	return game.None
}

// play decides the inputs that are due at now. It reports false if there is none, because the player is ahead.
func (p *player) play(now time.Duration) bool {
	// A tick's worth more or less is let be, or a player whose turn falls near the boundary of a tick would now
	// send none and now two.
	want := netcode.Tick(max(now-p.base, 0)/period) + p.lead
	next := p.log.Newest() + 1
	switch {
	case want > wire.MaxTick, want+1 < next && next-want < netcode.History:
		return false
	case want > next+1 && want-next < netcode.History:
		for ; next < want; next++ {
			p.log.Put(next, p.key)
		}
	case want > next+1, want+1 < next:
		next = want // the clock was set
	}
	p.log.Put(next, p.key)
	return true
}

func micros(d time.Duration) uint32 { return uint32(d / time.Microsecond) }
