package game

import (
	"errors"
	"strconv"
)

// Rules are what may differ from match to match. Both ends of a network must use the same ones: they are not part of
// the State.
type Rules struct {
	// Classic is the ball of the original: 4 pixels per tick on each axis, mirror reflection, constant speed, and a
	// game ends at Points with any lead. Otherwise the paddle aims (see reflect), the ball gains speed with each hit,
	// and a game must be won by two.
	Classic bool

	// Points is the score that wins a game. If zero, a game has no end.
	Points uint16
}

// DefaultRules returns the default rules: first to 11, win by two.
func DefaultRules() Rules { return Rules{Points: 11} }

// ClassicRules returns the rules with the original's ball: first to 11.
func ClassicRules() Rules { return Rules{Classic: true, Points: 11} }

// ParseRules returns the rules with a name, "default" or "classic".
func ParseRules(name string) (Rules, error) {
	switch name {
	case "default":
		return DefaultRules(), nil
	case "classic":
		return ClassicRules(), nil
	}
	return Rules{}, errors.New("unknown rules " + strconv.Quote(name) + `: must be "default" or "classic"`)
}

// Name returns the name of the rules for ParseRules; it does not contain Points.
func (r Rules) Name() string {
	if r.Classic {
		return "classic"
	}
	return "default"
}

// won reports whether a player with score mine has won against theirs.
//
// The required lead is never more than Points, so a game to one is a single point. Classic rules require no lead: two
// idle players score in turn, and a game between them would not end.
func (r Rules) won(mine, theirs uint16) bool {
	lead := 2
	if r.Classic || r.Points == 1 {
		lead = 1
	}
	return r.Points > 0 && mine >= r.Points && int(mine)-int(theirs) >= lead
}
