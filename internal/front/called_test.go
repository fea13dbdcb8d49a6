package front

import (
	"strings"
	"testing"

	"pong/internal/client"
)

func TestCalled_TellsPlayersApart(t *testing.T) {
	for _, c := range []struct{ left, right, want, score string }{
		{"Ann", "Ben", "Ann wins", "Ann 3 : 7 Ben"},
		{"Ann", "Ann", "Ann (left) wins", "Ann 3 : 7 Ann"},
		{"ann", "анн", "ann (left) wins", "ann 3 : 7 анн"},
		{"аnn", "Ben", "аnn (mixed letters) wins", "аnn (mixed letters) 3 : 7 Ben"},
		{"ann", "аnn", "ann (left) wins", "ann 3 : 7 аnn (mixed letters)"},
		{"علی", "Ben", "علی wins", "علی (left) 3 : 7 Ben (right)"}, // the side keeps the digits in order
		{"", "Ann", "Player 1 wins", "Player 1 3 : 7 Ann"},
	} {
		v := client.Frame{Names: [2]string{c.left, c.right}, Score: [2]int{3, 7}, Watching: true}
		if got := WithoutIsolates(NameOf(&v, 0)) + " wins"; got != c.want {
			t.Errorf("%q and %q: %q, want %q", c.left, c.right, got, c.want)
		}
		if got := WithoutIsolates(Result(&v)); got != c.score {
			t.Errorf("%q and %q: %q, want %q", c.left, c.right, got, c.score)
		}
	}
	v := client.Frame{Names: [2]string{"Ann", "Ann"}, Player: 1, Reason: client.ReasonPlayerSilent, Seconds: 9}
	if got := Notice(&v); !strings.Contains(got, "Ann (right)") {
		t.Errorf("of two players called Ann the right one is silent, and the sentence is %q", got)
	}
}

func TestLabel_NotesMixedLetters(t *testing.T) {
	v := client.Frame{
		Names: [2]string{"аnn", "Bоb"}, Presence: [2]client.Presence{client.Online, client.Silent},
	}
	for player, want := range [2]string{"you, mixed letters", "not responding, mixed letters"} {
		if _, note := Label(&v, player); note != want {
			t.Errorf("the note of player %d is %q, want %q", player+1, note, want)
		}
	}
	v.Presence[1], v.Names[0] = client.Online, "Ann"
	if _, note := Label(&v, 1); note != "mixed letters" {
		t.Errorf("the note is %q, want mixed letters", note)
	}
}
