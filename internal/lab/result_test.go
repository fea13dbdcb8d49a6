package lab

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pong/internal/client"
	"time"

	"pong/netcode/netsim"
)

func TestResult_Summary(t *testing.T) {
	c := cell(t, "L0", Filter, 11, time.Minute)
	row, ok := summarize(&c, &ballJumps, []figure{{1, nil, true}, {4, nil, true}, {0, nil, false}, {1, nil, true}})
	if !ok || row.Mean != 2 || row.Worst != 4 || row.WorstSeed != 12 || len(row.Seeds) != 3 || !row.Missed() {
		t.Errorf("the figures 1, 4, none and 1 give %+v", row)
	}
	row, _ = summarize(&c, &ballSlowest, []figure{{0.98, nil, true}, {0.94, nil, true}})
	if row.Worst != 0.94 || row.Missed() || math.Abs(row.Error-0.02) > 1e-9 { // 0.96 is allowed
		t.Errorf("if more is better, 0.98 and 0.94 give %+v", row)
	}
	if _, ok := summarize(&c, &recovery, []figure{{}}); ok {
		t.Error("a measure without figures has a row")
	}
}

func TestResult_DistributionsAdd(t *testing.T) {
	a := distribute([]float64{-0.6, 0.1, 0.2, 1.4}, 0.5)
	want := &Distribution{From: -1, Step: 0.5, Counts: []int{1, 0, 2, 0, 1}, N: 4}
	if !reflect.DeepEqual(a, want) {
		t.Fatalf("the distribution is %+v, want %+v", a, want)
	}
	sum := a.merge(distribute([]float64{2.1, -1.7}, 0.5))
	want = &Distribution{From: -2, Step: 0.5, Counts: []int{1, 0, 1, 0, 2, 0, 1, 0, 1}, N: 6}
	if !reflect.DeepEqual(sum, want) {
		t.Errorf("two distributions add up to %+v, want %+v", sum, want)
	}
	if far := distribute([]float64{1e9, -1e9}, 1); far.N != 2 || len(far.Counts) != 2*outermost+1 {
		t.Errorf("samples far from 0 give %d classes", len(far.Counts))
	}
}

func TestResult_Targets(t *testing.T) {
	for _, test := range []struct {
		profile, measure string
		figure           float64
		met              bool
	}{
		{"L2", "ball_jumps", 0.05, true}, {"L2", "ball_jumps", 0.054, true}, {"L2", "ball_jumps", 0.06, false},
		{"L7", "ball_speed_p1", 0.79, false}, {"L7", "ball_speed_p1", 0.9, true},
		{"L7t", "ball_speed_p1", 0.79, false}, {"L7t", "ball_speed_p1", 0.8, true},
		{"L7", "opponent_jumps", 13.1, false}, {"L7t", "opponent_jumps", 20.8, true},
		{"L7t", "opponent_jumps", 20.9, false},
		{"L2t", "apart", 11.5, true}, {"L2t", "apart", 11.6, false}, {"L2t", "opponent_age", 180, true},
		{"L2t", "opponent_age", 181, false}, {"L2t", "lead", 8.1, false},
		{"L14", "far_share_human", 33, false}, {"L14", "far_share_human", 50, true},
		{"L14t", "far_share_human", 33, false}, {"L14t", "opponent_jumps", 3.2, true},
		{"L13", "unequal", 1, false}, {"L8.1", "recovery", 0.21, false}, {"L10", "overshoot", 1, true},
	} {
		target := targetOf(test.profile, test.measure)
		if target == nil || target.met(test.figure) != test.met {
			t.Errorf("%s: %s of %v meets %v: want %v", test.profile, test.measure, test.figure, target, test.met)
		}
	}
	if target := targetOf("L1", "ball_jumps"); target != nil {
		t.Errorf("L1 is not in the table, but has the target %v", target)
	}
	known := map[string]bool{}
	for _, m := range Measures() {
		if known[m.Name] || m.Title == "" || m.Unit == "" || len(m.Definition) < 40 {
			t.Errorf("the measure %s occurs twice or has no definition", m.Name)
		}
		known[m.Name] = true
	}
	for _, table := range []map[string][]float64{most, least} {
		for name, bounds := range table {
			if !known[name] || len(bounds) != len(mainProfiles) {
				t.Errorf("%s has %d targets and is known: %v", name, len(bounds), known[name])
			}
		}
	}
}

// Every network with losses or stalls is played again with them in time, at the paces of INPUTs and STATEs.
func TestLossModel_Profiles(t *testing.T) {
	list := func(m LossModel) string { return names(m.apply(Profiles())) }
	const rest = "L1t, L2t, L3t, L4t, L5t, L6t, L7t, L8.1t, L8.2t, L8.3t, L8.4t, L13t, L14t"
	if got, want := list(BothModels), list(ByPacket)+", "+rest; got != want {
		t.Errorf("both models have the networks %s, want %s", got, want)
	}
	if inputEvery != time.Second/60 || stateEvery.Round(time.Microsecond) != 50*ms {
		t.Errorf("the paces are %v and %v, want those of 60 INPUTs and 20 STATEs a second", inputEvery, stateEvery)
	}
	if got := list(ByTime); !strings.Contains(got, "L0, L1t") || !strings.Contains(got, "L12, L13t, L14t, L15") {
		t.Errorf("losses in time have the networks %s, want those without losses too", got)
	}
	for _, p := range ByTime.apply(Profiles()) {
		for seat := range 2 {
			for way, want := range map[netsim.Profile]time.Duration{p.Up[seat]: inputEvery, p.Down[seat]: stateEvery} {
				if way.Pace != 0 && way.Pace != want || (way.Loss > 0 || way.Spike > 0) != (way.Pace > 0) {
					t.Errorf("%s: %+v has a pace of %v, want %v if it has losses or stalls", p.Name, way, way.Pace,
						want)
				}
			}
		}
	}
	for _, name := range []string{"packet", "time", "both"} {
		if _, err := ParseLossModel(name); err != nil {
			t.Error(err)
		}
	}
	if _, err := ParseLossModel("none"); err == nil || !strings.Contains(err.Error(), "packet, time or both") {
		t.Errorf("an unknown loss model: %v, want an error that lists them", err)
	}
}

// The judged view is played under both models and with more seeds where the players differ, the others once.
func TestConfig_Cells(t *testing.T) {
	cfg := Config{Profiles: []Profile{named(t, "L4"), named(t, "L14")}, Variants: []Variant{Filter, Interp}, Seeds: 2,
		Minutes: 1, LossModel: BothModels}
	count := map[string]int{}
	for _, c := range cfg.cells() {
		count[c.Profile.Name+" "+c.Variant.String()]++
	}
	want := map[string]int{"L4 filter": 2, "L4 interp": 2, "L4t filter": 2, "L14 filter": 6, "L14 interp": 2,
		"L14t filter": 6}
	if !maps.Equal(count, want) {
		t.Errorf("the cells are %v, want %v", count, want)
	}
	cfg.Profiles = cfg.Profiles[:1]
	cfg.Without = []client.Settings{{NoReconciliation: true}}
	last := cfg.cells()
	if c := last[len(last)-3]; len(last) != 8 || c.column() != "no-reconciliation" || !c.settings().NoReconciliation ||
		c.Profile.Name != "L4" {
		t.Errorf("with a column without reconciliation there are %d cells, one of them %+v", len(last), c)
	}
}

func TestProfiles_AreThoseOfTheTable(t *testing.T) {
	for _, p := range Profiles() {
		for seat := range 2 {
			for _, way := range []string{"up", "down"} {
				profile := p.Up[seat]
				if way == "down" {
					profile = p.Down[seat]
				}
				if err := profile.Validate(); err != nil {
					t.Errorf("%s %s: %v", p.Name, way, err)
				}
			}
		}
		if rtt := p.Up[0].Delay + p.Down[0].Delay; rtt != p.RTT {
			t.Errorf("%s has a round trip of %v, but its RTT is %v", p.Name, rtt, p.RTT)
		}
	}
	eights, err := ParseProfiles("L8,L14")
	if err != nil || len(eights) != 5 {
		t.Errorf("L8,L14 gives %d profiles and %v, want 5", len(eights), err)
	}
	for _, list := range []string{"", "L99", "L4,", "l4"} {
		if _, err := ParseProfiles(list); err == nil || !strings.Contains(err.Error(), "L8.1") {
			t.Errorf("profiles %q: %v, want an error that lists them", list, err)
		}
	}
	if _, err := ParseVariants("filter,x"); err == nil || !strings.Contains(err.Error(), "original") {
		t.Errorf("views filter,x: %v, want an error that lists them", err)
	}
}

// A result does not depend on the order of the cores, names its rows, survives JSON and can be written as text.
func TestResult_IsInOrder(t *testing.T) {
	t.Parallel()
	cfg := Config{Profiles: []Profile{named(t, "L7"), named(t, "L0")}, Variants: []Variant{Interp, Filter}, Seeds: 2,
		Minutes: 0.25}
	var seen []string
	cfg.Watch = func(done, all int, r *Recording) error {
		seen = append(seen, r.Cell.Profile.Name+r.Cell.Variant.String())
		return nil
	}
	one, err := cfg.Measure(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"L7interp", "L7interp", "L7filter", "L7filter", "L0interp", "L0interp", "L0filter",
		"L0filter"}; !slices.Equal(seen, want) {
		t.Errorf("the matches were watched as %v, want %v", seen, want)
	}
	two, _ := cfg.Measure(context.Background())
	a, _ := json.Marshal(one)
	if b, _ := json.Marshal(two); !bytes.Equal(a, b) {
		t.Error("the same matches gave another result")
	}
	var text bytes.Buffer
	if err := WriteText(&text, one); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"interp\n", "filter\n", "L7", "<= ", "key to screen, frames"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the table does not contain %q:\n%s", want, text.String())
		}
	}
	if len(one.Rallies) != 1 || len(one.Rallies[0].Truth) < 60 || len(one.Rallies[0].Sides[1]) < 60 {
		t.Fatalf("%d rallies, want one of the first variant", len(one.Rallies))
	}
	for _, way := range one.Rallies[0].Beside {
		if len(way.Sides[0]) != len(one.Rallies[0].Sides[0]) || len(way.Sides[1]) != len(one.Rallies[0].Sides[1]) {
			t.Errorf("beside it, %s has %d and %d frames, want as many as the rally", way.View, len(way.Sides[0]),
				len(way.Sides[1]))
		}
	}
	if len(one.Rallies[0].Beside) != 3 {
		t.Errorf("%d other ways of drawing are beside the rally, want 3", len(one.Rallies[0].Beside))
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if _, err := cfg.Measure(ended); err == nil {
		t.Error("a run whose context has ended succeeds")
	}
}
