package load

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// A Report holds what was measured.
type Report struct {
	Address   string  `json:"address"`
	Asked     int     `json:"matches_asked"`
	Playing   int     `json:"matches_playing"` // at the end
	Seconds   float64 `json:"seconds"`
	StateRate int     `json:"state_rate"`
	Sources   bool    `json:"an_address_for_each"` // each player had its own
	Ended     string  `json:"ended"`               // why the run ended early; empty if it did not

	Join   JoinReport    `json:"join"`
	Out    TrafficReport `json:"out"`
	In     TrafficReport `json:"in"`
	Inputs int           `json:"inputs_sent"`
	States int           `json:"states_received"`

	LostUp   float64 `json:"lost_up"` // 0..1, according to the server's last STATEs
	LostDown int     `json:"lost_down"`
	Refused  int     `json:"refused"`        // datagrams that were not authentic or not of the protocol
	Stale    int     `json:"stale"`          // STATEs that arrived after newer ones
	Missed   int     `json:"inputs_missed"`  // ticks that the server played without the player's input
	NotSent  int     `json:"inputs_skipped"` // because this program fell behind
	Failed   int     `json:"send_failures"`

	RTT Quantiles `json:"rtt_ms"`
	Gap Quantiles `json:"state_gap_ms"`

	LoadCPU     float64        `json:"load_cpu_seconds,omitempty"` // 0 if the system does not say it
	ControlGone map[string]int `json:"control_gone"`               // control connections that have ended, by reason
	Server      *ServerReport  `json:"server,omitempty"`
	ServerError string         `json:"server_error,omitempty"`
}

// JoinReport is about the joins over TLS, before the measurement.
type JoinReport struct {
	Players   int            `json:"players"`
	Failed    map[string]int `json:"failed"`  // by reason
	Retries   int            `json:"retries"` // after the server was full or busy
	Seconds   float64        `json:"seconds"`
	PerSecond float64        `json:"per_second"`
	Took      Quantiles      `json:"took_ms"` // from dialling to the WELCOME
	// from dialling to the first STATE in play, for the second player of a match
	Start Quantiles `json:"start_ms"`
	Ramp  float64   `json:"ramp_seconds"`
}

// TrafficReport counts datagrams, and bytes without IP and UDP headers.
type TrafficReport struct {
	Datagrams int `json:"datagrams"`
	Bytes     int `json:"bytes"`
}

// Quantiles are the quantiles of durations, in milliseconds.
type Quantiles struct {
	P50  float64 `json:"p50"`
	P99  float64 `json:"p99"`
	P999 float64 `json:"p99_9"`
}

func (h *histogram) quantiles() Quantiles {
	ms := func(share float64) float64 { return float64(h.quantile(share)) / float64(time.Millisecond) }
	return Quantiles{ms(0.5), ms(0.99), ms(0.999)}
}

// String returns the quantiles as p50 / p99 / p99.9.
func (q Quantiles) String() string { return fmt.Sprintf("%.2f / %.2f / %.2f ms", q.P50, q.P99, q.P999) }

// WriteTable prints the report as a table for people.
func (r *Report) WriteTable(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		fmt.Fprintf(w, "%s\t"+format+"\n", append([]any{name}, args...)...)
	}
	row("server", "%s, %d STATEs a second%s", r.Address, r.StateRate,
		textIf(r.Sources, ", each player from its own address"))
	row("joins over TLS", "%d of %d players in %.2f s: %.0f a second%s%s%s",
		r.Join.Players, 2*r.Asked, r.Join.Seconds, r.Join.PerSecond,
		textIf(r.Join.Ramp > 0, fmt.Sprintf(" (spread over %gs)", r.Join.Ramp)),
		countIfAny(r.Join.Retries, "retries because the server was full or busy"),
		failures(r.Join.Failed))
	row("dial to WELCOME", "%v (p50 / p99 / p99.9)", r.Join.Took)
	row("dial to play", "%v, for the second player of a match", r.Join.Start)
	row("measured", "%d matches for %.1f s%s", r.Playing, r.Seconds, textIf(r.Ended != "", ": "+r.Ended))
	if r.Seconds > 0 {
		row("sent", "%s: %s INPUTs%s", r.Out.rate(r.Seconds), count(r.Inputs),
			countIfAny(r.NotSent, "not sent because this program fell behind"))
		row("received", "%s: %s STATEs", r.In.rate(r.Seconds), count(r.States))
		r.writeLosses(row)
		row("round trip", "%v", r.RTT)
		row("between STATEs", "%v", r.Gap)
		cpu := "unknown"
		if r.LoadCPU > 0 {
			cpu = fmt.Sprintf("%.2f s, %.1f %% of a core", r.LoadCPU, 100*r.LoadCPU/r.Seconds)
		}
		row("CPU of this program", "%s", cpu)
	}
	if gone := failures(r.ControlGone); gone != "" {
		row("control connections", "ended%s", gone)
	}
	r.writeServer(row)
	return w.Flush()
}

func (r *Report) writeLosses(row func(name, format string, args ...any)) {
	row("lost on the way up", "%.3f %% of the last datagrams, according to the server's STATEs", 100*r.LostUp)
	row("lost on the way down", "%s (%.3f %%)%s%s%s", count(r.LostDown), percent(r.LostDown, r.LostDown+r.In.Datagrams),
		countIfAny(r.Stale, "late STATEs"), countIfAny(r.Refused, "refused"), countIfAny(r.Failed,
			"refused by the system"))
	row("ticks without input", "%s (%.3f %%)", count(r.Missed),
		percent(r.Missed, int(r.Seconds*float64(time.Second/period))*2*r.Playing))
}

func (r *Report) writeServer(row func(name, format string, args ...any)) {
	if r.ServerError != "" {
		row("server's metrics", "%s", r.ServerError)
	}
	s := r.Server
	if s == nil {
		return
	}
	row("INPUTs accepted", "%s of %s (%.3f %% lost)", count(s.InputsAccepted), count(s.InputsSent),
		percent(s.InputsSent-s.InputsAccepted, s.InputsSent))
	row("server's CPU", "%.2f s, %.1f %% of a core, %.0f us a match-second", s.CPUSeconds, 100*s.CPUSeconds/r.Seconds,
		s.CPUPerMatch)
	row("tick lateness", "%v", s.Lateness)
	row("STATEs skipped", "%s of %s", count(s.StatesSkipped), count(s.StatesSkipped+s.StatesSent))
	row("server's memory", "%.0f MB, %.0f KB a match", s.Memory/1e6, s.MemoryPerMatch/1e3)
	row("garbage collections", "%d, %.2f ms of pauses in all", s.GCs, s.GCPause)
	dropped := map[string]int{}
	for reason, n := range s.DatagramsDropped {
		dropped[reason] = int(n)
	}
	row("dropped by the server", "%s", cmp.Or(strings.TrimPrefix(failures(dropped), "; "), "none"))
}

func (t TrafficReport) rate(seconds float64) string {
	return fmt.Sprintf("%s datagrams, %s a second, %.2f MB/s", count(t.Datagrams),
		count(int(float64(t.Datagrams)/seconds)), float64(t.Bytes)/seconds/1e6)
}

// failures lists counts by reason, each after a semicolon.
func failures(by map[string]int) (list string) {
	for _, reason := range slices.Sorted(maps.Keys(by)) {
		list += fmt.Sprintf("; %s %s", count(by[reason]), reason)
	}
	return list
}

// textIf returns text if a condition holds, else nothing.
func textIf(condition bool, text string) string {
	if !condition {
		return ""
	}
	return text
}

// countIfAny returns a count and its noun after a comma, or nothing if there are none.
func countIfAny(n int, of string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %s %s", count(n), of)
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(max(whole, 1)) }

// count formats a number with spaces between groups of three digits.
func count(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}
