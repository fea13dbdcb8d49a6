package panel

import (
	"math"
	"time"

	"pong/internal/client"
)

// The size of a History: ten seconds in columns of 100 ms.
const (
	Columns = 100
	column  = 10 * time.Second / Columns
)

// The graphs of a History, in the order in which they are shown.
const (
	graphTrip = iota
	graphLoss
	graphMargin
	graphUnacknowledged
	graphCorrections
	graphError
	graphs
)

// A sample is what one column of all graphs shows: of each figure a value, or NaN, and that of a second line.
type sample struct{ first, second [graphs]float64 }

// A History has the figures of the last ten seconds. Its zero value is empty. It is fed while it is shown, and costs
// nothing otherwise.
type History struct {
	samples [Columns]sample
	now     int64 // number of the newest column since the zero time; 0 if there is none
	before  client.Inspection
	begun   bool
	marks   [32]Mark // the newest corrections
	marked  int
}

// A Mark is a place at which a correction has moved the own paddle.
type Mark struct {
	At    time.Time
	Where client.Point
	By    float64 // pixels
	Left  float64 // the share of its time that is left, when it is shown
}

// markTime is how long a mark is shown, and markLeast how many pixels a correction must have moved.
const (
	markTime  = 1500 * time.Millisecond
	markLeast = 2.0
)

// nothing is the value of a figure that is not known.
var nothing = math.NaN()

// Add takes a frame and its inspection.
func (h *History) Add(now time.Time, f *client.Frame, i client.Inspection) {
	at := now.UnixNano() / int64(column)
	if h.now == 0 || at-h.now > Columns || at < h.now {
		h.clear(at)
	}
	for h.now < at {
		h.now++
		h.samples[h.now%Columns] = empty()
	}
	s := &h.samples[h.now%Columns]
	l := &f.Figures
	if l.Samples > 0 {
		greatest(&s.first[graphTrip], i.RoundTrip)
		s.second[graphTrip] = l.Jitter
		s.first[graphLoss] = l.LossUp * 100
		s.second[graphLoss] = l.LossDown * 100
		s.first[graphMargin], s.second[graphMargin] = l.Margin, l.Wanted
	}
	greatest(&s.first[graphUnacknowledged], float64(i.Unacknowledged))
	if h.begun {
		if moved := i.CorrectedBy - h.before.CorrectedBy; moved > 0 {
			add(&s.first[graphCorrections], moved)
			h.mark(now, f, moved)
		} else {
			add(&s.first[graphCorrections], 0)
		}
		if i.LostDown > h.before.LostDown {
			add(&s.second[graphCorrections], float64(i.LostDown-h.before.LostDown))
		}
	}
	if i.HasError {
		greatest(&s.first[graphError], i.Error)
	}
	h.before, h.begun = i, true
}

// mark notes a correction at the own paddle.
func (h *History) mark(now time.Time, f *client.Frame, by float64) {
	if by < markLeast || f.Watching {
		return
	}
	where := client.Point{X: client.PaddleX(f.Me), Y: f.Paddle[f.Me&1]}
	h.marks[h.marked%len(h.marks)] = Mark{At: now, Where: where, By: by}
	h.marked++
}

// Marks returns the corrections that are shown at now.
func (h *History) Marks(now time.Time) (marks []Mark) {
	for n := max(h.marked-len(h.marks), 0); n < h.marked; n++ {
		m := h.marks[n%len(h.marks)]
		if m.Left = 1 - float64(now.Sub(m.At))/float64(markTime); m.Left > 0 {
			marks = append(marks, m)
		}
	}
	return marks
}

// clear forgets everything before a column.
func (h *History) clear(at int64) {
	for i := range h.samples {
		h.samples[i] = empty()
	}
	h.now, h.begun, h.marked = at, false, 0
}

func empty() (s sample) {
	for i := range graphs {
		s.first[i], s.second[i] = nothing, nothing
	}
	return s
}

func greatest(v *float64, x float64) {
	if !(*v >= x) { // also if it is NaN
		*v = x
	}
}

func add(v *float64, x float64) {
	if math.IsNaN(*v) {
		*v = 0
	}
	*v += x
}

// A Graph is a figure over ten seconds. Values are NaN where nothing is known.
type Graph struct {
	Title  string // the figure, with its unit
	Value  string // the newest values
	About  string // a sentence that explains the figure
	First  [Columns]float64
	Second [Columns]float64 // another line: see Title
	Ticks  bool             // Second is a number of events, shown as ticks at the edge
	Top    float64          // of the scale, which begins at Bottom
	Bottom float64
}

// about describes the graphs.
var about = [graphs]struct {
	title, unit, about string
	least              float64 // of the top of the scale
}{
	graphTrip:           {"round trip/jitter", "ms", aboutTrip, 50},
	graphLoss:           {"loss up/down", "%", aboutLoss, 5},
	graphMargin:         {"margin/wanted", "ticks", aboutMargin, 4},
	graphUnacknowledged: {"unacknowledged inputs", "", aboutUnacknowledged, 8},
	graphCorrections:    {"corrections, lost", "px", aboutCorrections, 20},
	graphError:          {"drawn from true", "px", aboutError, 10},
}

// Graphs returns all graphs, the newest column last.
func (h *History) Graphs() []Graph {
	all := make([]Graph, graphs)
	for g := range all {
		d, out := &about[g], &all[g]
		out.Title, out.About, out.Top, out.Ticks = d.title, d.about, d.least, g == graphCorrections
		for c := range Columns {
			s := &h.samples[(h.now+1+int64(c))%Columns]
			if h.now == 0 {
				*out = Graph{Title: d.title, About: d.about, Top: d.least}
				break
			}
			out.First[c], out.Second[c] = s.first[g], s.second[g]
			for _, v := range [2]float64{s.first[g], s.second[g]} {
				if v > out.Top && !(out.Ticks && v == s.second[g]) {
					out.Top = v
				}
				if v < out.Bottom {
					out.Bottom = v
				}
			}
		}
		if !out.Ticks {
			bridge(&out.First)
			bridge(&out.Second)
		}
		out.Value = value(out, d.unit)
	}
	return all
}

// longestBridge bounds how many columns in a row take over the value before them.
const longestBridge = 5

// bridge fills short gaps, which a screen with few frames a second leaves.
func bridge(line *[Columns]float64) {
	for c, missing := 1, 0; c < Columns; c++ {
		if !math.IsNaN(line[c]) {
			missing = 0
		} else if missing++; missing <= longestBridge {
			line[c] = line[c-1]
		}
	}
}

// value returns the newest values of a graph as a text.
func value(g *Graph, unit string) string {
	text := number(newest(&g.First))
	if second := newest(&g.Second); !math.IsNaN(second) && !g.Ticks {
		text += "/" + number(second)
	}
	if unit != "" {
		text += " " + unit
	}
	return text
}

// newest returns the newest value that is known of the last second.
func newest(line *[Columns]float64) float64 {
	for c := Columns - 1; c >= Columns-10; c-- {
		if !math.IsNaN(line[c]) {
			return line[c]
		}
	}
	return nothing
}

// Graphs is the number of graphs.
const Graphs = graphs
