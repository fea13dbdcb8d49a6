//go:build !js

package term

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"pong/internal/crash"
	"pong/internal/front"
)

// Ask asks on out whether to trust the unknown server at host, and reads the answer from in. It prints the fingerprint
// as the server prints it. It is for commands that do not take the whole screen. Only "y" and "yes" mean yes; an empty
// line, the end of the input and the end of ctx mean no.
//
// If in is a file but not a terminal, Ask refuses and prints what to do instead.
func Ask(ctx context.Context, in io.Reader, out io.Writer, host, fingerprint string) bool {
	host, fingerprint = printable(host), printable(fingerprint)
	fmt.Fprintf(out, "%s\n%s\n  %s\n", host, front.UnknownServer, fingerprint)
	if f, ok := in.(*os.File); ok && !isTerminal(f) {
		fmt.Fprintf(out, "There is no terminal on which to answer. If the server is the right one, use\n  --trust %s\n",
			fingerprint)
		return false
	}
	fmt.Fprint(out, "Is it the same [y/N]? ")

	// A read from a terminal cannot be cancelled, so it is abandoned when ctx ends. The command ends then, too.
	answer := make(chan string, 1)
	go crash.Guarded(func() {
		line, _ := bufio.NewReader(io.LimitReader(in, 256)).ReadString('\n')
		answer <- line
	})()
	select {
	case line := <-answer:
		line = strings.ToLower(strings.TrimSpace(line))
		return line == "y" || line == "yes"
	case <-ctx.Done():
		fmt.Fprintln(out)
		return false
	}
}
