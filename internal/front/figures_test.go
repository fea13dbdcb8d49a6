package front

import (
	"slices"
	"testing"

	"pong/internal/client"
)

func TestFigures_AreRoundedForTheEye(t *testing.T) {
	v := client.Frame{Figures: client.Figures{
		Latency: 104.4, Jitter: 2.13, LossUp: 0.012, LossDown: 0.0004, Lead: -0.01, CorrectionsPerMin: 3, Samples: 20,
	}}
	want := []Figure{
		{"latency", "104 ms", "latency"}, {"jitter", "2.1 ms", "jitter"}, {"loss up/down", "1.2/0.0 %", "loss"},
		{"lead", "0.0 ticks", "lead"}, {"corrections", "3/min", "corrections"},
	}
	if got := Figures(&v); !slices.Equal(got, want) {
		t.Errorf("the HUD reads %v, want %v", got, want)
	}
	v.Watching = true
	if got := Figures(&v); !slices.Equal(got, want[:3]) {
		t.Errorf("for a watcher the HUD reads %v, want %v", got, want[:3])
	}
}

func TestFigures_NothingMeasuredIsNotZero(t *testing.T) {
	for _, f := range Figures(new(client.Frame)) {
		if f.Value != "–" {
			t.Errorf("before the first round trip %s reads %q, want a dash", f.Name, f.Value)
		}
	}
}

func TestDetails_NameTheirUnits(t *testing.T) {
	got := Details(&client.Frame{Figures: client.Figures{
		P50: 101, P95: 118, P99: 131.4, BurstDown: 3, Margin: 2.1, Wanted: 2.5, Corrections: 12, Missed: 1,
		Sent: 12345, Received: 4321, Samples: 9, BytesUp: 812345, BytesDown: 999,
	}}, client.ViewInterp)
	want := []Figure{
		{Name: "round trip", Value: "p50 101  p95 118  p99 131 ms"},
		{Name: "longest loss", Value: "3 in a row, down"},
		{Name: "margin", Value: "2.1 of 2.5 ticks wanted"},
		{Name: "corrections", Value: "12"},
		{Name: "inputs missed", Value: "1"},
		{Name: "datagrams", Value: "12345 up  4321 down"},
		{Name: "traffic", Value: "812.3 kB up  999 B down"},
		{Name: "view", Value: "interp"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("the long HUD reads\n%v, want\n%v", got, want)
	}
}
