package crash

import (
	"strings"
	"testing"
)

// panics runs a guarded function and returns what it panics with.
func panics(f func()) (p any) {
	defer func() { p = recover() }()
	Guarded(f)()
	return nil
}

func TestGuarded_RestoresOnceBeforeThePanicGoesOn(t *testing.T) {
	var restored []string
	restoring := func(name string) func() { return OnPanic(func() { restored = append(restored, name) }) }
	fails := func() { panic("a bug") }

	if p := panics(fails); p != "a bug" || restored != nil {
		t.Errorf("without a terminal: panic %v, restored %v", p, restored)
	}
	restoring("left")()
	if p := panics(fails); p != "a bug" || restored != nil {
		t.Errorf("after the end of a terminal: panic %v, restored %v", p, restored)
	}
	end := restoring("first")
	defer restoring("second")()
	end() // too late to take the second back
	for range 2 {
		if p := panics(fails); p != "a bug" {
			t.Errorf("panic %v", p)
		}
	}
	if p := panics(func() {}); p != nil {
		t.Errorf("a function that returns panics with %v", p)
	}
	if got := strings.Join(restored, " "); got != "second" {
		t.Errorf("two panics restored %q, want the second terminal once", got)
	}
}
