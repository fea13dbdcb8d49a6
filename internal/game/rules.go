package game

import (
	"errors"
	"strconv"
)

// Rules are what may differ from match to match. Both sides of a network must
// have the same: they are not part of the State.
type Rules struct {
	// Classic is the ball of the original: 4 pixels a tick on each axis, mirror
	// reflection, no gain of speed, and a game ends at Points with any lead.
	// Otherwise the paddle aims (see reflect), the ball gains speed with each
	// hit, and a game must be won by two.
	Classic bool

	// Points wins a game. If zero, a game has no end.
	Points uint16
}

// DefaultRules is the game as it is meant to be played: first to 11, win by
// two.
func DefaultRules() Rules { return Rules{Points: 11} }

// ClassicRules is the original's ball: first to 11.
func ClassicRules() Rules { return Rules{Classic: true, Points: 11} }

// ParseRules returns the rules of that name, "default" or "classic".
func ParseRules(name string) (Rules, error) {
	switch name {
	case "default":
		return DefaultRules(), nil
	case "classic":
		return ClassicRules(), nil
	}
	return Rules{}, errors.New("unknown rules " + strconv.Quote(name) + `: say "default" or "classic"`)
}

// Name is the name that ParseRules knows these rules by; Points is not in it.
func (r Rules) Name() string {
	if r.Classic {
		return "classic"
	}
	return "default"
}

// won reports whether a player with score mine has won against theirs.
//
// The lead that is asked for is never more than Points, so that a game to one
// is a single point. Classic asks for no lead: its two idle players score in
// turn for ever, and a game between them would not end.
func (r Rules) won(mine, theirs uint16) bool {
	lead := 2
	if r.Classic || r.Points == 1 {
		lead = 1
	}
	return r.Points > 0 && mine >= r.Points && int(mine)-int(theirs) >= lead
}
