package lab

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestResult_Summary(t *testing.T) {
	c := cell(t, "L0", Filter, 11, time.Minute)
	row, ok := summarize(&c, &ballJumps, []figure{{1, nil, true}, {4, nil, true}, {0, nil, false}, {1, nil, true}})
	if !ok || row.Mean != 2 || row.Worst != 4 || row.WorstSeed != 12 || len(row.Seeds) != 3 || !row.Missed() {
		t.Errorf("the figures 1, 4, none and 1 give %+v", row)
	}
	row, _ = summarize(&c, &ballSlowest, []figure{{0.97, nil, true}, {0.93, nil, true}})
	if row.Worst != 0.93 || row.Missed() { // 0.95 is allowed
		t.Errorf("if more is better, 0.97 and 0.93 give %+v", row)
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
		{"L2", "ball_jumps", 0.5, true}, {"L2", "ball_jumps", 0.504, true}, {"L2", "ball_jumps", 0.51, false},
		{"L7", "ball_speed_p1", 0.79, false}, {"L7", "ball_speed_p1", 0.9, true},
		{"L14", "far_share", 46, false}, {"L14", "far_share", 50, true}, {"L14", "far_share", 54, false},
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
	if len(one.Rallies) != 2 || len(one.Rallies[0].Truth) < 60 || len(one.Rallies[0].Sides[1]) < 60 {
		t.Errorf("%d rallies, want one for each variant", len(one.Rallies))
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if _, err := cfg.Measure(ended); err == nil {
		t.Error("a run whose context has ended succeeds")
	}
}
