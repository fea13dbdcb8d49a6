package front

import (
	"fmt"
	"math"

	"pong/internal/client"
)

// A Figure is a number of the HUD with its name.
type Figure struct {
	Name, Value string
	Short       string // the name where there is little room
}

// Figures returns the short HUD: what a player notices of the network. A watcher has no paddle to predict or correct.
func Figures(v *client.Frame) []Figure {
	l := &v.Figures
	all := []Figure{
		{"latency", millis(l.Latency) + " ms", "latency"},
		{"jitter", millis(l.Jitter) + " ms", "jitter"},
		{"loss up/down", percent(l.LossUp) + "/" + percent(l.LossDown) + " %", "loss"},
		{"lead", decimal(l.Lead) + " ticks", "lead"},
		{"corrections", fmt.Sprintf("%.0f/min", l.CorrectionsPerMin), "corrections"},
	}
	if l.Samples == 0 {
		for i := range all {
			all[i].Value = "–" // nothing is measured yet
		}
	}
	if v.Watching {
		return all[:3]
	}
	return all
}

// Details returns the long HUD.
func Details(v *client.Frame, view client.View) []Figure {
	l := &v.Figures
	trip, margin := "–", "–"
	if l.Samples > 0 {
		trip = fmt.Sprintf("p50 %s  p95 %s  p99 %s ms", millis(l.P50), millis(l.P95), millis(l.P99))
		margin = decimal(l.Margin) + " of " + decimal(l.Wanted) + " ticks wanted"
	}
	return []Figure{
		{Name: "round trip", Value: trip},
		{Name: "longest loss", Value: fmt.Sprintf("%d in a row, down", l.BurstDown)},
		{Name: "margin", Value: margin},
		{Name: "corrections", Value: fmt.Sprint(l.Corrections)},
		{Name: "inputs missed", Value: fmt.Sprint(l.Missed)},
		{Name: "datagrams", Value: fmt.Sprintf("%d up  %d down", l.Sent, l.Received)},
		{Name: "traffic", Value: bytesText(l.BytesUp) + " up  " + bytesText(l.BytesDown) + " down"},
		{Name: "view", Value: view.String()},
	}
}

// millis shows milliseconds, with a decimal where it matters.
func millis(ms float64) string {
	if ms < 10 {
		return decimal(ms)
	}
	return fmt.Sprintf("%.0f", ms)
}

// percent shows a share of 1.
func percent(share float64) string { return decimal(share * 100) }

// decimal shows a number with one decimal, and zero without a sign.
func decimal(v float64) string {
	v = math.Round(v*10) / 10
	if v == 0 {
		v = 0 // not -0
	}
	return fmt.Sprintf("%.1f", v)
}

// bytesText shows an amount of data in the units of disks and networks.
func bytesText(n int) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1000*1000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
