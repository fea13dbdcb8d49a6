//go:build !nogui

package gui

import (
	"strings"
	"testing"
	"time"
)

func TestTyping(t *testing.T) {
	e := newEntry("lcalhost:5555")
	e.home()
	e.step(1)
	e.insert("o")
	e.end()
	e.erase()
	e.insert("6")
	if got := e.String(); got != "localhost:5556" {
		t.Errorf("typed %q, want localhost:5556", got)
	}
	e.home()
	e.erase() // nothing before it
	e.remove()
	e.step(-5)
	e.step(500)
	e.remove() // nothing after it
	if got := e.String(); got != "ocalhost:5556" || e.caret != len(got) {
		t.Errorf("typed %q with the caret at %d, want ocalhost:5556 with it at the end", got, e.caret)
	}
	if e.clear(); e.String() != "" || e.caret != 0 {
		t.Errorf("clearing left %q", e.String())
	}
}

func TestPastedAddressesAreCleaned(t *testing.T) {
	e := newEntry("  pong://h:5555/#k=ab\r\n\x1b\x00")
	if got := e.String(); got != "pong://h:5555/#k=ab" {
		t.Errorf("pasting left %q, want the link alone", got)
	}
	e.insert(strings.Repeat("x", 10000))
	if len(e.text) != maxEntry {
		t.Errorf("pasting 10000 characters left %d, want at most %d", len(e.text), maxEntry)
	}
}

func TestTheCaretIsAlwaysInTheWindow(t *testing.T) {
	width := func(s string) float64 { return 10 * float64(len([]rune(s))) }
	e := newEntry(strings.Repeat("ä1", 40))
	for e.caret > 0 {
		part, at := e.window(105, width)
		if n := len([]rune(part)); n > 10 || at > len(part) {
			t.Fatalf("with the caret at %d the window is %q and the caret in it at byte %d", e.caret, part, at)
		}
		e.step(-1)
	}
	if part, at := e.window(105, width); part != strings.Repeat("ä1", 5) || at != 0 {
		t.Errorf("at the start the window is %q and the caret at %d", part, at)
	}
}

func TestAHeldKeyRepeatsByTimeAndNotByFrame(t *testing.T) {
	for _, hertz := range []int{60, 240} {
		var r repeat
		fired, now := 0, time.Time{}
		for range hertz { // one second
			if r.fire(true, now) {
				fired++
			}
			now = now.Add(time.Second / time.Duration(hertz))
		}
		if fired < 12 || fired > 17 {
			t.Errorf("a key held for a second at %d Hz acted %d times, want about 16", hertz, fired)
		}
		if r.fire(false, now); !r.fire(true, now) {
			t.Error("a new press does not act at once")
		}
	}
}
