//go:build unix

package trust

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestCommand_IsReadBySh needs Unix, which has sh. It has sh print the words of commands, one a line.
func TestCommand_IsReadBySh(t *testing.T) {
	for _, word := range []string{
		"pong://[fd00::1]:5555/#k=qXB-_x", "[fe80::1%eth0.100]:5555", "*", "a b", "~root", "x;y&z|(w)<v>", `"quoted"`,
		"it's", "$HOME", "`id`", "bang!", "", "zoë", "#hash",
	} {
		line := `words() { printf '%s\n' "$@"; }; ` + Command("words", "first", word, "last")
		out, err := exec.Command("sh", "-c", line).Output()
		if err != nil {
			t.Fatalf("sh -c %q: %v", line, err)
		}
		want := []string{"first", word, "last", ""}
		if got := strings.Split(string(out), "\n"); !slices.Equal(got, want) {
			t.Errorf("sh reads %s as %q, want %q", Command(word), got, want)
		}
	}
}
