package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	maxColumns = 120 // of code and prose
	tabColumns = 4   // of a tab
)

// checkColumns finds lines of more than maxColumns.
func checkColumns() (found []string, err error) {
	err = eachFile([]string{".go", ".md", ".py", ".lua", ".c", "Makefile"}, func(name, text string) {
		for i, line := range strings.Split(text, "\n") {
			if n := columns(line); n > maxColumns && !exempt(name, line) {
				found = append(found, fmt.Sprintf("%s:%d: %d columns, want at most %d", name, i+1, n, maxColumns))
			}
		}
	})
	return found, err
}

// columns returns the width of a line.
func columns(line string) int {
	return utf8.RuneCountInString(line) + (tabColumns-1)*strings.Count(line, "\t")
}

// exempt reports whether a line cannot be broken: a row of a Markdown table, and a line that is long because of a
// single word, such as a URL or bytes in hexadecimal.
func exempt(name, line string) bool {
	if strings.HasSuffix(name, ".md") && strings.HasPrefix(line, "|") {
		return true
	}
	longest := 0
	for _, word := range strings.Fields(line) {
		longest = max(longest, utf8.RuneCountInString(word))
	}
	return longest > maxColumns-40
}
