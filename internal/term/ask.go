//go:build !js

package term

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"pong/internal/dial"
)

// Ask puts the question whether to trust an unknown server as lines of text, for
// commands that do not take the whole screen. Only "y" or "yes" is a yes; an
// empty line, the end of the input or of ctx is a no.
//
// A file that is not a terminal has no person behind it: Ask says on out what to
// do instead, and refuses.
func Ask(ctx context.Context, in io.Reader, out io.Writer, q dial.Question) bool {
	host, fingerprint := printable(q.Host), printable(q.Fingerprint)
	fmt.Fprintf(out, "The server %s is unknown. Its fingerprint is\n  %s\n", host, fingerprint)
	if f, ok := in.(*os.File); ok && !isTerminal(f) {
		fmt.Fprintf(out, "There is no terminal to ask whether to trust it. If it is the right one, say so with\n  --trust %s\n", fingerprint)
		return false
	}
	fmt.Fprint(out, "Is that what whoever runs it has told you? Trust it [y/N]? ")

	// A read from a terminal cannot be given up, so it is left behind when ctx
	// ends; the command ends then, too.
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(io.LimitReader(in, 256)).ReadString('\n')
		answer <- line
	}()
	select {
	case line := <-answer:
		line = strings.ToLower(strings.TrimSpace(line))
		return line == "y" || line == "yes"
	case <-ctx.Done():
		fmt.Fprintln(out)
		return false
	}
}

// printable is a text of somebody else's without what could steer the terminal.
func printable(text string) string {
	return strings.Map(func(char rune) rune {
		if cells(char) == 0 {
			return -1
		}
		return char
	}, text)
}
