package lab

import (
	"math"
	"strings"
	"time"
)

// A Result is the outcome of a run of the laboratory: every figure of every cell, with its definition and its target.
type Result struct {
	Own      string   `json:"own,omitempty"` // how much of a match of one's own was measured; else empty
	Minutes  float64  `json:"minutes"`       // of each match
	First    uint64   `json:"first_seed"`
	Seeds    int      `json:"seeds"` // how many, one after the other
	Profiles []Named  `json:"profiles"`
	Views    []string `json:"views"`
	Measures []Named  `json:"measures"`
	Rows     []Row    `json:"rows"`
	Rallies  []Rally  `json:"rallies,omitempty"`
}

// A Named is what a reader has to know about a profile or a measure.
type Named struct {
	Name       string `json:"name"`
	Title      string `json:"title"`
	Unit       string `json:"unit,omitempty"`
	Definition string `json:"definition,omitempty"`
	Noticed    string `json:"noticed,omitempty"` // from where on people notice it, with the source
}

// A Row is one measure of one profile and one variant, over all seeds.
type Row struct {
	Profile   string        `json:"profile"`
	View      string        `json:"view"`
	Measure   string        `json:"measure"`
	Mean      float64       `json:"mean"`
	Worst     float64       `json:"worst"` // of the worst seed
	WorstSeed uint64        `json:"worst_seed"`
	Error     float64       `json:"standard_error"` // of the mean, from how the seeds differ
	Seeds     []float64     `json:"seeds"`          // each seed's
	Target    *Target       `json:"target,omitempty"`
	Samples   *Distribution `json:"samples,omitempty"`
	TooShort  bool          `json:"too_short,omitempty"` // too little was played to judge the target
	withError bool          // show the standard error
}

// A figure is the result of a measure for one recording.
type figure struct {
	value   float64
	samples *Distribution
	ok      bool
}

// summarize returns the row of a measure from the figures of its seeds; c has the first seed.
func summarize(c *Cell, m *Measure, figures []figure) (row Row, ok bool) {
	row = Row{Profile: c.Profile.Name, View: c.column(), Measure: m.Name,
		Target: targetOf(c.Profile.Name, m.Name), withError: m.WithError}
	row.TooShort = row.Target != nil && c.Length*time.Duration(len(figures)) < leastJudged
	worst := math.Inf(-1)
	for i, f := range figures {
		if !f.ok {
			continue
		}
		row.Seeds = append(row.Seeds, f.value)
		row.Samples = row.Samples.merge(f.samples)
		if badness := row.badness(f.value); badness > worst {
			worst, row.Worst, row.WorstSeed = badness, f.value, c.Seed+uint64(i)
		}
	}
	row.Mean, row.Error = mean(row.Seeds), standardError(row.Seeds)
	return row, len(row.Seeds) > 0
}

// leastJudged is how much must be played of a profile and a variant so that its targets are judged. Many targets bound
// what happens less than once a minute: in a few minutes chance decides.
const leastJudged = 20 * time.Minute

// Explained returns the definition and what people notice.
func (n Named) Explained() string { return strings.TrimSpace(n.Definition + " " + n.Noticed) }

// badness orders figures from good to bad: greater is worse, in the direction that the target bounds.
func (r *Row) badness(value float64) float64 {
	if t := r.Target; t != nil && t.Least != nil {
		if t.Most != nil {
			return math.Max(value-*t.Most, *t.Least-value)
		}
		return -value
	}
	return value
}

// Missed reports whether the mean misses the target. It compares figures as the table shows them.
func (r *Row) Missed() bool { return r.Target != nil && !r.Target.met(r.Mean) }
