package load

import (
	"bytes"
	"strings"
	"testing"
)

// TestReport_WriteTable prints a report with and without the server's figures.
func TestReport_WriteTable(t *testing.T) {
	r := &Report{
		Address: "127.0.0.1:5555", Asked: 1000, Playing: 999, Seconds: 10, StateRate: 20, Sources: true,
		Join: JoinReport{Players: 1998, Failed: map[string]int{"full": 2}, Seconds: 4, PerSecond: 500},
		Out:  TrafficReport{1_200_000, 74_400_000}, In: TrafficReport{400_000,
			38_000_000}, Inputs: 1_200_000, States: 400_000,
		LostDown: 4000, Missed: 12, Stale: 3, RTT: Quantiles{0.2, 1.5, 3}, LoadCPU: 4.5, ControlGone: map[string]int{},
	}
	var out bytes.Buffer
	if err := r.WriteTable(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"1998 of 2000 players in 4.00 s: 500 a second; 2 full", "999 matches for 10.0 s", "1 200 000 INPUTs",
		"120 000 a second, 7.44 MB/s",
		"4 000 (0.990 %), 3 late STATEs", "12 (0.001 %)", "0.20 / 1.50 / 3.00 ms", "4.50 s, 45.0 % of a core",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "lateness") || strings.Contains(out.String(), "fell behind") {
		t.Errorf("the table has rows that the report has no figures for:\n%s", out.String())
	}
	r.LoadCPU = 0 // the system does not say it
	r.NotSent, r.Server = 77, &ServerReport{
		CPUSeconds: 6, CPUPerMatch: 600, InputsSent: 100, InputsAccepted: 99, StatesSent: 9, StatesSkipped: 1,
		Memory: 5e7, MemoryPerMatch: 5e4,
		Lateness: Quantiles{0.1, 0.9, 2}, DatagramsDropped: map[string]float64{"forged": 5},
	}
	out.Reset()
	if err := r.WriteTable(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"99 of 100 (1.000 % lost)", "60.0 % of a core, 600 us a match-second",
		"CPU of this program    unknown", "0.10 / 0.90 / 2.00 ms", "1 of 10", "50 MB, 50 KB a match", "5 forged",
		"77 not sent because this program fell behind"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, out.String())
		}
	}
}
