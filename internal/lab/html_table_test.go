package lab

import "testing"

func TestFigureTable_KeepsEveryProfile(t *testing.T) {
	var all []Named
	for _, p := range Profiles() {
		all = append(all, Named{Name: p.Name})
	}
	parts := groups(all)
	for _, p := range ByTime.apply(Profiles()) {
		if p.InTime {
			all = append(all, Named{Name: p.Name})
		}
	}
	n := groups(all)
	if len(n) != 4 || len(n[2]) != len(mainProfiles) || len(n[2])+len(n[3]) != len(all)-len(Profiles()) {
		t.Errorf("with losses in time the profiles are grouped as %v", n)
	}
	if len(parts) != 2 || len(parts[0]) != len(mainProfiles)+1 || len(parts[0])+len(parts[1]) != len(Profiles()) {
		t.Errorf("%d profiles are grouped as %v", len(all), parts)
	}
	if parts := groups(all[:3]); len(parts) != 1 {
		t.Errorf("three constant networks are grouped as %v", parts)
	}
}

func TestFigureTable_CellShowsWhetherTheTargetIsMet(t *testing.T) {
	one := 1.0
	for mean, missed := range map[float64]bool{1: false, 1.2: true} {
		if c := newCell(&Row{Mean: mean, Target: &Target{Most: &one}}); c.Missed != missed || c.Target != "≤ 1" {
			t.Errorf("a mean of %v with a target of 1 gives %+v", mean, c)
		}
	}
	if c := newCell(nil); c.Mean != "" {
		t.Errorf("a missing figure gives %+v", c)
	}
}

func TestFigureTable_Figures(t *testing.T) {
	for x, want := range map[float64]string{0: "0", -0.001: "0", 0.256: "0.26", 12.5: "12.5", 123.44: "123.4",
		140: "140", 1142.3: "1142"} {
		if got := figures(x); got != want {
			t.Errorf("%v is written %s, want %s", x, got, want)
		}
	}
}
