package wire

import (
	"strings"
	"testing"
)

func TestCheckRoom(t *testing.T) {
	for _, good := range []string{"maple-42", "a", "0", "-", strings.Repeat("x", MaxRoom)} {
		if err := CheckRoom(good); err != nil {
			t.Errorf("%q is refused: %v", good, err)
		}
	}
	for _, bad := range []string{"", "Maple-42", "maple 42", "maple_42", "é", "a\n", "\x00", "\xff",
		strings.Repeat("x", MaxRoom+1)} {
		if CheckRoom(bad) == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
	if got := CleanRoom(" Maple-42 \n"); got != "maple-42" || CheckRoom(got) != nil {
		t.Errorf("typed with capitals and spaces it becomes %q", got)
	}
}
