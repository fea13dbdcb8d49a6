// Command pong plays Pong over a network that cannot be trusted: the server, the player's window and terminal, a
// player made of code, and a bad network to try them on. pong --help teaches the rest.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once
	return exitCode(ctx, newRoot().ExecuteContext(ctx))
}

// exitCode prints what went wrong and says how the process ends.
func exitCode(ctx context.Context, err error) int {
	var usage *usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		fmt.Fprintf(os.Stderr, "pong: %v\nTry: %s --help\n", err, usage.command)
		return exitUsage
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		return exitDone // asked to end
	}
	fmt.Fprintf(os.Stderr, "pong: %v\n", err)
	return exitFailed
}

// usageError is a command line that cannot be meant.
type usageError struct {
	command string
	err     error
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// usage makes a usageError out of what a command refuses.
func usage(cmd *cobra.Command, format string, args ...any) error {
	return &usageError{cmd.CommandPath(), fmt.Errorf(format, args...)}
}

func newRoot() *cobra.Command {
	root := newNow()
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usage(cmd, "%w", err) })
	root.AddCommand(newServe(), newPlay(), newBot(), newLink(), newVersion())
	return root
}

// noArgs and oneArg are cobra's checks, as usage errors.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		if cmd.HasSubCommands() {
			return usage(cmd, "unknown command %q%s", args[0], suggestions(cmd, args[0]))
		}
		return usage(cmd, "unexpected argument %q", args[0])
	}
	return nil
}

func oneArg(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usage(cmd, "one address or link at most, not %d arguments", len(args))
	}
	return nil
}

func suggestions(cmd *cobra.Command, arg string) string {
	cmd.SuggestionsMinimumDistance = 2
	for _, s := range cmd.SuggestionsFor(arg) {
		return fmt.Sprintf("; did you mean %q?", s)
	}
	return ""
}
