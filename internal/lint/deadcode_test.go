package main

import (
	"strings"
	"testing"
)

func TestDeadCode_ReportsWhatHasNoException(t *testing.T) {
	report := `[
		{"Path": "a.example/pong/netcode", "Funcs": [{"Name": "Loss.Share", "Position": {"File": "a.go", "Line": 7}}]},
		{"Path": "a.example/pong/netcode/netsim", "Funcs": [{"Name": "Pipe", "Position": {"File": "b.go", "Line": 8}}]},
		{"Path": "a.example/pong/internal/game", "Funcs": [{"Name": "pair", "Position": {"File": "c.go", "Line": 9}}]}
	]`
	found, err := unexpected(report, "a.example/pong", []exception{
		{pattern: "netcode.*"}, {pattern: "netcode/*.*"}, {pattern: "internal/udp.*"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 2 || !strings.Contains(found[0], "c.go:9: nothing calls internal/game.pair") ||
		!strings.Contains(found[1], `"internal/udp.*" is unnecessary`) {
		t.Errorf("found %q, want pair of internal/game, and that the exception for internal/udp is unnecessary", found)
	}
}

func TestDeadCode_FailsOnWhatItCannotRead(t *testing.T) {
	if _, err := unexpected("deadcode: no packages", "pong", nil); err == nil {
		t.Error("a report that is not JSON is accepted")
	}
	report := `[{"Path": "pong/a", "Funcs": [{"Name": "f"}]}]`
	if _, err := unexpected(report, "pong", []exception{{pattern: "["}}); err == nil {
		t.Error("a pattern that is wrong is accepted")
	}
}
