package front

import (
	"strings"
	"testing"
)

func TestFlow_PasteThatFailsIsExplained(t *testing.T) {
	try(t, Config{}, func(p *person) {
		p.flow.Pasted(PasteNoProgram)
		if !strings.Contains(p.says(), "no program for the clipboard") {
			t.Errorf("where an address is typed the screen says %s", p.says())
		}
		p.write("h")
		p.press(Enter)
		p.flow.Pasted(PasteEmpty)
		if p.want(CardMenu); strings.Contains(p.says(), "clipboard") {
			t.Errorf("in the menu the screen says %s", p.says())
		}
		p.do(Input{Row: 2})
		p.flow.Pasted(PasteEmpty)
		if !strings.Contains(p.says(), "No text could be read") {
			t.Errorf("where a room code is typed the screen says %s", p.says())
		}
	})
}

func TestNoClipboard_NamesProgramsOfTheSystem(t *testing.T) {
	for goos, want := range map[string]bool{
		"linux": true, "freebsd": true, "windows": false, "darwin": false, "js": false,
	} {
		text := noClipboard(goos, "text")
		if got := strings.Contains(text, "wl-clipboard"); got != want || !strings.Contains(text, "type the text") {
			t.Errorf("on %s a failed paste says %q; wl-clipboard in it: want %v", goos, text, want)
		}
	}
}
