//go:build !js

package term

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"pong/internal/dial"
)

func typeIn(p *prompt, text string) {
	for _, char := range text {
		p.press(tea.Key{Code: char, Text: string(char)})
	}
}

func TestPromptEdits(t *testing.T) {
	var p prompt
	if done, _ := p.press(tea.Key{Code: tea.KeyEnter}); done || p.problem == "" {
		t.Errorf("an empty address was taken, or nothing said about it: %q", p.problem)
	}
	p.press(tea.Key{Code: tea.KeyBackspace})
	typeIn(&p, "q.exampel ")
	for range 3 {
		p.press(tea.Key{Code: tea.KeyBackspace})
	}
	typeIn(&p, "le")
	p.press(tea.Key{Code: tea.KeyLeft})
	if p.text() != "q.example" {
		t.Errorf("typed %q, want q.example", p.text())
	}
	if done, left := p.press(tea.Key{Code: tea.KeyEnter}); !done || left || p.problem != "" {
		t.Errorf("Enter: done %v, left %v, problem %q", done, left, p.problem)
	}
	p.press(tea.Key{Code: 'u', Mod: tea.ModCtrl})
	p.insert(" pong://a:1#b\r\n\x1b[31m" + strings.Repeat("x", 2*longest))
	if !strings.HasPrefix(p.text(), "pong://a:1#b[31mxxx") || len(p.typed) != longest {
		t.Errorf("pasted %d characters %.30q", len(p.typed), p.text())
	}
	if _, left := p.press(tea.Key{Code: tea.KeyEscape}); !left {
		t.Error("Esc does not leave")
	}
}

func TestPages(t *testing.T) {
	q := dial.Question{Host: "pong.example.org\x1b[2J", Fingerprint: strings.Repeat("0123456789abcdef", 4)}
	p := prompt{typed: []rune("pong.example.org"), problem: "dial pong.example.org: no such host; is the name right?"}
	var c canvas
	tests := map[string]struct {
		picture       string
		width, height int
	}{
		"question-80x24": {renderQuestion(&c, q, 80, 24, true), 80, 24},
		"question-40x12": {renderQuestion(&c, q, 40, 12, false), 40, 12},
		"prompt-80x24":   {p.render(&c, 80, 24, false), 80, 24},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			checkSize(t, test.picture, test.width, test.height)
			checkPicture(t, name, test.picture)
		})
	}
}

// TestPagesFitAnyTerminal, however small.
func TestPagesFitAnyTerminal(t *testing.T) {
	var c canvas
	q := dial.Question{Host: strings.Repeat("long", 30), Fingerprint: strings.Repeat("ab", 32)}
	p := prompt{typed: []rune(strings.Repeat("漢字", 99)), problem: strings.Repeat("problem ", 30)}
	for width := 0; width < 100; width += 7 {
		for height := 0; height < 30; height += 3 {
			checkSize(t, renderQuestion(&c, q, width, height, true), width, height)
			checkSize(t, p.render(&c, width, height, true), width, height)
		}
	}
}

// TestFingerprintsAreBrokenBetweenGroups: one that is cut elsewhere is hard to compare.
func TestFingerprintsAreBrokenBetweenGroups(t *testing.T) {
	print := strings.TrimSuffix(strings.Repeat("4f0c:1a2b:99aa:bbcc:", 4), ":")
	for width := 45; width < 100; width += 9 {
		got := renderQuestion(new(canvas), dial.Question{Host: "h", Fingerprint: print}, width, 30, false)
		if n := strings.Count(got, "4f0c:1a2b:99aa:bbcc:4f0c:1a2b:99aa:bbcc"); n != 2 {
			t.Errorf("at %d columns the halves of the fingerprint are whole %d times:\n%s", width, n, got)
		}
	}
}
