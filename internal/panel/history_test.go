package panel

import (
	"math"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
)

// play adds so many frames, 60 a second, and returns the time after them.
func play(h *History, now time.Time, frames int, of func(i int) client.Inspection) time.Time {
	f := client.Frame{Figures: client.Figures{Samples: 9, Jitter: 2, LossUp: 0.1, Margin: -1, Wanted: 3}}
	for i := range frames {
		h.Add(now, &f, of(i))
		now = now.Add(time.Second / 60)
	}
	return now
}

func TestHistory_HasTenSeconds(t *testing.T) {
	var h History
	for _, g := range h.Graphs() {
		if !math.IsNaN(newest(&g.First)) && g.First != [Columns]float64{} {
			t.Errorf("%s: an empty history has values", g.Title)
		}
	}
	now := play(&h, start, 900, func(i int) client.Inspection {
		return client.Inspection{RoundTrip: float64(i), Unacknowledged: 4, CorrectedBy: float64(i / 450 * 12)}
	})
	all := h.Graphs()
	trip := &all[graphTrip]
	first, last := trip.First[0], trip.First[Columns-1]
	if last != 899 || first < 290 || first > 310 || trip.Top != 899 {
		t.Errorf("after 15 s the graph is from %v to %v, top %v, want the last ten seconds, 300 to 899", first, last,
			trip.Top)
	}
	if g := &all[graphMargin]; g.First[5] != -1 || g.Second[5] != 3 || g.Bottom != -1 || g.Value != "-1.0/3.0 ticks" {
		t.Errorf("the margin is %v of %v, from %v on, %q", g.First[5], g.Second[5], g.Bottom, g.Value)
	}
	moved := 0.0
	for _, v := range all[graphCorrections].First {
		moved += v
	}
	if moved != 12 {
		t.Errorf("corrections of 12 px are drawn as %v", moved)
	}
	play(&h, now.Add(time.Minute), 1, func(int) client.Inspection { return client.Inspection{RoundTrip: 7} })
	if g := h.Graphs()[graphTrip]; g.First[Columns-1] != 7 || !math.IsNaN(g.First[Columns-2]) {
		t.Errorf("after a minute without frames the graph ends with %v", g.First[Columns-2:])
	}
}

// A screen with few frames leaves short gaps, which take over the value before them; long ones stay.
func TestHistory_BridgesShortGaps(t *testing.T) {
	var h History
	f := client.Frame{Figures: client.Figures{Samples: 9}}
	for _, at := range []time.Duration{0, 300 * time.Millisecond, 2 * time.Second} {
		h.Add(start.Add(at), &f, client.Inspection{RoundTrip: 1 + at.Seconds()})
	}
	line := h.Graphs()[graphTrip].First
	now := Columns - 1 // 2 s
	if line[now-18] != 1 || line[now-17] != 1.3 || line[now-12] != 1.3 || !math.IsNaN(line[now-11]) {
		t.Errorf("from 0 to 2 s the line is %v", line[now-20:])
	}
}

func TestHistory_MarksCorrections(t *testing.T) {
	var h History
	now := play(&h, start, 2, func(i int) client.Inspection { return client.Inspection{CorrectedBy: float64(i) * 30} })
	if marks := h.Marks(now); len(marks) != 1 || marks[0].By != 30 || marks[0].Left <= 0 || marks[0].Left >= 1 {
		t.Errorf("the marks are %+v, want one of 30 px", marks)
	}
	if marks := h.Marks(now.Add(markTime)); len(marks) != 0 {
		t.Errorf("%v later the marks are %+v", markTime, marks)
	}
}

func TestHistory_AddDoesNotAllocate(t *testing.T) {
	var h History
	f := client.Frame{Figures: client.Figures{Samples: 9}}
	if n := testing.AllocsPerRun(100, func() { h.Add(start, &f, client.Inspection{CorrectedBy: 9}) }); n > 0 {
		t.Errorf("a frame allocates %v times", n)
	}
}

func TestGlossary_IsSorted(t *testing.T) {
	for i, term := range Glossary {
		if i > 0 && !sortedBefore(Glossary[i-1].Word, term.Word) {
			t.Errorf("%q stands before %q", Glossary[i-1].Word, term.Word)
		}
	}
}

func sortedBefore(a, b string) bool { return strings.ToLower(a) < strings.ToLower(b) }
