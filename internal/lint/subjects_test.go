package main

import (
	"errors"
	"strings"
	"testing"
)

// fakeGit answers the two questions that toCheck asks about a history.
func fakeGit(hasBase, shallow bool) func(args ...string) (string, error) {
	return func(args ...string) (string, error) {
		switch args[0] {
		case "merge-base":
			if !hasBase {
				return "", errors.New("exit status 128")
			}
			return "", nil
		case "rev-parse":
			if shallow {
				return "true\n", nil
			}
			return "false\n", nil
		}
		return "", errors.New("unexpected: git " + strings.Join(args, " "))
	}
}

func TestSubjects_ChecksCommitsAfterTheBase(t *testing.T) {
	for _, c := range []struct {
		name             string
		hasBase, shallow bool
		want             string
		fails            bool
	}{
		{"a whole history", true, false, "base..HEAD", false},
		{"a shallow clone that reaches back to the base", true, true, "base..HEAD", false},
		{"a shallow clone of newer commits only", false, true, "HEAD", false},
		{"another history", false, false, "", true},
	} {
		got, err := toCheck(fakeGit(c.hasBase, c.shallow), "base")
		if got != c.want || (err != nil) != c.fails {
			t.Errorf("%s: commits %q, %v; want %q, failing %v", c.name, got, err, c.want, c.fails)
		}
	}
}

func TestSubjects_AreAtMost72Characters(t *testing.T) {
	fits, long := strings.Repeat("ü", maxSubject), strings.Repeat("a", maxSubject+1)
	found := longSubjects("abc1234 " + fits + "\nabc1235 " + long + "\nabc1236 wire: short\n")
	if len(found) != 1 || !strings.Contains(found[0], "abc1235") {
		t.Errorf("found %q, want only abc1235", found)
	}
	if found := longSubjects(""); len(found) != 0 {
		t.Errorf("found %q in an empty log", found)
	}
}
