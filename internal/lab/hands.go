package lab

import (
	"math"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/world"
)

// A manner is how a bot of the laboratory plays.
type manner uint8

const (
	late     manner = iota // comes at the last moment
	reactive               // acts on the frame of 180 ms ago, like a person
	scripted               // holds the keys of a fixed pattern, whatever it sees
	razor                  // comes at the last moment, touches the ball only with its edge, and misses half of them
)

// shift is how long a pair of manners plays before the next pair, so that every match has all pairs.
const shift = 20 * time.Second

// pairs are the manners of the two seats in turn. Each seat has each manner equally often, so that neither is favoured.
var pairs = [][2]manner{{late, late}, {reactive, late}, {late, scripted}, {reactive, reactive}, {scripted, late},
	{late, reactive}}

// twins are the pairs of a match between equal bots. Each plays for longerShift, so that few rallies are cut by a
// change.
var twins = [][2]manner{{reactive, reactive}, {late, late}, {razor, razor}}

const longerShift = time.Minute

// shiftAt returns the number of the shift at a time of the world, and its pair.
func (c *Cell) shiftAt(now time.Duration) (n int, pair [2]manner) {
	if c.Profile.Identical {
		n = int(now / longerShift)
		return n, twins[n%len(twins)]
	}
	n = int(now / shift)
	return n, pairs[n%len(pairs)]
}

// mannerAt returns the manners of the seats at a time of the world.
func (c *Cell) mannerAt(now time.Duration) [2]manner {
	_, pair := c.shiftAt(now)
	return pair
}

// newHand returns the hand of a seat for a whole match.
func (c *Cell) newHand(seat int) world.Hand {
	var hand world.Hand
	playing := -1
	return func(now time.Duration, v client.Frame) game.Input {
		if n, pair := c.shiftAt(now); n != playing {
			playing = n
			hand = mannerHand(pair[seat], c.Seed<<16+uint64(2*n+seat))
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
	return world.Bot(bot.Normal, seed) // its reaction time is 180 ms
}

// newScript returns a hand that repeats a pattern of keys, each held for 0.1 to 0.7 s.
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

// A lateHand waits beside the ball's path and moves in so that it touches the ball only in the last two ticks before
// the contact, edge against edge, where every tick and every pixel decides.
type lateHand struct {
	chance      chance
	least, most float64 // bounds of depth

	sight  sight
	flight int     // the flight for which above and depth were chosen
	above  bool    // it moves in from above
	depth  float64 // the overlap of ball and paddle at the contact in pixels: at most two ticks of movement
}

// aside is how far from its goal the hand waits in pixels, and early how many seconds before the contact it should be
// there.
const (
	aside = 40.0
	early = 0.12
)

// speed is the speed of a paddle with a held key, in pixels per second.
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

// move returns the key that moves a paddle to a goal, or None if it is near enough.
func move(y, goal, near float64) game.Input {
	switch {
	case goal-y > near:
		return game.Down
	case y-goal > near:
		return game.Up
	}
	return game.None
}

// chance is a generator of random words (SplitMix64: Steele, Lea and Flood 2014). The laboratory has its own, so that
// the same seed plays the same everywhere.
type chance uint64

func (c *chance) below(n uint64) uint64 {
	*c += 0x9e3779b97f4a7c15
	z := uint64(*c)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return (z ^ z>>31) % n
}
