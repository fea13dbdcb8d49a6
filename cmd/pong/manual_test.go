package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestManual_HasAPageForEachCommand also looks for each flag in the page of its command.
func TestManual_HasAPageForEachCommand(t *testing.T) {
	dir := t.TempDir()
	root := newRoot()
	root.SetArgs([]string{"manual", dir})
	if err := root.Execute(); err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		}
		return string(text)
	}
	for _, name := range strings.Fields("pong pong-serve pong-host pong-play pong-open pong-watch pong-bot pong-link " +
		"pong-lab pong-load pong-trust pong-trust-list pong-replay pong-admin pong-ticket pong-version") {
		read("man/" + name + ".1")
	}
	for _, want := range []string{`pong\-server serve [flags]`, `\fB\-\-advertise\fR \fIstring\fR`, `(default 5555)`} {
		if page := read("man/pong-server.1"); !strings.Contains(page, want) {
			t.Errorf("pong-server.1 has no %q:\n%s", want, page)
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish", "ps1"} {
		if script := read("completions/pong." + shell); !strings.Contains(script, "__complete") {
			t.Errorf("the completion for %s does not ask pong: %d bytes", shell, len(script))
		}
	}
	// A line that begins with a dot is a request of roff. Any other than these would be text by mistake.
	request := regexp.MustCompile(`^\.(TH|SH|B|BR|br|PP|TP|RS|RE|nf|fi)\b`)
	pages, _ := filepath.Glob(filepath.Join(dir, "man", "*.1"))
	for _, path := range pages {
		page := read(filepath.Join("man", filepath.Base(path)))
		for line := range strings.Lines(page) {
			if strings.HasPrefix(line, ".") && !request.MatchString(line) || strings.HasPrefix(line, "'") {
				t.Errorf("%s: the line %q is no request of a manual page", filepath.Base(path), line)
			}
		}
	}
}
