package lab

import (
	"fmt"
	"math"
	"strings"
)

// A Target bounds the mean of a measure. Nil is no bound.
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
		"rtt_error":      {1, 1.5, 1.8, 3, 3, 7.5, 7.5}, // max(1 ms, 3 %)
	}

	least = map[string][]float64{
		"ball_speed_p1": {0.95, 0.85, 0.82, 0.82, 0.82, 0.80, 0.80},
	}
)

// targetOf returns the target of a measure on a profile; nil if there is none.
func targetOf(profile, measure string) *Target {
	for i, name := range mainProfiles {
		if name != profile {
			continue
		}
		if m, ok := most[measure]; ok {
			return &Target{Most: &m[i]}
		}
		if l, ok := least[measure]; ok {
			return &Target{Least: &l[i]}
		}
	}
	return nil
}

// met compares a figure as it is shown, so that a table never says that 0.50 is more than 0.50.
func (t *Target) met(x float64) bool {
	x = math.Round(x*100) / 100
	return (t.Least == nil || x >= *t.Least) && (t.Most == nil || x <= *t.Most)
}

// String is the target as a condition, such as "<= 0.5".
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
