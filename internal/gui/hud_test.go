//go:build !nogui

package gui

import (
	"slices"
	"testing"

	"pong/internal/client"
)

func TestShortHUD(t *testing.T) {
	got := playersFigures(client.Figures{
		Latency: 104.4, Jitter: 2.13, LossUp: 0.012, LossDown: 0.0004, Lead: -0.01, CorrectionsPerMin: 1.5, Samples: 20,
	})
	want := []figure{
		{"latency", "104 ms"}, {"jitter", "2.1 ms"}, {"loss up/down", "1.2/0.0 %"},
		{"lead", "0.0 ticks"}, {"corrections", "1.5/min"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("the HUD reads %v, want %v", got, want)
	}
}

func TestNothingMeasuredIsNotZero(t *testing.T) {
	for _, f := range playersFigures(client.Figures{}) {
		if f.value != "–" {
			t.Errorf("before the first round trip %s reads %q, want a dash", f.name, f.value)
		}
	}
}

func TestLongHUD(t *testing.T) {
	got := details(client.Figures{
		P50: 101, P95: 118, P99: 131.4, BurstDown: 3, Margin: 2.1, Wanted: 2.5, Corrections: 12, Missed: 1,
		Sent: 12345, Received: 4321, Samples: 9, BytesUp: 812345, BytesDown: 999,
	}, client.ViewInterp, 143.9)
	want := []figure{
		{"round trip", "p50 101  p95 118  p99 131 ms"},
		{"longest loss", "3 in a row, down"},
		{"margin", "2.1 of 2.5 ticks wanted"},
		{"corrections", "12"},
		{"inputs missed", "1"},
		{"datagrams", "12345 up  4321 down"},
		{"traffic", "812.3 kB up  999 B down"},
		{"view", "interp"},
		{"display", "144 frames/s"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("the long HUD reads\n%v, want\n%v", got, want)
	}
}

func TestHUDFitsBesideThePaddles(t *testing.T) {
	for _, zoom := range []float64{1, maxZoom} {
		f := frame{zoom: zoom, view: client.Frame{Figures: client.Figures{
			Latency: 1234, Jitter: 567, LossUp: 0.999, LossDown: 0.999, Lead: 15.5, CorrectionsPerMin: 123.4, Samples: 1,
		}}}
		x := hudX
		for _, g := range figures(f.view) {
			x += f.hudWidth(g)
		}
		if edge := client.PaddleX(1); x > edge {
			t.Errorf("at zoom %v a bad link's HUD ends at %v, under the right paddle at %v", zoom, x, edge)
		}
		if end := f.lineEnd(); x > client.FieldWidth/2 && end > hudBottom-30*zoom {
			t.Errorf("at zoom %v the centre line ends at %v and crosses the HUD", zoom, end)
		}
	}
}
