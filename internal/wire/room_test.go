package wire

import (
	"strings"
	"testing"
)

func TestCheckRoom(t *testing.T) {
	for _, good := range []string{"maple-42", "a", "0", "a-b-c", strings.Repeat("x", MaxRoom)} {
		if err := CheckRoom(good); err != nil {
			t.Errorf("%q is refused: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "-", "-a", "a-", "a--b", "Maple-42", "maple 42", "maple_42", "é", "a\n", "\x00", "\xff",
		strings.Repeat("x", MaxRoom+1),
	} {
		if CheckRoom(bad) == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestCleanRoom(t *testing.T) {
	for _, typed := range []string{
		"maple-42", "Maple 42!", " MAPLE_42\n", "maple - 42", "--maple--42--", "maple.42", "maple\u201342",
		"\xffmaple\x0042",
	} {
		if got := CleanRoom(typed); got != "maple-42" {
			t.Errorf("%q becomes %q, want maple-42", typed, got)
		}
	}
	for _, typed := range []string{"", " ", "!?", "\xff", "漢字"} {
		if got := CleanRoom(typed); got != "" {
			t.Errorf("%q becomes %q, want nothing", typed, got)
		}
	}
}

func FuzzCleanRoom(f *testing.F) {
	for _, typed := range []string{"Maple 42!", "--a--", "\xff", "K\u212a", strings.Repeat("x y", 40)} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		code := CleanRoom(typed)
		if again := CleanRoom(code); again != code {
			t.Errorf("%q becomes %q, and that becomes %q", typed, code, again)
		}
		if code != "" && len(code) <= MaxRoom && CheckRoom(code) != nil {
			t.Errorf("%q becomes %q, which is refused: %v", typed, code, CheckRoom(code))
		}
	})
}
