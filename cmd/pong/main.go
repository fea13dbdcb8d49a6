// Command pong plays Pong over a network that cannot be trusted: the server, the player's window and terminal, a
// player made of code, and a bad network to try them on. pong --help teaches the rest.
//
// Each subcommand has a file that turns flags into a Config and a Config into a call of the package that does the
// work. What is wrong with a command line is a usageError, with the help text to look into; all else that a command
// returns is a failure. Both end as one line on standard error, see exitCode.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := interruptContext()
	defer stop()
	return exitCode(ctx, os.Stderr, newRoot().ExecuteContext(ctx))
}

// exitCode prints what went wrong, as one line, and says how the process ends.
func exitCode(ctx context.Context, stderr io.Writer, err error) int {
	var usage *usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "pong: %s (see %s --help)\n", oneLine(err.Error()), usage.command)
		return exitUsage
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		return exitDone // asked to end
	}
	fmt.Fprintf(stderr, "pong: %s\n", oneLine(err.Error()))
	return exitFailed
}

// oneLine joins the lines of a message that was written for a screen: a window has room below, a log has not.
// Indented lines are a list under the line above them.
func oneLine(message string) string {
	lines := strings.Split(strings.TrimSpace(message), "\n")
	joined, inList := lines[0], false
	for _, line := range lines[1:] {
		item := strings.HasPrefix(line, " ")
		separator := "; "
		if item && inList {
			separator = ", "
		} else if item {
			separator = ": "
		}
		joined, inList = joined+separator+strings.Join(strings.Fields(line), " "), item
	}
	return joined
}
