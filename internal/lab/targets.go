package lab

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A Target bounds the mean of a measure. A nil bound is none.
type Target struct {
	Least *float64 `json:"least,omitempty"`
	Most  *float64 `json:"most,omitempty"`
}

// The targets are bounds of the means of eight matches of ten minutes, under both loss models. docs/netcode.md has them
// as a table.

// most are the greatest allowed means by measure, for the profiles of the main table in order.
var (
	mainProfiles = []string{"L0", "L2", "L3", "L4", "L5", "L6", "L7"}

	most = map[string][]float64{
		"key_to_screen":  {1, 1, 1, 1, 1, 1, 1},
		"corrections":    {0, 0.8, 0.5, 0.7, 0.8, 0.5, 0.6},
		"correction_px":  {0, 7, 5, 6, 10, 5, 6},
		"verdicts":       {0, 0, 0.05, 0.05, 0.05, 0.05, 0.1},
		"contradictions": {0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1},
		"offset_p99":     {1, 1.5, 1.5, 2, 2, 3.5, 3.5},
		"opponent_jumps": {0, 1, 1, 1, 2.5, 8, 13},
		"ball_jumps":     {0, 0.05, 0.05, 0.05, 0.2, 0.5, 1},
		"ball_reversals": {0, 0.01, 0.01, 0.01, 0.01, 0.02, 0.02},
		"ball_speed_p99": {1.04, 1.14, 1.18, 1.20, 1.25, 1.30, 1.30},
		"speed_step":     {0.02, 0.03, 0.04, 0.04, 0.05, 0.07, 0.08},
		"ball_still":     {1, 1.5, 1.5, 1.5, 2, 3, 5},
		"missed":         {0, 0.4, 0.25, 0.4, 0.5, 0.3, 0.4},
		"missed_raw":     {0, 0.4, 0.25, 0.4, 0.5, 0.3, 0.4},
		"lead":           {2, 8, 9, 10, 14, 15, 19},
		"apart":          {2.5, 10.5, 12.5, 13.5, 18.5, 23, 23},
		"opponent_age":   {40, 160, 200, 215, 295, 370, 375},
		"rtt_error":      {0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5},
		"bytes_up":       {5.4, 5.4, 5.4, 5.4, 5.4, 5.4, 5.4},
		"bytes_down":     {2.8, 2.8, 2.8, 2.8, 2.8, 2.8, 2.8},
	}

	least = map[string][]float64{
		"ball_speed_p1": {0.96, 0.88, 0.86, 0.85, 0.82, 0.80, 0.80},
	}
)

// atMost are more bounds, for single profiles or for all ("").
var atMost = map[string]map[string]float64{
	"":     {"unequal": 0},
	"L8.1": {"recovery": 0.20},
	"L8.3": {"recovery": 0.45},
	"L9":   {"rtt_error": 4.5},
	"L10":  {"settling": 1.5, "overshoot": 1},
	"L14":  {"opponent_jumps": 2, "opponent_age_gap": 20},
}

// atLeast are lower bounds of the same kind.
var atLeast = map[string]map[string]float64{"L14": {"far_share_human": 34}}

// inTimeTimes and inTimePlus are what the upper bounds are multiplied with, and what is added to them, where losses and
// stalls happen in time.
var (
	inTimeTimes = map[string]float64{"opponent_jumps": 1.6}
	inTimePlus  = map[string]float64{"apart": 1, "opponent_age": 20}
)

// targetOf returns the target of a measure on a profile; nil if there is none.
func targetOf(profile, measure string) *Target {
	var t Target
	profile, inTime := strings.CutSuffix(profile, inTimeMark)
	if i := slices.Index(mainProfiles, profile); i >= 0 {
		if m, ok := most[measure]; ok {
			t.Most = &m[i]
		}
		if l, ok := least[measure]; ok {
			t.Least = &l[i]
		}
	}
	for _, name := range []string{"", profile} {
		if x, ok := atMost[name][measure]; ok {
			t.Most = &x
		}
		if x, ok := atLeast[name][measure]; ok {
			t.Least = &x
		}
	}
	if t == (Target{}) {
		return nil
	}
	if inTime && t.Most != nil {
		bound := *t.Most
		if times, ok := inTimeTimes[measure]; ok {
			bound *= times
		}
		bound = math.Round(100*(bound+inTimePlus[measure])) / 100
		t.Most = &bound
	}
	return &t
}

// met compares a figure as it is shown, so that a table never shows 0.50 as more than 0.50.
func (t *Target) met(x float64) bool {
	x = math.Round(x*100) / 100
	return (t.Least == nil || x >= *t.Least) && (t.Most == nil || x <= *t.Most)
}

// String returns the target as a condition, such as "<= 0.5".
func (t *Target) String() string {
	var parts []string
	if t.Least != nil {
		parts = append(parts, fmt.Sprintf(">= %v", *t.Least))
	}
	if t.Most != nil {
		parts = append(parts, fmt.Sprintf("<= %v", *t.Most))
	}
	return strings.Join(parts, ", ")
}
