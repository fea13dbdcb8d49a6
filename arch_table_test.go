package pong

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
)

// A rule is a row of the table of packages in docs/architecture.md.
type rule struct {
	imports   []string // the packages of this module that it imports, relative to the module
	anyImport bool     // it may import every package of this module
	forbidden []string // other import paths it must not use; "x/..." stands for x and all below it
	shells    []string // its files that may use clocks and goroutines
	allShells bool     // every file may
}

// forbids reports whether a package with this rule must not import path.
func (r rule) forbids(path string) bool {
	return slices.ContainsFunc(r.forbidden, func(pattern string) bool {
		below, all := strings.CutSuffix(pattern, "/...")
		return path == below || all && strings.HasPrefix(path, below+"/")
	})
}

// tableHead is the head of the table of packages. The second column is for readers only.
const tableHead = "| package | what it is | imports (of ours) | must not import | shells |"

// parseTable returns the rules of the table of packages in doc, by the names of the packages.
func parseTable(doc string) (map[string]rule, error) {
	_, after, ok := strings.Cut(doc, "\n"+tableHead+"\n")
	if !ok {
		return nil, fmt.Errorf("no table with the head %q", tableHead)
	}
	var rows [][]string
	for i, line := range strings.Split(after, "\n") {
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		if strings.HasSuffix(line, "| |") {
			return nil, fmt.Errorf("row %q: an empty cell; write nothing or none", line)
		}
		if i == 0 {
			continue // the line of dashes
		}
		if len(cells) != 5 {
			return nil, fmt.Errorf("row %q: %d cells, want 5", line, len(cells))
		}
		rows = append(rows, cells)
	}
	names := map[string]string{} // by the last element of the path
	for _, row := range rows {
		name, err := quoted(row[0])
		if err != nil {
			return nil, err
		}
		if other := names[path.Base(name)]; other != "" {
			return nil, fmt.Errorf("%s and %s have the same last element", other, name)
		}
		names[path.Base(name)] = name
	}
	rules := map[string]rule{}
	for _, row := range rows {
		name, _ := quoted(row[0])
		r, err := parseRow(row, names)
		if err != nil {
			return nil, fmt.Errorf("package %s: %w", name, err)
		}
		rules[name] = r
	}
	if len(rules) == 0 {
		return nil, errors.New("the table of packages has no rows")
	}
	return rules, nil
}

// parseRow reads the last three cells of a row. names has the packages by the last elements of their paths.
func parseRow(row []string, names map[string]string) (r rule, err error) {
	switch row[2] {
	case "nothing":
	case "everything":
		r.anyImport = true
	default:
		for _, short := range strings.Split(row[2], ", ") {
			if names[short] == "" {
				return r, fmt.Errorf("imports %q, which is not a package of the table", short)
			}
			r.imports = append(r.imports, names[short])
		}
	}
	if row[3] != "-" {
		if r.forbidden, err = quotedList(row[3]); err != nil {
			return r, err
		}
	}
	switch row[4] {
	case "none":
	case "all":
		r.allShells = true
	default:
		r.shells, err = quotedList(row[4])
	}
	return r, err
}

// quotedList splits a cell such as "`a`, `b`".
func quotedList(cell string) ([]string, error) {
	var list []string
	for _, item := range strings.Split(cell, ", ") {
		name, err := quoted(item)
		if err != nil {
			return nil, err
		}
		list = append(list, name)
	}
	return list, nil
}

// quoted returns what stands between two backquotes.
func quoted(s string) (string, error) {
	if len(s) < 3 || s[0] != '`' || s[len(s)-1] != '`' || strings.Count(s, "`") != 2 {
		return "", fmt.Errorf("%q is not one name in backquotes", s)
	}
	return s[1 : len(s)-1], nil
}

func TestParseTable_ReadsRows(t *testing.T) {
	doc := "# Title\n\n" + tableHead + "\n|---|---|---|---|---|\n" +
		"| `a/game` | the rules | nothing | `log/...`, `os` | none |\n" +
		"| `lib` | the library | game | - | `run.go`, `dial.go` |\n" +
		"| `cmd/it` | the program | everything | - | all |\n\nText.\n"
	rules, err := parseTable(doc)
	if err != nil {
		t.Fatal(err)
	}
	game, lib, cmd := rules["a/game"], rules["lib"], rules["cmd/it"]
	forbidden := map[string]bool{"log": true, "log/slog": true, "logs": false, "os": true, "os/exec": false}
	for path, want := range forbidden {
		if got := game.forbids(path); got != want {
			t.Errorf("a/game forbids %s: %v, want %v", path, got, want)
		}
	}
	if len(game.imports) != 0 || game.anyImport || game.allShells || len(game.shells) != 0 {
		t.Errorf("a/game: %+v, want no imports and no shells", game)
	}
	if !slices.Equal(lib.imports, []string{"a/game"}) || !slices.Equal(lib.shells, []string{"run.go", "dial.go"}) {
		t.Errorf("lib: %+v, want the import a/game and the shells run.go and dial.go", lib)
	}
	if !cmd.anyImport || !cmd.allShells {
		t.Errorf("cmd/it: %+v, want all imports and all shells", cmd)
	}
}

func TestParseTable_RefusesWhatItDoesNotUnderstand(t *testing.T) {
	for name, row := range map[string]string{
		"a cell too few":               "| `b` | text | nothing | none |",
		"an empty cell":                "| `b` | text | nothing | - | |",
		"a package without backquotes": "| b | text | nothing | - | none |",
		"an import that is no row":     "| `b` | text | c | - | none |",
		"prose for an import":          "| `b` | text | all but a | - | none |",
		"prose for a path":             "| `b` | text | nothing | the clock | none |",
		"a shell without backquotes":   "| `b` | text | nothing | - | run.go |",
		"a last element twice":         "| `x/a` | text | nothing | - | none |",
	} {
		doc := "\n" + tableHead + "\n|---|---|---|---|---|\n| `a` | text | nothing | - | none |\n" + row + "\n"
		if rules, err := parseTable(doc); err == nil {
			t.Errorf("%s: %q is accepted: %+v", name, row, rules)
		}
	}
	if _, err := parseTable("no table"); err == nil {
		t.Error("a document without the table is accepted")
	}
}
