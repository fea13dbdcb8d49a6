package lab

import (
	"math"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/world"
)

// manner is how a bot of the laboratory plays.
type manner uint8

const (
	late     manner = iota // comes at the last moment
	reactive               // as a person does, who acts on what was there 180 ms ago
	scripted               // holds the keys of a fixed pattern, whatever is seen
	razor                  // comes at the last moment for the ball's last pixels, and misses every other one
)

// shift is for how long a pair of manners plays; then comes the next pair, so that every match has all of them.
const shift = 20 * time.Second

// pairs are who plays whom. Each seat has each manner as often as the other, so that neither is favoured.
var pairs = [][2]manner{{late, late}, {reactive, late}, {late, scripted}, {reactive, reactive}, {scripted, late}, {late, reactive}}

// twins are the pairs of a match between equals, in which points must be many and a tick or a pixel must decide them.
var twins = [][2]manner{{razor, razor}, {reactive, reactive}, {razor, razor}}

// newHand returns the hand of a seat through a match.
func newHand(seat int, seed uint64, identical bool) world.Hand {
	table := pairs
	if identical {
		table = twins
	}
	var hand world.Hand
	playing := -1
	return func(now time.Duration, v client.Frame) game.Input {
		if n := int(now / shift); n != playing {
			playing = n
			hand = mannerHand(table[n%len(table)][seat], seed<<16+uint64(2*n+seat))
		}
		return hand(now, v)
	}
}

func mannerHand(m manner, seed uint64) world.Hand {
	switch m {
	case late:
		return (&lateHand{chance: chance(seed), least: 0.5, most: 10}).hold
	case razor:
		return (&lateHand{chance: chance(seed), least: -4, most: 4}).hold
	case scripted:
		return newScript(seed)
	}
	return world.Bot(bot.Normal, seed) // 180 ms are its reaction
}

// newScript is a hand that repeats a pattern of keys, each held for a tenth to seven tenths of a second.
func newScript(seed uint64) world.Hand {
	var pattern []game.Input
	c := chance(seed)
	for range 16 {
		key, n := game.Input(c.below(3)), 6+c.below(36)
		for range n {
			pattern = append(pattern, key)
		}
	}
	i := 0
	return func(time.Duration, client.Frame) game.Input {
		i++
		return pattern[i%len(pattern)]
	}
}

// lateHand waits beside the ball's way and comes in so that it touches the ball only in the last two ticks before the
// contact: a paddle's edge against a ball's edge, where every tick and every pixel decides.
type lateHand struct {
	chance      chance
	least, most float64 // bounds of depth

	sight  sight
	flight int     // that the choice below is for
	above  bool    // it comes from above
	depth  float64 // by how many pixels ball and paddle are to overlap at the contact: two ticks' way at most
}

// aside is how far from its goal the hand waits, and early how many seconds before the contact it should be there.
const (
	aside = 40.0
	early = 0.12
)

// speed is how fast a held key moves a paddle, in pixels a second.
var speed = paddleStep * game.TickRate

func (h *lateHand) hold(now time.Duration, v client.Frame) game.Input {
	h.sight.look(now, v)
	y := v.Paddle[v.Me]
	in, ball, ok := h.sight.arrival(v.Me)
	if !ok {
		return move(y, lowest/2, 20)
	}
	if h.flight != h.sight.turns {
		h.flight = h.sight.turns
		h.depth = h.least + (h.most-h.least)*float64(h.chance.below(1000))/1000
		h.above = h.chance.below(2) == 0
	}
	switch { // there must be room to wait
	case ball < paddleSize+aside:
		h.above = false
	case ball > lowest-aside-ballSize:
		h.above = true
	}
	goal, wait := ball+ballSize-h.depth, aside
	if h.above {
		goal, wait = ball-paddleSize+h.depth, -aside
	}
	in -= 1.0 / game.TickRate // a key moves the paddle in the next tick
	if far := math.Abs(goal - y); far/speed >= in || in < early {
		return move(y, goal, paddleStep/2)
	}
	return move(y, goal+wait, paddleStep)
}

// move is the key that brings a paddle to a goal, or none if it is near enough.
func move(y, goal, near float64) game.Input {
	switch {
	case goal-y > near:
		return game.Down
	case y-goal > near:
		return game.Up
	}
	return game.None
}

// chance is a generator of random words of its own, so that the same seed plays the same everywhere (SplitMix64: Steele,
// Lea and Flood 2014).
type chance uint64

func (c *chance) below(n uint64) uint64 {
	*c += 0x9e3779b97f4a7c15
	z := uint64(*c)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return (z ^ z>>31) % n
}
