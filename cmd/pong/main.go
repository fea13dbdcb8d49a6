// Command pong plays Pong over a network that cannot be trusted. It is the server, the player's window and terminal,
// a bot, and a simulated bad network to try them on. Run pong --help for a summary.
//
// Each subcommand has a file that turns flags into a Config, and a Config into a call of the package that does the
// work. An invalid command line is a usageError, which names the help text to read; every other error of a command is
// a failure. Both end as one line on standard error, see exitCode.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"pong/internal/crash"
)

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() { os.Exit(run()) }

func run() (code int) {
	ctx, stop := interruptContext()
	defer stop()
	root := newRoot()
	if needsConsole(root, os.Args[1:]) {
		theConsole.show()
	}
	crash.Guarded(func() { // a server runs here while another goroutine has the terminal
		err := root.ExecuteContext(ctx)
		if err != nil {
			theConsole.show() // the error must be read
		}
		code = exitCode(ctx, os.Stderr, err)
	})()
	theConsole.hold(ctx, os.Stderr)
	return code
}

// exitCode prints an error as one line and returns the exit code of the process.
func exitCode(ctx context.Context, stderr io.Writer, err error) int {
	var usage *usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "pong: %s (see %s --help)\n", oneLine(err.Error()), usage.command)
		return exitUsage
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		return exitDone // ended on request
	}
	fmt.Fprintf(stderr, "pong: %s\n", oneLine(err.Error()))
	return exitFailed
}

// oneLine joins the lines of a message that was written for a screen. Indented lines are a list that belongs to the
// line above them.
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
