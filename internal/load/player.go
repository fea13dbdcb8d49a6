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
	log    netcode.InputLog[game.Input]
	key    game.Input
	sent   time.Duration // when something was last sent

	echo   netcode.Echo
	state  time.Duration // when the newest STATE came
	lossUp float64       // what the server says is lost

	first    uint32 // the newest number when the measurement began
	received int    // since then
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
		p.lead = netcode.Tick(p.echo.Newest()/period) + 1 + leastLead
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

// instant is a time since the epoch of the crowd as an Echo takes it.
func instant(d time.Duration) time.Time { return time.Unix(0, int64(d)) }
