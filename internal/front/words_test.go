package front

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/wire"
)

func TestNotice_EveryReasonHasWords(t *testing.T) {
	known := 0
	for r := client.ReasonNone + 1; r.String() != "unknown"; r++ {
		known++
		for stage := client.StageWaiting; stage <= client.StageClosed; stage++ {
			for _, watching := range []bool{false, true} {
				f := client.Frame{
					Stage: stage, Reason: r, Watching: watching, Player: 1, Seconds: 7,
					Server: client.Addresses{Control: "192.0.2.1:5555", Game: "192.0.2.1:5556"},
				}
				if s := Notice(&f); !isSentence(s) {
					t.Errorf("at stage %v, watching %v, the reason %v has the words %q, want a sentence",
						stage, watching, r, s)
				}
			}
		}
	}
	if known < 15 {
		t.Errorf("%d reasons were tried, want all of them", known)
	}
}

// isSentence reports whether a text begins with a capital letter and ends with a full stop, without a gap.
func isSentence(s string) bool {
	return s != "" && s[0] >= 'A' && s[0] <= 'Z' && strings.HasSuffix(s, ".") && !strings.Contains(s, "  ")
}

func TestNotice_NamesWhatItIsAbout(t *testing.T) {
	for _, c := range []struct {
		frame client.Frame
		want  string
	}{
		{client.Frame{Stage: client.StagePlaying}, ""},
		{client.Frame{Stage: client.StageWaiting, Reason: client.ReasonNoOpponent, Room: "maple-42"}, "maple-42"},
		{client.Frame{Stage: client.StagePaused, Reason: client.ReasonPlayerSilent, Player: 1, Seconds: 54,
			Names: [2]string{"me", "Anna"}},
			"The connection to Anna is interrupted. The match is paused, and the seat is kept for another 54 s."},
		{client.Frame{Stage: client.StageWaiting, Reason: client.ReasonPlayerSilent, Player: 1, Seconds: 54,
			Names: [2]string{"me", "Anna"}},
			"The connection to Anna is interrupted. The seat is kept for another 54 s."},
		{client.Frame{Stage: client.StageWaiting, Reason: client.ReasonPlayerUnreached, Player: 1,
			Names: [2]string{"me", "Anna"}}, "Anna has joined. Waiting for the game connection (UDP) to Anna."},
		{client.Frame{Stage: client.StageReady, Reason: client.ReasonConnecting},
			"Waiting for the game connection (UDP) to the server."},
		{client.Frame{Stage: client.StageReady, Reason: client.ReasonNotStarted, Seconds: 1},
			"Both players are here. The match begins in a moment."},
		{client.Frame{Stage: client.StageReady, Reason: client.ReasonNotStarted, Seconds: 2},
			"Both players are here. The server's operator starts the match."},
		{client.Frame{Stage: client.StageWaiting, Reason: client.ReasonPlayerLeft, Watching: true},
			"The left player has left."},
		{client.Frame{Stage: client.StageOver, Reason: client.ReasonRematchOffered, Player: 1,
			Names: [2]string{"", "the king"}}, "the king wants a rematch."},
		{client.Frame{Stage: client.StageOver, Forfeit: true, Winner: 0},
			"The other player is no longer in the match."},
		{client.Frame{Stage: client.StageOver, Forfeit: true, Winner: -1}, ""},
		{client.Frame{Stage: client.StageLost, Reason: client.ReasonNoAnswer, Seconds: 6},
			"for 6 s. Waiting for it to answer."},
		{client.Frame{Stage: client.StageLost, Reason: client.ReasonNoAnswer, Attempt: 3}, "Reconnecting (attempt 3)."},
		{client.Frame{Stage: client.StageLost, Reason: client.ReasonUDPBlocked, Attempt: 2,
			Server: client.Addresses{Control: "[::1]:7000", Game: "[::1]:7001"}},
			"The server answers on TCP [::1]:7000, but nothing comes back from UDP [::1]:7001. Usually a firewall or " +
				"router on the way blocks UDP: let UDP port 7001 through, or try another network. " +
				"Reconnecting (attempt 2)."},
		{client.Frame{Stage: client.StageClosed, Reason: client.ReasonUDPRefused,
			Server: client.Addresses{Control: "192.0.2.1:7000", Game: "192.0.2.1:7001"}},
			"The server answers on TCP 192.0.2.1:7000, but UDP 192.0.2.1:7001 is closed (connection refused). " +
				"Usually a relay or a port forwarding passes on another port: " +
				"forward UDP port 7001 to the server, too."},
		{client.Frame{Stage: client.StagePlaying, Closing: true},
			"shutting down or restarting. This point will be finished."},
		{client.Frame{Stage: client.StageCountdown, NewMatch: true}, "The previous match is gone"},
		{client.Frame{Stage: client.StageCountdown, Game: 1, PauseLeft: [2]int{60, 60}}, ""},
		{client.Frame{Stage: client.StageCountdown, PauseLeft: [2]int{0, 0}}, ""},
		{client.Frame{Stage: client.StageCountdown, Game: 1, PauseLeft: [2]int{60, 40}, PaddlesRest: true,
			Names: [2]string{"me", "Anna"}},
			"Pauses left, at most: you 60 s, Anna 40 s. The paddles rest until the ball flies on."},
		{client.Frame{Stage: client.StageCountdown, Game: 1, PauseLeft: [2]int{60, 0}, Names: [2]string{"me", "Anna"}},
			"Pauses left, at most: you 60 s, Anna none. Anna loses the seat with the next pause."},
		{client.Frame{Stage: client.StageCountdown, Game: 1, PauseLeft: [2]int{0, 60}},
			"Pauses left, at most: you none, the other player 60 s. You lose the seat with the next pause."},
		{client.Frame{Stage: client.StageCountdown, Game: 1, PauseLeft: [2]int{10, 60}, Watching: true,
			PaddlesRest: true, Names: [2]string{"Ann", "Ben"}}, "Pauses left, at most: Ann 10 s, Ben 60 s."},
		{client.Frame{Stage: client.StageWaiting, NewMatch: true, Reason: client.ReasonNoOpponent},
			"away. No one else is here yet."},
		{client.Frame{Stage: client.StageReady, Rotation: &client.Rotation{Address: "pong.example:5555"}},
			"The server pong.example:5555 has changed its identity"},
		{client.Frame{Stage: client.StageClosed, Reason: client.ReasonRedialFailed,
			Err: errors.New("It is another server.")},
			"It is another server."},
	} {
		if got := Notice(&c.frame); !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("a frame at %v (%v) has the notice %q, want %q", c.frame.Stage, c.frame.Reason, got, c.want)
		}
	}
}

func TestRefusal_EveryCodeHasWords(t *testing.T) {
	codes := codesOf(t, "../wire/control.go")
	for _, code := range codes {
		if _, ok := refusals[code]; !ok {
			t.Errorf("the code %q of package wire has no words", code)
		}
		if s := Refusal(code, ""); !isSentence(s) {
			t.Errorf("the code %q has the words %q, want a sentence", code, s)
		}
	}
	if len(codes) != len(refusals) {
		t.Errorf("%d codes have words, and package wire has %d: %q", len(refusals), len(codes), codes)
	}
}

// codesOf returns the values of the constants in a file of package wire that are codes of ERROR.
func codesOf(t *testing.T, path string) (codes []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 || !strings.HasPrefix(v.Names[0].Name, "Code") {
			return true
		}
		if lit, ok := v.Values[0].(*ast.BasicLit); ok {
			code, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, code)
		}
		return true
	})
	if len(codes) == 0 {
		t.Fatalf("%s has no codes", path)
	}
	return codes
}

func TestRefusal_QuotesTheServerWhereItSaysMore(t *testing.T) {
	for code, want := range map[string]bool{
		wire.CodeSeat: true, wire.CodeFull: true, wire.CodeMatch: false, "a new code": true,
	} {
		if got := strings.Contains(Refusal(code, "as I say"), `"as I say"`); got != want {
			t.Errorf("the words for %q are %q; the server is quoted: %v, want %v",
				code, Refusal(code, "as I say"), got, want)
		}
	}
}

// TestRefusal_OfTheOperator says who has done it, and whether the person can join again.
func TestRefusal_OfTheOperator(t *testing.T) {
	for code, want := range map[string]string{
		wire.CodeKicked: "The operator of this server has removed you. You can join again.",
		wire.CodeDenied: "The operator of this server does not admit your address.",
	} {
		f := client.Frame{Stage: client.StageClosed, Reason: client.ReasonRefused, Code: code, Message: "no"}
		if got := Notice(&f); got != want {
			t.Errorf("a session that ended with the code %s shows %q, want %q", code, got, want)
		}
		f = client.Frame{Stage: client.StageClosed, Reason: client.ReasonRedialFailed,
			Err: &dial.RefusedError{Code: code, Message: "no"}}
		if got := Notice(&f); got != want {
			t.Errorf("a redial that ended with the code %s shows %q, want %q", code, got, want)
		}
	}
}

func TestFailure_KnowsTheCodeOfARefusal(t *testing.T) {
	full := &dial.RefusedError{Code: wire.CodeFull, Message: "no"}
	if got, want := Failure(full), Refusal(wire.CodeFull, "no"); got != want {
		t.Errorf("a refusal reads %q, want %q", got, want)
	}
	if got := Failure(errors.New("no route")); got != "No route" {
		t.Errorf("another error reads %q, want its text with a capital letter", got)
	}
}

func TestRotationNotice_TellsWhereToLook(t *testing.T) {
	s := RotationNotice(client.Rotation{Address: "h:1"})
	if !strings.Contains(s, "h:1") || !strings.Contains(s, "pong trust list") {
		t.Errorf("a rotation reads %q, want the address and pong trust list", s)
	}
	if s := RotationNotice(client.Rotation{Err: errors.New("disk full")}); !strings.Contains(s, "disk full") {
		t.Errorf("a rotation that was not stored reads %q, want the error", s)
	}
}

func TestLabel_HiddenWindow(t *testing.T) {
	f := client.Frame{Names: [2]string{"Ann", "Ben"}, Presence: [2]client.Presence{client.Hidden, client.Hidden}}
	for player, want := range []string{"you", "window hidden"} {
		if _, note := Label(&f, player); note != want {
			t.Errorf("the note about player %d is %q, want %q", player+1, note, want)
		}
	}
}

func TestFairnessNotice_EachKindHasASentence(t *testing.T) {
	seen := make(map[string]wire.Fairness)
	for _, f := range []wire.Fairness{wire.FairnessShare, wire.FairnessOff, wire.FairnessEqual} {
		s := FairnessNotice(f)
		if other, ok := seen[s]; ok || !isSentence(s) {
			t.Errorf("the sentence about the fairness %s is %q, that of %q; want one of its own", f, s, other)
		}
		seen[s] = f
	}
	if s := FairnessNotice("half"); s != "" {
		t.Errorf("the sentence about an unknown fairness is %q, want none", s)
	}
}

// A person who waits for another player reads what the server does if they are not equally far away.
func TestWaitingCard_HasTheFairness(t *testing.T) {
	for _, room := range []string{"", "maple-42"} {
		f := Flow{frame: client.Frame{Room: room, Fairness: wire.FairnessEqual}}
		var c Card
		f.waitingCard(&c)
		found := false
		for _, text := range c.Lines {
			found = found || text.Text == FairnessNotice(wire.FairnessEqual)
		}
		if !found {
			t.Errorf("in the room %q the card says %+v, want the sentence about the fairness", room, c.Lines)
		}
	}
}
