package main

import (
	"slices"
	"testing"
)

func TestProse_FindsSentencesThatBeginWithAClause(t *testing.T) {
	for text, want := range map[string]int{
		"Who joins is awaited.":                          1,
		"A match ends. What is left is freed.":           1,
		"Its rule: Whoever is silent pauses the match.":  1,
		"What is a tick? It is a sixtieth of a second.":  0,
		"A client that joins is served. It says who won": 0,
		"That is why it is bounded. That rule is new.":   0,
		"That a match ends is no error.":                 1,
		"Whole matches fit. Whatsoever.":                 0,
	} {
		if got := bareClauses(text); len(got) != want {
			t.Errorf("%q: found %q, want %d", text, got, want)
		}
	}
}

func TestProse_ReadsCommentsAndDocuments(t *testing.T) {
	source := "// Package a is\n// short.\npackage a\n\nfunc f() {\n\t// One.\n\t//\n\t// Two,\n\t// three.\n}\n"
	want := []paragraph{{1, "Package a is short."}, {6, "One."}, {8, "Two, three."}}
	if got := commentParagraphs(source); !slices.Equal(got, want) {
		t.Errorf("comments %+v, want %+v", got, want)
	}
	document := "# Title\n\nOne\ntwo.\n- Three\n  four.\n\n```\ncode\n```\n| table |\nFive.\n"
	want = []paragraph{{3, "One two."}, {5, "Three four."}, {12, "Five."}}
	if got := markdownParagraphs(document); !slices.Equal(got, want) {
		t.Errorf("paragraphs %+v, want %+v", got, want)
	}
}
