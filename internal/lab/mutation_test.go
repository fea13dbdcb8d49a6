package lab

import (
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/shard"
)

// figureOf returns the figure of a measure for a match.
func figureOf(t testing.TB, measure Measure, c Cell) float64 {
	t.Helper()
	x, _, ok := measure.Of(Run(c))
	if !ok {
		t.Fatalf("%s %v: nothing to measure for %s", c.Profile.Name, c.Variant, measure.Name)
	}
	return x
}

// documented returns the figures with and without each technique that docs/netcode.md has in a table.
func documented(t testing.TB) map[string][2]float64 {
	t.Helper()
	text, err := os.ReadFile("../../docs/netcode.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "| technique | measure | with | without |\n|---|---|---|---|\n")
	figures := map[string][2]float64{}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(line, "| \n"), " | ")
		if len(cells) != 4 {
			break
		}
		with, err1 := strconv.ParseFloat(cells[2], 64)
		without, err2 := strconv.ParseFloat(cells[3], 64)
		if err1 != nil || err2 != nil {
			t.Fatalf("docs/netcode.md: %q: %v, %v", line, err1, err2)
		}
		figures[cells[0]] = [2]float64{with, without}
	}
	return figures
}

// Switches off one technique at a time and looks at the measure that must show it. limit lies between the figures with
// and without the technique.
func TestMeasures_FailWithoutEachSafeguard(t *testing.T) {
	t.Parallel()
	// The in-flight term matters if a correction takes long to show, and the timing loop if the step is longer than the
	// inputs happen to be early.
	farStep := step("far step", 250*ms, 400*ms)
	safeguards := map[string]struct {
		measure Measure
		profile Profile
		limit   float64
		change  func(*Cell)
	}{
		"acknowledgement": {corrections, named(t, "L4"), 60,
			func(c *Cell) { c.Without = client.Settings{NoReconciliation: true} }},
		"the waiting counted in": {missedRaw, named(t, "L7"), 0.7,
			func(c *Cell) { c.WithoutServer = shard.Techniques{NoWaiting: true} }},
		"the calm clock": {clockOff, named(t, "L5"), 20,
			func(c *Cell) { c.Without = client.Settings{NoCalm: true} }},
		"redundancy": {missedRaw, named(t, "L4"), 3,
			func(c *Cell) { c.Without = client.Settings{NoRedundancy: true} }},
		"the in-flight term": {overshoot, farStep, 1, func(c *Cell) { c.Without = client.Settings{NoInFlight: true} }},
		"quantised state": {unequal, named(t, "L1"), 0,
			func(c *Cell) { c.Without = client.Settings{NoExactness: true} }},
		"inputs ahead": {opponentJumps, named(t, "L6"), 8,
			func(c *Cell) { c.Without = client.Settings{NoAhead: true} }},
		"the exact path": {offsetError, named(t, "L12"), 1,
			func(c *Cell) { c.Without = client.Settings{NoExactPath: true} }},
		"a key in its frame": {keyToScreen, named(t, "L4"), 1.005,
			func(c *Cell) { c.Without = client.Settings{NoHasten: true} }},
		"the plan": {speedStep, named(t, "L6"), 0.03,
			func(c *Cell) { c.Without = client.Settings{NoPlan: true} }},
		"the wait at a contact": {verdicts, named(t, "L5t"), 1,
			func(c *Cell) { c.Without = client.Settings{NoWait: true} }},
		"news at once": {opponentJumps, named(t, "L4"), 2.5,
			func(c *Cell) { c.WithoutServer = shard.Techniques{NoNews: true} }},
		"the measured need": {timesApart, named(t, "L3"), 15,
			func(c *Cell) { c.Without = client.Settings{NoApart: true} }},
		"what late news teaches": {opponentJumps, named(t, "L5t"), 8,
			func(c *Cell) { c.Without = client.Settings{NoTeaching: true} }},
		"the replay check": {rttError, named(t, "L1"), 5, func(c *Cell) { c.Replayed, c.NoReplayCheck = true, true }},
		"the timing loop": {missedRaw, step("a longer step", 250*ms, 600*ms), 20,
			func(c *Cell) { c.Without = client.Settings{NoTiming: true} }},
	}
	figures := documented(t)
	if len(figures) != len(safeguards) {
		t.Errorf("docs/netcode.md has figures of %d techniques, want %d", len(figures), len(safeguards))
	}
	for name, test := range safeguards {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := Cell{Profile: test.profile, Variant: Filter, Seed: 1, Length: 90 * time.Second}
			broken := whole
			test.change(&broken)
			whole.Replayed = broken.Replayed // with the check it makes no difference
			with, without := figureOf(t, test.measure, whole), figureOf(t, test.measure, broken)
			t.Logf("%s on %s is %.2f with %s and %.2f without", test.measure.Name, test.profile.Name, with, name,
				without)
			if with > test.limit || without <= test.limit {
				t.Errorf("%s on %s is %.2f with %s and %.2f without, want at most %v and more", test.measure.Name,
					test.profile.Name,
					with, name, without, test.limit)
			}
			// A processor that fuses floats may round the last digit differently.
			for i, got := range []float64{with, without} {
				if want := figures[name][i]; math.Abs(got-want) > 0.006+want/500 {
					t.Errorf("docs/netcode.md has %s on %s as %.2f and %.2f with and without %s; it is %.2f and %.2f",
						test.measure.Name, test.profile.Name, figures[name][0], figures[name][1], name, with, without)
					break
				}
			}
		})
	}
}
