//go:build !js

package term

import (
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"pong/internal/names"
)

// measure returns a character as the terminal is to draw it, and the number of cells that it takes: 0 if it cannot be
// shown. Some terminals report that they draw a cluster as a whole (mode 2027). The others agree on the widths of code
// points only: some draw a picture made of several as one, and some draw a character before U+FE0F in two cells. For
// these the joiner and the selector are left out, so the parts of a picture stand beside each other.
func (c *canvas) measure(cluster string) (string, int) {
	char, _ := utf8.DecodeRuneInString(cluster)
	switch {
	case char >= ' ' && char <= '~' && len(cluster) == 1:
		return cluster, 1
	case !unicode.IsPrint(char):
		return cluster, 0
	case c.clusters:
		return cluster, names.Width(cluster)
	}
	cluster = strings.Map(func(r rune) rune {
		if r == '\u200d' || r == '\ufe0f' {
			return -1
		}
		return r
	}, cluster)
	return cluster, ansi.StringWidthWc(cluster)
}

// columns returns the number of cells that a text takes at most, in any terminal.
func columns(text string) (n int) {
	points, whole := canvas{}, canvas{clusters: true}
	for cluster := range names.Clusters(text) {
		_, a := points.measure(cluster)
		_, b := whole.measure(cluster)
		n += max(a, b)
	}
	return n
}

// shorten cuts a text that takes more than space cells, between two characters.
func shorten(text string, space int) string {
	end := 0
	for cluster := range names.Clusters(text) {
		if space -= columns(cluster); space < 0 {
			break
		}
		end += len(cluster)
	}
	return text[:end]
}

// printable returns a text without the characters that could control the terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && !names.Takes(r) {
			return -1
		}
		return r
	}, text)
}

// measuresClusters reports whether a terminal's answer says that it can draw clusters as a whole. Bubble Tea asks, and
// then lets the terminal do so.
func measuresClusters(m tea.ModeReportMsg) bool {
	return m.Mode == ansi.ModeUnicodeCore &&
		(m.Value == ansi.ModeReset || m.Value == ansi.ModeSet || m.Value == ansi.ModePermanentlySet)
}
