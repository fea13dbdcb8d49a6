package pong

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// renames is the one document that names things which no longer exist.
const renames = "docs/decisions/0012-one-word-for-one-thing.md"

// documents returns the Markdown files of the module by their paths.
func documents(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	eachFile(t, ".md", func(name, text string) { found[name] = text })
	if len(found) < 20 {
		t.Fatalf("only %d Markdown files", len(found))
	}
	return found
}

// eachFile calls f with the files of the module that have the given suffix, test data aside.
func eachFile(t *testing.T, suffix string, f func(name, text string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "testdata") {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(file, suffix) {
			return nil
		}
		text, err := os.ReadFile(file)
		f(filepath.ToSlash(file), string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestDocuments_LinksLeadSomewhere follows the links from documents to files of the module and to their headings.
func TestDocuments_LinksLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	docs := documents(t)
	for name, text := range docs {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			file, heading, _ := strings.Cut(m[1], "#")
			target := name
			if file != "" {
				target = path.Join(path.Dir(name), file)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: the link to %s: %v", name, m[1], err)
			} else if heading != "" && !slices.Contains(anchors(docs[target]), heading) {
				t.Errorf("%s: the link to %s: no heading of %s has this anchor", name, m[1], target)
			}
		}
	}
}

// anchors returns the anchors of the headings of a document, as GitHub makes them.
func anchors(text string) (all []string) {
	dropped := regexp.MustCompile(`[^\w\- ]`)
	for _, line := range strings.Split(text, "\n") {
		if heading := strings.TrimLeft(line, "#"); heading != line {
			plain := dropped.ReplaceAllString(strings.ToLower(strings.TrimSpace(heading)), "")
			all = append(all, strings.ReplaceAll(plain, " ", "-"))
		}
	}
	return all
}

// TestDocuments_NamedFilesExist looks for the files and directories that documents name without a link.
func TestDocuments_NamedFilesExist(t *testing.T) {
	file := regexp.MustCompile(`(?:^|[\s("\x60])((?:internal|netcode|cmd|bench|deploy|docs|examples|packaging|tools|\.ci)/[\w./-]*\w)`)
	for name, text := range documents(t) {
		if name == renames {
			continue
		}
		for _, m := range file.FindAllStringSubmatch(text, -1) {
			// A decision may be named by its number alone.
			if found, err := filepath.Glob(m[1] + "*"); err != nil || len(found) == 0 {
				t.Errorf("%s names %s, which does not exist", name, m[1])
			}
		}
	}
}

// TestArchitecture_WalksNameFilesThatExist looks for the files in the rows of the walks in docs/architecture.md, in the
// directory that is named above each table.
func TestArchitecture_WalksNameFilesThatExist(t *testing.T) {
	directory := regexp.MustCompile("\\b[Ii]n `(internal/\\w+)`")
	file := regexp.MustCompile("`(\\w+\\.go)`")
	dir, rows := "", 0
	for line := range strings.Lines(documents(t)["docs/architecture.md"]) {
		if m := directory.FindStringSubmatch(line); m != nil {
			dir = m[1]
		}
		if !regexp.MustCompile(`^\| \d+ \|`).MatchString(line) {
			continue
		}
		rows++
		for _, m := range file.FindAllStringSubmatch(strings.Split(line, " | ")[1], -1) {
			if _, err := os.Stat(path.Join(dir, m[1])); err != nil {
				t.Errorf("docs/architecture.md: a walk names %s in %s: %v", m[1], dir, err)
			}
		}
	}
	if rows < 15 {
		t.Errorf("docs/architecture.md has only %d steps in its walks", rows)
	}
}

// TestDocuments_MakeTargetsExist compares the targets that documents name, in backquotes or in a code block, with those
// of the Makefile.
func TestDocuments_MakeTargetsExist(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("(?m)`(?:[A-Z]+=\\S+ )?make ([a-z][a-z0-9 -]*)")
	inBlock := regexp.MustCompile(`^(?:[A-Z]+=\S+ )?make ([a-z][a-z0-9 -]*)`)
	for name, text := range documents(t) {
		found := named.FindAllStringSubmatch(text, -1)
		for _, line := range codeLines(text) {
			found = append(found, inBlock.FindAllStringSubmatch(line, -1)...)
		}
		for _, m := range found {
			for _, target := range strings.Fields(m[1]) {
				if !regexp.MustCompile(`(?m)^(?:[a-z0-9-]+ )*` + target + `(?: [a-z0-9-]+)*:`).Match(makefile) {
					t.Errorf("%s names make %s, which the Makefile does not have", name, target)
				}
			}
		}
	}
}

// codeLines returns the lines of the code blocks of a document.
func codeLines(text string) (lines []string) {
	code := false
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "```") {
			code = !code
		} else if code {
			lines = append(lines, line)
		}
	}
	return lines
}

// TestDocuments_NamedTestsExist compares the tests, fuzz targets and benchmarks that documents name, and those that the
// Makefile and the scripts run, with those of the tree.
func TestDocuments_NamedTestsExist(t *testing.T) {
	var functions []string
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	eachFile(t, "_test.go", func(_, text string) {
		for _, m := range declared.FindAllStringSubmatch(text, -1) {
			functions = append(functions, m[1])
		}
	})
	named := regexp.MustCompile("`((?:Test|Fuzz|Benchmark)\\w+)[`/]")
	for name, text := range documents(t) {
		if name == renames {
			continue
		}
		for _, m := range named.FindAllStringSubmatch(text, -1) {
			if m[1] != "TestThing_WhatHolds" && !slices.Contains(functions, m[1]) {
				t.Errorf("%s names %s, which does not exist", name, m[1])
			}
		}
	}

	scripts, err := filepath.Glob(".ci/*")
	if err != nil {
		t.Fatal(err)
	}
	run := regexp.MustCompile(`-(?:run|skip|bench) '?\^?((?:Test|Fuzz|Benchmark)?\w+)`)
	for _, name := range append(scripts, "Makefile", "bench/instructions") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range run.FindAllStringSubmatch(string(text), -1) {
			selected := func(function string) bool { return strings.Contains(function, m[1]) }
			if !slices.ContainsFunc(functions, selected) {
				t.Errorf("%s runs %s, which does not exist", name, m[1])
			}
		}
	}
}

// TestPromises_HaveTests: docs/promises.md has a table row for each promise, and each names a test.
// Some tests are scripts.
func TestPromises_HaveTests(t *testing.T) {
	rows := 0
	for _, line := range strings.Split(documents(t)["docs/promises.md"], "\n") {
		if !strings.HasPrefix(line, "| ") || strings.Contains(line, "promise | tests |") {
			continue
		}
		rows++
		if !regexp.MustCompile("\\| `(Test|Fuzz|\\.ci/)[^|]*\\|$").MatchString(line) {
			t.Errorf("docs/promises.md: the promise %q names no test", line)
		}
	}
	if rows < 33 {
		t.Errorf("docs/promises.md has %d promises, and the first two tables alone have 33", rows)
	}
}

// TestReadme_NamesTheVersionOfGo compares the version that README.md asks for with the one that go.mod requires.
func TestReadme_NamesTheVersionOfGo(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\S+)$`).FindStringSubmatch(string(mod))
	if version == nil {
		t.Fatal("go.mod has no line with the version of Go")
	}
	if want := "(https://go.dev/dl/) " + version[1] + " or later"; !strings.Contains(documents(t)["README.md"], want) {
		t.Errorf("README.md does not say %q, and go.mod requires Go %s", want, version[1])
	}
}

// TestScripts_LeaveDurationsToTheDocuments keeps durations out of the comments of the Makefile and of scripts: they
// stand in docs/reliability.md and docs/performance.md, and a copy would soon differ.
func TestScripts_LeaveDurationsToTheDocuments(t *testing.T) {
	scripts, err := filepath.Glob(".ci/*")
	if err != nil {
		t.Fatal(err)
	}
	duration := regexp.MustCompile(`(?m)^#.*\b(?:minutes?|hours?)\b.*$`)
	for _, name := range append(scripts, "Makefile", "bench/instructions") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if line := duration.Find(text); line != nil {
			t.Errorf("%s says how long something takes: %s", name, line)
		}
	}
}
