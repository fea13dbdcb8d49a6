package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"

	"pong/internal/client"
	"pong/internal/front"
)

// A report prints a frame. It is called about once a second, and at the end of each match, by the goroutine that plays,
// so its writer must not block.
type report func(v client.Frame, ended bool)

// noReport prints nothing.
func noReport(client.Frame, bool) {}

// A botLine is a line that pong bot --json prints each second.
type botLine struct {
	Tick        uint32  `json:"tick"`
	Score       [2]int  `json:"score"`
	LatencyMS   float64 `json:"latency_ms"`
	JitterMS    float64 `json:"jitter_ms"`
	Loss        float64 `json:"loss"` // share of the datagrams, in the worse direction
	LeadTicks   float64 `json:"lead_ticks"`
	Corrections int     `json:"corrections"`

	Dropped map[string]int `json:"dropped,omitempty"` // by the client's queues, by reason
}

// A botResult is the line that pong bot --json prints at the end of a match.
type botResult struct {
	Result string `json:"result"` // won or lost
	Match  string `json:"match"`
	Player int    `json:"player"`
	botLine
}

// jsonNote and textNote return a line about lines that are missing because nothing took them for a while.
func jsonNote(lost int) []byte { return fmt.Appendf(nil, "{\"lines_lost\":%d}\n", lost) }
func textNote(lost int) []byte {
	return fmt.Appendf(nil, "(%d lines are missing: nothing took them for a while)\n", lost)
}

func jsonReport(out io.Writer) report {
	enc := json.NewEncoder(out)
	return func(v client.Frame, ended bool) {
		line := botLine{
			Tick: v.Tick, Score: v.Score,
			LatencyMS: round(v.Figures.Latency), JitterMS: round(v.Figures.Jitter),
			Loss: round(max(v.Figures.LossUp,
				v.Figures.LossDown)), LeadTicks: round(v.Figures.Lead), Corrections: v.Figures.Corrections,
			Dropped: dropped(v.Dropped),
		}
		if ended {
			_ = enc.Encode(botResult{Result: result(v), Match: v.Match, Player: v.Me + 1, botLine: line})
			return
		}
		_ = enc.Encode(line)
	}
}

// dropped returns the counts that are not zero, by their names.
func dropped(counts client.Drops) map[string]int {
	named := map[string]int{}
	for reason, n := range counts {
		if n > 0 {
			named[client.Drop(reason).String()] = n
		}
	}
	return named
}

// textReport returns a report that prints a line when stage, score or notice have changed.
func textReport(out io.Writer) report {
	last := ""
	return func(v client.Frame, ended bool) {
		line := fmt.Sprintf("%s %d:%d", v.Stage, v.Score[0], v.Score[1])
		if s := front.Notice(&v); s != "" {
			line += "  " + s
		}
		if ended {
			line = fmt.Sprintf("%s %d:%d", result(v), v.Score[0], v.Score[1])
		}
		if line != last {
			fmt.Fprintln(out, line)
		}
		last = line
	}
}

// scoreReport returns a report that prints each new score, and the result.
func scoreReport(out io.Writer) report {
	last := [2]int{}
	return func(v client.Frame, ended bool) {
		if v.Score != last {
			last = v.Score
			fmt.Fprintf(out, "score %d:%d\n", v.Score[0], v.Score[1])
		}
		if ended {
			winner := front.WithoutIsolates(front.NameOf(&v, v.Winner))
			fmt.Fprintf(out, "%s wins %d:%d\n", winner, v.Score[0], v.Score[1])
		}
	}
}

func result(v client.Frame) string {
	if v.Winner == v.Me {
		return "won"
	}
	return "lost"
}

// round rounds to three decimals.
func round(x float64) float64 { return math.Round(x*1000) / 1000 }
