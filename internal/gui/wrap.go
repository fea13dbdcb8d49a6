//go:build !nogui

package gui

import (
	"strings"

	"pong/internal/names"
)

// wrap breaks a text into lines of at most width, at spaces, and within a word only if the word alone is too wide. It
// cuts a text of more than limit lines and ends it with an ellipsis.
func wrap(s string, f typeface, size, width float64, limit int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if joined := strings.TrimPrefix(line+" "+word, " "); measure(joined, f, size) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for measure(word, f, size) > width {
			n := prefix(word, f, size, width)
			lines, word = append(lines, word[:n]), word[n:]
		}
		line = word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return cut(lines, f, size, width, limit)
}

// chop breaks a text into lines that are as full as possible, as a terminal does.
func chop(s string, f typeface, size, width float64, limit int) []string {
	var lines []string
	for s != "" {
		n := prefix(s, f, size, width)
		lines, s = append(lines, s[:n]), s[n:]
	}
	return cut(lines, f, size, width, limit)
}

// cut removes the lines after the first limit ones.
func cut(lines []string, f typeface, size, width float64, limit int) []string {
	if len(lines) > limit {
		lines = lines[:limit]
		lines[limit-1] = shorten(lines[limit-1]+" …", f, size, width)
	}
	return lines
}

// prefix returns the length in bytes of the start of a text that fits into width, with at least one cluster.
func prefix(s string, f typeface, size, width float64) int {
	n := 0
	for _, end := range clusterEnds(s) {
		if n > 0 && measure(s[:end], f, size) > width {
			break
		}
		n = end
	}
	return n
}

// shorten cuts a text that is wider than width, and ends it with an ellipsis.
func shorten(s string, f typeface, size, width float64) string {
	if measure(s, f, size) <= width {
		return s
	}
	s = strings.TrimSuffix(s, "…")
	n := prefix(s, f, size, width-measure("…", f, size))
	return strings.TrimRight(s[:n], " ") + "…" + isolateEndsOf(s[:n])
}

// isolateEndsOf returns the characters that end the isolates which a text leaves open.
func isolateEndsOf(s string) string {
	open := 0
	for _, r := range s {
		switch r {
		case isolateLeft, isolateRight, isolateFirst:
			open++
		case isolateEnd:
			open = max(open-1, 0)
		}
	}
	return strings.Repeat(string(isolateEnd), open)
}

// clusterEnds returns where the clusters of a text end, in bytes.
func clusterEnds(s string) (ends []int) {
	if ascii(s) {
		for i := range len(s) {
			ends = append(ends, i+1)
		}
		return ends
	}
	end := 0
	for c := range names.Clusters(s) {
		end += len(c)
		ends = append(ends, end)
	}
	return ends
}
