//go:build !nogui

package gui

import "time"

// A repeat makes a held key act again and again, at the rate of a keyboard and not of the display.
type repeat struct {
	down bool
	next time.Time
}

// The delay and the interval of a held key, as on most desktops.
const (
	repeatDelay = 400 * time.Millisecond
	repeatEvery = 40 * time.Millisecond
)

// fire reports whether the key acts in this frame.
func (r *repeat) fire(down bool, now time.Time) bool {
	switch {
	case !down:
		r.down = false
		return false
	case !r.down:
		r.down, r.next = true, now.Add(repeatDelay)
		return true
	case now.Before(r.next):
		return false
	}
	r.next = now.Add(repeatEvery)
	return true
}
