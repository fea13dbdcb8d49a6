//go:build !js

package film

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pong/internal/game"
	"pong/internal/replay/replaytest"
)

// A player of casts writes the text of each event to a terminal. Here only what Cast uses is understood: a line is
// replaced.
func TestCast_EndsWithTheLastPicture(t *testing.T) {
	r, _ := replaytest.Game(t)
	screen := func(from int) (lines map[string]string, seconds float64) {
		var b bytes.Buffer
		if err := Cast(&b, r, from, r.Len()); err != nil {
			t.Fatal(err)
		}
		in := json.NewDecoder(&b)
		var header struct{ Version, Width, Height int }
		if err := in.Decode(&header); err != nil || header.Version != 2 || header.Width != 80 || header.Height != 24 {
			t.Fatalf("header %+v, %v", header, err)
		}
		lines = make(map[string]string)
		for in.More() {
			var event [3]any
			if err := in.Decode(&event); err != nil {
				t.Fatal(err)
			}
			if at := event[0].(float64); at < seconds || event[1] != "o" {
				t.Fatalf("event %v after %v s", event[:2], seconds)
			}
			seconds = event[0].(float64)
			for _, part := range strings.Split(event[2].(string), "\x1b[K") {
				if place, text, ok := strings.Cut(part, "H"); ok {
					lines[place[strings.LastIndex(place, "["):]] = text
				}
			}
		}
		return lines, seconds
	}
	whole, seconds := screen(r.Len() % castEvery)
	last, _ := screen(r.Len())
	if len(last) < 20 {
		t.Fatalf("the last picture has %d lines", len(last))
	}
	for place, text := range last {
		if whole[place] != text {
			t.Errorf("line %s at the end: %q, want %q", place, whole[place], text)
		}
	}
	if want := float64(r.Len()) / game.TickRate; seconds > want || seconds < want-5 {
		t.Errorf("the last event is after %v s, want about %v", seconds, want)
	}
}
