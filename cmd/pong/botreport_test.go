package main

import (
	"bytes"
	"strings"
	"testing"

	"pong/internal/client"
)

// reported returns what a report prints about a match that the right player wins.
func reported(make func(*bytes.Buffer) report) string {
	var out bytes.Buffer
	write := make(&out)
	v := client.Frame{
		Me: 1, Match: "m1", Names: [2]string{"ann", "bob"}, Stage: client.StagePlaying, Tick: 60, Winner: -1,
		Figures: client.Figures{Latency: 100.12345, Jitter: 1.5, LossUp: 0.01, LossDown: 0.05, Lead: 7, Corrections: 2},
	}
	write(v, false)
	write(v, false)
	v.Stage, v.Score, v.Winner, v.Tick = client.StageOver, [2]int{0, 1}, 1, 120
	write(v, true)
	return out.String()
}

func TestReport_Formats(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(*bytes.Buffer) report
		want string
	}{
		{"json", func(b *bytes.Buffer) report { return jsonReport(b) },
			`{"tick":60,"score":[0,0],"latency_ms":100.123,"jitter_ms":1.5,"loss":0.05,"lead_ticks":7,"corrections":2}
{"tick":60,"score":[0,0],"latency_ms":100.123,"jitter_ms":1.5,"loss":0.05,"lead_ticks":7,"corrections":2}
{"result":"won","match":"m1","player":2,"tick":120,"score":[0,1],"latency_ms":100.123,"jitter_ms":1.5,"loss":0.05,` +
				`"lead_ticks":7,"corrections":2}` + "\n"},
		{"text", func(b *bytes.Buffer) report { return textReport(b) }, "playing 0:0\nwon 0:1\n"},
		{"score", func(b *bytes.Buffer) report { return scoreReport(b) }, "score 0:1\nbob wins 0:1\n"},
	} {
		if got := reported(test.make); got != test.want {
			t.Errorf("%s report: got\n%swant\n%s", test.name, got, test.want)
		}
	}
}

func TestReport_JSONNamesDrops(t *testing.T) {
	var out bytes.Buffer
	v := client.Frame{Winner: -1}
	v.Dropped[client.DropDatagram], v.Dropped[client.DropCommand] = 7, 2
	jsonReport(&out)(v, false)
	if want := `"dropped":{"command":2,"datagram":7}`; !strings.Contains(out.String(), want) {
		t.Errorf("got %swant it to contain %s", out.String(), want)
	}
}
