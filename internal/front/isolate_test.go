package front

import (
	"strings"
	"testing"

	"pong/internal/client"
	"pong/internal/names"
)

func TestIsolated_OnlyNamesFromRightToLeft(t *testing.T) {
	for name, want := range map[string]string{
		"Ann":     "Ann",
		"田中":      "田中",
		"Ann ❤️":  "Ann ❤️",
		"علی 7":   "\u2068علی 7\u2069",
		"דוד":     "\u2068דוד\u2069",
		"Ann דוד": "\u2068Ann דוד\u2069",
		"𞤀𞤣𞤤":     "\u2068𞤀𞤣𞤤\u2069",
	} {
		if got := isolated(name); got != want {
			t.Errorf("%q: got %+q, want %+q", name, got, want)
		}
	}
}

// TestIsolated_EverySentenceWithAName looks for letters from right to left outside of isolates.
func TestIsolated_EverySentenceWithAName(t *testing.T) {
	const name = "علی 7"
	count := 0
	check := func(about, sentence string) {
		t.Helper()
		count += strings.Count(sentence, name)
		rest := strings.ReplaceAll(sentence, "\u2068"+name+"\u2069", "")
		if names.RightToLeft(rest) {
			t.Errorf("%s: the name in %+q is not isolated", about, sentence)
		}
	}
	for stage := client.StageWaiting; stage <= client.StageClosed; stage++ {
		for reason := range everyReason {
			for player := range 2 {
				f := client.Frame{Stage: stage, Reason: reason, Player: player, Winner: player, Forfeit: true,
					Scorer: player, Names: [2]string{name, name}, Watching: player == 0,
					Presence: [2]client.Presence{client.Online, client.Online}}
				check("Notice for "+reason.String(), Notice(&f))
				check("Scored", Scored(&f))
				check("Result", Result(&f))
				label, _ := Label(&f, player)
				check("Label", label)
				card := Card{Kind: kindOf(stage)}
				(&Flow{frame: f}).matchCard(&card)
				check("title", card.Title)
				for _, l := range card.Lines {
					check("line", l.Text)
				}
			}
		}
	}
	if count < 100 {
		t.Errorf("only %d names were in all sentences", count)
	}
}

func everyReason(yield func(client.Reason) bool) {
	for r := client.ReasonNone; r.String() != "unknown" && yield(r); r++ {
	}
}
