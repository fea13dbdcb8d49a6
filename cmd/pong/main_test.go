package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

func TestExitCode(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	cmd := &cobra.Command{Use: "pong"}
	for _, test := range []struct {
		name string
		ctx  context.Context
		err  error
		code int
		says string
	}{
		{"done", t.Context(), nil, exitDone, ""},
		{"failed", t.Context(), errors.New("no\nway"), exitFailed, "pong: no; way\n"},
		{"misused", t.Context(), usage(cmd, "--x: odd"), exitUsage, "pong: --x: odd (see pong --help)\n"},
		{"ended on request", ended, fmt.Errorf("dial: %w", context.Canceled), exitDone, ""},
		{"failed while ending", ended, errors.New("no way"), exitFailed, "pong: no way\n"},
		{"cancelled by something else", t.Context(), context.Canceled, exitFailed, "pong: context canceled\n"},
	} {
		var stderr bytes.Buffer
		if code := exitCode(test.ctx, &stderr, test.err); code != test.code || stderr.String() != test.says {
			t.Errorf("%s: exit code %d, standard error %q; want %d and %q", test.name, code, stderr.String(), test.code,
				test.says)
		}
	}
}

func TestOneLine(t *testing.T) {
	for message, want := range map[string]string{
		"plain":           "plain",
		"first\nsecond\n": "first; second",
		"not the one you expect\n  expected aa\n  found    bb\nask the operator": "" +
			"not the one you expect: expected aa, found bb; ask the operator",
	} {
		if got := oneLine(message); got != want {
			t.Errorf("oneLine(%q) = %q, want %q", message, got, want)
		}
	}
}

// TestHelp_ShowsUsageAndExamples checks each command.
func TestHelp_ShowsUsageAndExamples(t *testing.T) {
	root := newRoot()
	for _, cmd := range append(root.Commands(), root) {
		if cmd.Name() == "help" || cmd.Name() == "completion" {
			continue // a command of cobra
		}
		var out bytes.Buffer
		root := newRoot()
		root.SetOut(&out)
		root.SetArgs(append(strings.Fields(cmd.CommandPath())[1:], "--help"))
		if err := root.ExecuteContext(t.Context()); err != nil {
			t.Errorf("%s --help: %v", cmd.CommandPath(), err)
		}
		for _, want := range []string{"Examples:\n  " + strings.Fields(cmd.CommandPath())[0], "Usage:"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s --help lacks %q:\n%s", cmd.CommandPath(), want, out.String())
			}
		}
	}
}

// TestCompletion_OffersSubcommandsAndFlags runs the command that shells use.
func TestCompletion_OffersSubcommandsAndFlags(t *testing.T) {
	for words, want := range map[string]string{"s": "serve", "serve --st": "--start", "help b": "bot",
		"completion b": "bash"} {
		var out bytes.Buffer
		root := newRoot()
		root.SetOut(&out)
		root.SetErr(io.Discard)
		root.SetArgs(append([]string{"__complete"}, strings.Fields(words)...))
		if err := root.ExecuteContext(t.Context()); err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("completion of pong %s: got %q, %v; want %s", words, out.String(), err, want)
		}
	}
}
