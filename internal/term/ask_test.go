//go:build !js

package term

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const host, fingerprint = "pong.example.org", "sha256:0123abcd"

func TestAsk_TakesOnlyYes(t *testing.T) {
	tests := map[string]bool{
		"y\n": true, "yes\n": true, " Y \r\n": true, "YES": true,
		"\n": false, "": false, "n\n": false, "no\n": false, "yeah\n": false, "\ny\n": false,
		strings.Repeat(" ", 1000) + "y\n": false,
	}
	for line, want := range tests {
		var out bytes.Buffer
		if got := Ask(t.Context(), strings.NewReader(line), &out, host, fingerprint, ""); got != want {
			t.Errorf("the answer %q is %v, want %v", line, got, want)
		}
		if !strings.Contains(out.String(), host) || !strings.Contains(out.String(), fingerprint) {
			t.Errorf("the question does not show host and fingerprint: %q", &out)
		}
	}
}

// TestAsk_RefusesWithoutATerminal, even if the file says yes.
func TestAsk_RefusesWithoutATerminal(t *testing.T) {
	name := filepath.Join(t.TempDir(), "answers")
	if err := os.WriteFile(name, []byte("yes\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out bytes.Buffer
	if Ask(t.Context(), f, &out, host, fingerprint, "") {
		t.Error("a file was taken for a person")
	}
	if !strings.Contains(out.String(), "--trust "+fingerprint) {
		t.Errorf("it does not say what to do instead: %q", &out)
	}
}

func TestAsk_EndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	in, keepOpen := io.Pipe()
	defer keepOpen.Close()
	if Ask(ctx, in, io.Discard, host, fingerprint, "") {
		t.Error("the end of the context was taken for a yes")
	}
}

func TestAsk_KeepsOthersTextHarmless(t *testing.T) {
	var out bytes.Buffer
	Ask(t.Context(), strings.NewReader("n\n"), &out, "a\x1b[2Jb", "c\ad", "")
	if strings.ContainsAny(out.String(), "\x1b\a") {
		t.Errorf("control characters got through: %q", &out)
	}
}

// TestAsk_ShowsTheKnownServer beside the one that a join link names.
func TestAsk_ShowsTheKnownServer(t *testing.T) {
	var out strings.Builder
	if !Ask(t.Context(), strings.NewReader("y\n"), &out, "pong.example.org:5555", "aaaa:bbbb", "cccc:dd\x1b[Add") {
		t.Error("y is no yes")
	}
	for _, want := range []string{
		"pong.example.org:5555", "another server", "  aaaa:bbbb\n", "  cccc:dd[Add\n", "[y/N]",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the question lacks %q: %q", want, out.String())
		}
	}
}
