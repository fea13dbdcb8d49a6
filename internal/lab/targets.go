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

// most are the greatest allowed means by measure, for the profiles of the main table in order.
var (
	mainProfiles = []string{"L0", "L2", "L3", "L4", "L5", "L6", "L7"}

	most = map[string][]float64{
		"key_to_screen":  {1, 1, 1, 1, 1, 1, 1},
		"corrections":    {0, 1, 1, 1, 5, 1, 6},
		"correction_p99": {0, 10, 10, 15, 25, 10, 25},
		"ball_jumps":     {0, 0.5, 0.5, 0.5, 1, 1, 2},
		"ball_reversals": {0, 0, 0, 0, 0, 0, 0},
		"contradictions": {0, 0.2, 0.2, 0.3, 1, 0.3, 1},
		"verdicts":       {0, 0, 0.2, 0.2, 0.5, 0.3, 0.5},
		"offset_p99":     {1, 2, 2, 3, 6, 4, 8},
		"opponent_jumps": {0, 1, 2, 2, 6, 10, 15},
		"ball_speed_p99": {1.05, 1.20, 1.25, 1.25, 1.25, 1.30, 1.30},
		"missed":         {0, 0.5, 0.3, 0.5, 3, 0.5, 3},
		"lead":           {2, 5, 7, 7, 10, 12, 15},
		"bytes_up":       {5.4, 5.4, 5.4, 5.4, 5.4, 5.4, 5.4},
		"bytes_down":     {2.8, 2.8, 2.8, 2.8, 2.8, 2.8, 2.8},
		"rtt_error":      {1, 1.5, 1.8, 3, 3, 7.5, 7.5}, // max(1 ms, 3 %)
	}

	least = map[string][]float64{
		"ball_speed_p1": {0.95, 0.85, 0.82, 0.82, 0.82, 0.80, 0.80},
	}
)

// atMost are more bounds, for single profiles or for all ("").
var atMost = map[string]map[string]float64{
	"":     {"unequal": 0},
	"L8.1": {"recovery": 0.20},
	"L8.3": {"recovery": 0.45},
	"L9":   {"rtt_error": 4.5},
	"L10":  {"settling": 1.5, "overshoot": 1},
	"L14":  {"far_share": 53},
}

// atLeast are lower bounds of the same kind.
var atLeast = map[string]map[string]float64{"L14": {"far_share": 47}}

// targetOf returns the target of a measure on a profile; nil if there is none.
func targetOf(profile, measure string) *Target {
	var t Target
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
