package lab

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/measurements"
	"pong/internal/world"
)

// TestOwn_FiguresAreThoseOfTheLaboratory measures a match in the world twice: by the client's own file, and with the
// server's states and its clock.
func TestOwn_FiguresAreThoseOfTheLaboratory(t *testing.T) {
	t.Parallel()
	l6 := named(t, "L6")
	var file bytes.Buffer
	w := world.New(world.Config{Seed: 5, Up: l6.Up[0], Down: l6.Down[0], Observe: func(name string) client.Observer {
		if name == "left" {
			return measurements.NewWriter(&file)
		}
		return nil
	}})
	left := w.Join("left", world.Bot(bot.Normal, 1))
	w.Join("right", world.Bot(bot.Normal, 2))
	original, err := client.ParseShadow("original")
	if err != nil {
		t.Fatal(err)
	}
	left.Session.AddShadow(original)
	differ, ticks := 0, 0
	w.Run(time.Minute)
	m, err := measurements.Read(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	rec, err := ownRecording(m)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rec.Truth {
		s := &rec.Truth[i]
		believed, ok := left.Session.Confirmed(s.Tick)
		if !ok {
			continue
		}
		if ticks++; believed.Ball != s.Ball || believed.Paddle != s.Paddle || believed.Hits != s.Hits {
			differ++
		}
	}
	if differ > 0 || ticks < 20 {
		t.Errorf("%d of %d ticks in the file differ from the server's", differ, ticks)
	}
	now, _ := w.State(left)
	clock := float64(w.Elapsed()) / float64(frame)
	f := &rec.Sides[0].Frames[len(rec.Sides[0].Frames)-1]
	if off := math.Abs(f.Server - float64(now.Tick)); off > 3 {
		t.Errorf("the last frame was at tick %.1f of the server's clock, want %d or so (the world is %.1f ticks old)",
			f.Server, now.Tick, clock)
	}
	result, err := OfMeasurements(m)
	if err != nil {
		t.Fatal(err)
	}
	if beside := result.Rallies[0].Beside; len(beside) != 1 || beside[0].View != "original" ||
		len(beside[0].Sides[0]) != len(result.Rallies[0].Sides[0]) {
		t.Errorf("beside the rally is not, in as many frames, what the shadow has drawn: %d ways", len(beside))
	}
	if len(result.Rows) < 15 || len(result.Rallies) != 1 || len(result.Rallies[0].Sides[0]) < 60 {
		t.Errorf("%d figures and %d rallies, want figures of all measures and a rally", len(result.Rows),
			len(result.Rallies))
	}
	text := written(t, result)
	checkWellFormed(t, text)
	for _, want := range []string{
		"What you saw, and what was true", "The longest rally of this match", "Round trips of 2",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page of an own match lacks %q", want)
		}
	}
	for _, not := range []string{"Bots play", "too short to judge", "right player</option>"} {
		if strings.Contains(text, not) {
			t.Errorf("the page of an own match has %q", not)
		}
	}
}

// A file with gaps is measured in its longest stretch, and one without ticks in a row is refused.
func TestOwn_TakesTheLongestStretch(t *testing.T) {
	t.Parallel()
	tick := func(n uint32) (t measurements.Tick) { t.State.Tick = n; return t }
	ticks := []measurements.Tick{tick(5), tick(6), tick(9), tick(10), tick(11), tick(3)}
	if got := longestStretch(ticks); len(got) != 3 || got[0].State.Tick != 9 {
		t.Errorf("the longest stretch is %v, want ticks 9 to 11", got)
	}
	if _, err := OfMeasurements(&measurements.Match{Ticks: ticks[:1]}); err == nil {
		t.Error("one tick alone is measured")
	}
	if _, err := OfMeasurements(&measurements.Match{Ticks: ticks}); err == nil {
		t.Error("a match without frames is measured")
	}
}
