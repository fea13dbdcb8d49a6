//go:build !nogui

package gui

import (
	"cmp"

	"pong/internal/front"
)

// A monitor is a screen with its size in device-independent pixels.
type monitor struct {
	name          string
	width, height int
}

// A placement is where a window opens.
type placement struct {
	monitor       int // the index; -1 leaves the choice to Ebitengine
	width, height int // in device-independent pixels
	x, y          int // from the corner of the monitor
	centred       bool
}

// The size of a window leaves room on its monitor: a new one for whatever the desktop has at its sides, and each for a
// title bar and a bar like that of Windows, of 32 and 48 pixels. Ebitengine does not know the work area of a monitor.
const (
	mostOfMonitor = 0.9
	barsHeight    = 32 + 48
)

// place returns the placement of a window with some settings. current is the monitor on which Ebitengine would open it.
// A window opens where it was, as far as that place is still on a monitor, and otherwise in the middle of current.
func place(kept front.Settings, monitors []monitor, current int) placement {
	p := placement{
		monitor: -1, width: cmp.Or(kept.Width, windowWidth), height: cmp.Or(kept.Height, windowHeight), centred: true,
	}
	if current >= 0 && current < len(monitors) {
		m := monitors[current]
		p.width, p.height = fitWindow(p.width, p.height, int(mostOfMonitor*float64(m.width)),
			min(int(mostOfMonitor*float64(m.height)), m.height-barsHeight))
	}
	at := findMonitor(kept.Place, monitors)
	if at < 0 {
		return p
	}
	m := monitors[at]
	width, height := cmp.Or(kept.Width, windowWidth), cmp.Or(kept.Height, windowHeight)
	if x, y := kept.Place.X, kept.Place.Y; x+width <= 0 || y+height <= 0 || x >= m.width || y >= m.height {
		return p
	}
	width, height = fitWindow(width, height, m.width, m.height-barsHeight)
	return placement{
		monitor: at, width: width, height: height,
		x: max(min(kept.Place.X, m.width-width), 0), y: max(min(kept.Place.Y, m.height-height), 0),
	}
}

// findMonitor returns the index of the monitor of a place, or -1.
func findMonitor(p front.Place, monitors []monitor) int {
	if p.Monitor == "" {
		return -1
	}
	if p.Index >= 0 && p.Index < len(monitors) && monitors[p.Index].name == p.Monitor {
		return p.Index
	}
	for i, m := range monitors {
		if m.name == p.Monitor {
			return i
		}
	}
	return -1
}

// fitWindow shrinks the size of a window, if necessary, to fit into a width and a height, and keeps its proportions.
func fitWindow(width, height, mostWidth, mostHeight int) (int, int) {
	if mostWidth <= 0 || mostHeight <= 0 {
		return width, height
	}
	scale := min(float64(mostWidth)/float64(width), float64(mostHeight)/float64(height), 1)
	return max(int(scale*float64(width)), 1), max(int(scale*float64(height)), 1)
}

// A windowState is what a running window reports about itself.
type windowState struct {
	minimised, maximised, fullscreen bool
	width, height                    int // without full screen
	place                            front.Place
}

// noted returns settings with the state of a window. While it is minimised or maximised its size and place are not
// those to which it returns.
func noted(s front.Settings, w windowState) front.Settings {
	if w.minimised {
		return s
	}
	s.Maximized, s.Fullscreen = w.maximised, w.fullscreen
	if !w.maximised {
		s.Width, s.Height, s.Place = w.width, w.height, w.place
	}
	return s
}
