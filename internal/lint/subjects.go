package main

import (
	"fmt"
	"os"
	"strings"
	"unicode/utf8"
)

const (
	maxSubject = 72 // characters of a commit's subject

	// lastUnchecked is the last commit before the limit was introduced. Older subjects stay as they are.
	lastUnchecked = "459fb948283931feb9db2cab61f42449b6bae03d"
)

// checkSubjects finds commits whose subject is too long.
func checkSubjects() ([]string, error) {
	if _, err := git("rev-parse", "--git-dir"); err != nil {
		fmt.Fprintln(os.Stderr, "lint subjects: this is not a git repository, so there are no subjects to check")
		return nil, nil
	}
	commits, err := toCheck(git, lastUnchecked)
	if err != nil {
		return nil, err
	}
	log, err := git("log", "--no-merges", "--format=%h %s", commits)
	if err != nil {
		return nil, err
	}
	return longSubjects(log), nil
}

func git(args ...string) (string, error) { return run("git", args...) }

// toCheck returns the range of commits to check: those after base. A shallow clone that lacks base has only later
// commits, so all of them are checked. If a whole history lacks it, that history is another one, and nobody knows which
// of its commits are new.
func toCheck(git func(args ...string) (string, error), base string) (commits string, err error) {
	if _, err := git("merge-base", "--is-ancestor", base, "HEAD"); err == nil {
		return base + "..HEAD", nil
	}
	shallow, err := git("rev-parse", "--is-shallow-repository")
	if err != nil {
		return "", err
	}
	if strings.TrimSpace(shallow) == "true" {
		return "HEAD", nil
	}
	return "", fmt.Errorf("commit %s is not in this history; set lastUnchecked in internal/lint to the newest commit "+
		"whose subject need not be checked", base)
}

// longSubjects returns the lines of log, each a hash and a subject, whose subject is too long.
func longSubjects(log string) (found []string) {
	for _, line := range strings.Split(strings.TrimSuffix(log, "\n"), "\n") {
		_, subject, _ := strings.Cut(line, " ")
		if n := utf8.RuneCountInString(subject); n > maxSubject {
			found = append(found, fmt.Sprintf("commit %s: %d characters, want at most %d", line, n, maxSubject))
		}
	}
	return found
}
