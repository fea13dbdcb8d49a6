package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// A double-click runs pong, which must not be refused by the library for command lines.
func TestConsole_DoubleClickIsNotRefused(t *testing.T) {
	if cobra.MousetrapHelpText != "" {
		t.Errorf("after a double-click cobra prints %q and ends", cobra.MousetrapHelpText)
	}
}

func TestConsole_IsForWhatIsRead(t *testing.T) {
	for line, want := range map[string]bool{
		"": false, "--points 5": false, "play": false, "play 192.168.1.20 --room maple-42": false, "watch m1": false,
		"--headless": true, "play --tty 192.168.1.20": true, "play -v": true, "watch --list": true, "serve": true,
		"serve --start auto": true, "bot": true, "trust list": true, "version": true, "--help": true,
		"play --help": true, "--version": true, "help play": true, "link --listen 127.0.0.2": true,
	} {
		if got := needsConsole(newRoot(), strings.Fields(line)); got != want {
			t.Errorf("pong %s: needsConsole is %v, want %v", line, got, want)
		}
	}
}

// A console of its own is opened once, when something is to be read, and stays until Enter.
func TestConsole_StaysUntilEnter(t *testing.T) {
	keys, keyboard := io.Pipe()
	opened := 0
	c := &console{given: true, open: func() (io.Reader, bool) { opened++; return keys, true }}
	var out bytes.Buffer
	if c.hold(t.Context(), &out); out.Len() > 0 {
		t.Errorf("a console that was not shown is held: %q", out.String())
	}
	c.show()
	c.show()
	if opened != 1 {
		t.Errorf("the console was opened %d times, want once", opened)
	}
	held := make(chan struct{})
	go func() { defer close(held); c.hold(t.Context(), &out) }()
	for _, key := range "no\r" {
		_, _ = keyboard.Write([]byte(string(key)))
	}
	select {
	case <-held:
		t.Error("the console is closed before Enter")
	default:
	}
	_, _ = keyboard.Write([]byte("\n"))
	<-held
	if !strings.Contains(out.String(), "Press Enter to close this window.") {
		t.Errorf("the console says %q, want how to close it", out.String())
	}
	ended, end := context.WithCancel(t.Context())
	end()
	c.hold(ended, &out) // Ctrl-C, or the window was closed: it does not wait
}

// A console that was there before belongs to others, and is left alone.
func TestConsole_OfAnotherProcessIsLeftAlone(t *testing.T) {
	c := &console{open: func() (io.Reader, bool) { t.Error("a console was opened"); return nil, false }}
	c.show()
	c.hold(t.Context(), io.Discard)
}
