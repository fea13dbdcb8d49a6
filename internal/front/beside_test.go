package front

import (
	"testing"
	"time"

	"pong/internal/client"
)

// A shadowed is a session whose shadow draws its settings: as many of them as there were calls.
type shadowed struct {
	Session
	settings *client.Settings
}

func (s *shadowed) SetShadow(settings *client.Settings) { s.settings = settings }

func (s *shadowed) Shadow(time.Time) (f client.Frame, ok bool) {
	if s.settings == nil {
		return f, false
	}
	return client.Frame{Tick: uint32(s.settings.View)}, true
}

// TestBeside_SwitchesThroughAllWays presses B until nothing is beside the match again.
func TestBeside_SwitchesThroughAllWays(t *testing.T) {
	interp := client.Settings{View: client.ViewInterp}
	for name, b := range map[string]beside{"at first none": newBeside(nil), "at first interp": newBeside(&interp)} {
		s := new(shadowed)
		var session Session = practice{Session: s}
		b.apply(session)
		b.follow(time.Time{}, session)
		const byInterp = "the same match, drawn by interp"
		if got := b.show(); (got != nil) != (b.shown == 1) || got != nil && got.Label != byInterp {
			t.Errorf("%s: the screen shows %+v", name, got)
		}
		seen := map[string]bool{}
		for range len(b.looks) + 1 {
			b.next(session)
			b.follow(time.Time{}, session)
			got := b.show()
			if (got != nil) != (s.settings != nil) || got != nil && got.Frame.Tick != uint32(s.settings.View) {
				t.Errorf("%s: the screen shows %+v, the shadow has %v", name, got, s.settings)
			}
			if got != nil {
				seen[got.Label] = true
			}
		}
		for _, want := range []string{
			"the same match, drawn as the original", byInterp, "the same match without prediction",
		} {
			if !seen[want] || len(seen) != len(looks) {
				t.Errorf("%s: %q was not shown, or not each way once: %v", name, want, seen)
			}
		}
	}
}

// TestBeside_OfASessionWithoutShadows shows nothing.
func TestBeside_OfASessionWithoutShadows(t *testing.T) {
	b := newBeside(nil)
	b.next(nil)
	b.follow(time.Time{}, nil)
	if got := b.show(); got != nil {
		t.Errorf("without a session the screen shows %+v", got)
	}
}
