package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"pong/internal/crash"
	"pong/internal/ownconsole"
)

func init() { cobra.MousetrapHelpText = "" } // cobra would refuse to run after a double-click

// A console is the console window that Windows opens for a program that is started by a double-click or from a
// shortcut. The library for windows closes it, because a game in a window needs none. It is opened again for anything
// that is to be read, and then it stays until the person has read that: otherwise it would vanish with the process.
type console struct {
	given bool                     // this process was started with a window of its own
	open  func() (io.Reader, bool) // opens it again; standard input, output and error are those of the console then
	keys  io.Reader                // of the console, once it was opened
}

// theConsole is that of this process.
var theConsole = &console{given: ownconsole.Given(), open: openConsole}

// show opens the console, if this process was started with one of its own. It does nothing otherwise.
func (c *console) show() {
	if c.given && c.keys == nil {
		if keys, ok := c.open(); ok {
			c.keys = keys
		}
	}
}

// hold keeps the console open until Enter is pressed or ctx is done. It does nothing if the console was not shown.
func (c *console) hold(ctx context.Context, out io.Writer) {
	if c.keys == nil || ctx.Err() != nil {
		return
	}
	fmt.Fprint(out, "\nPress Enter to close this window. ")
	pressed := make(chan struct{})
	go crash.Guarded(func() {
		defer close(pressed)
		for key := make([]byte, 1); ; {
			if n, err := c.keys.Read(key); err != nil || n == 1 && key[0] == '\n' {
				return
			}
		}
	})()
	select {
	case <-pressed:
	case <-ctx.Done():
	}
}

// needsConsole reports whether a command line prints something, rather than to play in a window.
func needsConsole(root *cobra.Command, args []string) bool {
	cmd, _, err := root.Find(args)
	if err != nil || cmd.HasParent() && !slices.Contains([]string{"play", "host", "open", "watch"}, cmd.Name()) {
		return true
	}
	return slices.ContainsFunc(args, func(arg string) bool {
		switch arg {
		case "--help", "-h", "--version", "--headless", "--tty", "--list", "--verbose", "-v":
			return true
		}
		return false
	})
}
