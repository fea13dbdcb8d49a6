// Package bot is a player made of code. It sees only what a person at a client sees: the picture of this frame, in
// pixels of the 800 x 600 field. It gets neither the ball's velocity nor a tick that has not been drawn, so it plays
// as well, or as badly, as the picture that the netcode makes.
//
// Call Think once a frame, at any frame rate; it returns the key that the bot holds:
//
//	b := bot.New(bot.Normal, seed)
//	for each frame {
//		in := b.Think(sinceStart, bot.See(&frame))
//	}
//
// Think has three steps, one file each. The eye estimates the ball's flight from the positions seen so far, the plan
// chooses a place for the paddle from the flight, and the hand chooses a key from the place.
//
// The same level, seed and frames give the same keys: time is an argument, and each bot has a random generator of its
// own.
package bot

import (
	"fmt"
	"time"

	"pong/internal/game"
)

// Level is how well a bot plays.
type Level uint8

// The levels.
const (
	Easy   Level = iota // ignores the walls, reacts late and aims badly
	Normal              // a person who has played before
	Hard                // reaches every ball that can be reached
)

// String returns the name of the level for ParseLevel.
func (l Level) String() string {
	switch l {
	case Easy:
		return "easy"
	case Normal:
		return "normal"
	case Hard:
		return "hard"
	}
	return fmt.Sprintf("Level(%d)", uint8(l))
}

// ParseLevel returns the level with a name: "easy", "normal" or "hard".
func ParseLevel(name string) (Level, error) {
	for l := Easy; l <= Hard; l++ {
		if name == l.String() {
			return l, nil
		}
	}
	return 0, fmt.Errorf(`unknown level %q: must be "easy", "normal" or "hard"`, name)
}

// Seen is what the screen shows in one frame, in pixels of the 800 x 600 field.
type Seen struct {
	Me           int // the bot's own seat: 0 at the left, 1 at the right
	Playing      bool
	BallX, BallY float64 // upper left corner of the ball's box
	BallVisible  bool
	Paddle       [2]float64 // top edges, by seat
	Tick         uint32     // the newest tick whose state the client has
}

// A Bot is one player. It must not be used by two goroutines at once.
type Bot struct {
	skill  skill
	chance chance
	memory memory
	eye    eye
	plan   plan
	hand   hand
}

// New returns a bot that has seen nothing yet. The seed decides its random choices: its errors, and where on the
// paddle it takes the ball.
func New(level Level, seed uint64) *Bot {
	return &Bot{skill: skills[min(level, Hard)], chance: chance(seed), plan: plan{goal: home}}
}

// Think looks at one frame and returns the key that the bot holds from now on. now is the time since any fixed moment,
// and must not run backwards.
func (b *Bot) Think(now time.Duration, s Seen) game.Input {
	s.Me &= 1
	b.hand.feel(now, s.Paddle[s.Me])

	// People act on the picture of a fifth of a second ago.
	b.memory.keep(now, s)
	at, then := b.memory.recall(now - b.skill.reaction)
	if !then.Playing || !then.BallVisible {
		b.eye = eye{}
	} else {
		b.eye.look(at, then.BallX, then.BallY)
	}

	b.plan.think(now, s.Me, &b.eye, &b.skill, &b.chance)
	return b.hand.reach(b.plan.goal, b.skill.band)
}

// chance is a generator of random words (SplitMix64: Steele, Lea and Flood 2014). The bot has its own, so that the
// same seed plays the same everywhere.
type chance uint64

func (c *chance) word() uint64 {
	*c += 0x9e3779b97f4a7c15
	z := uint64(*c)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// within returns a number between -size and +size, evenly distributed.
func (c *chance) within(size float64) float64 {
	return size * (float64(c.word()>>11)/(1<<52) - 1)
}
