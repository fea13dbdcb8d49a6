package load

import (
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// period is the duration of a tick.
const period = time.Second / game.TickRate

// Bounds of a player's lead: how many ticks its inputs are ahead of the newest STATE.
const (
	leastLead = 2  // beyond the round trip: an input may wait for a tick at the server, and in the loop for its turn
	mostLead  = 90 // the server accepts netcode.History
)

// rebase is how much later the player's estimate of the server's clock becomes with each STATE. Only the least
// delayed STATEs count for the estimate, so it could otherwise never follow a clock that is slower than ours. At 15
// STATEs a second it follows a clock that is off by 75 parts per million.
const rebase = 5 * time.Microsecond

// everyPing is how often a player sends a datagram before its match begins.
const everyPing = 100 * time.Millisecond

// A player is the client's side of a session, as small as it can be: sealed keys, the unacknowledged inputs, and an
// estimate of the server's time. It predicts nothing, because nothing is drawn. All times are since the crowd's
// epoch.
type player struct {
	keys  *sealed.Session
	id    sealed.ID
	token [wire.TokenLen]byte
	seat  int // 0 or 1

	joinBegan time.Duration // when the player dialled
	online    bool          // a STATE has arrived
	begun     bool          // a match of this player has begun at some time
	running   bool          // the match is under way: inputs are sent
	over      bool          // the game has ended, and a rematch was requested

	newest netcode.Tick  // of the STATEs received
	base   time.Duration // when a STATE of tick 0 would have arrived
	lead   netcode.Tick
	raised time.Duration // when lead was last increased
	log    netcode.InputLog[game.Input]
	key    game.Input
	sent   time.Duration // when a datagram was last sent

	echo   netcode.Echo
	state  time.Duration // when the newest STATE arrived
	lossUp float64       // share of our datagrams that is lost, according to the server

	first    uint32 // the newest packet number when the measurement began
	received int    // datagrams since then
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

// aim keeps the paddle at the ball, but seldom with its middle, so that balls fly at every angle.
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

// play decides the inputs that are due. It returns false if there are none, because the player is ahead.
func (p *player) play(now time.Duration) bool {
	// Tolerate a difference of one tick. Otherwise a player whose turn is near the boundary of a tick would send no
	// input at one turn and two at the next.
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

// instant converts a time since the crowd's epoch for an Echo.
func instant(d time.Duration) time.Time { return time.Unix(0, int64(d)) }
