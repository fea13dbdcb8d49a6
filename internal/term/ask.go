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

// Ask asks on out whether to trust the server at host, and reads the answer from in. It prints the fingerprint as the
// server prints it, and the known one if that is not empty: the fingerprint of another server that is known at host. It
// is for commands that do not take the whole screen. Only "y" and "yes" mean yes; an empty line, the end of the input
// and the end of ctx mean no.
//
// If in is a file but not a terminal, Ask refuses and prints what to do instead.
func Ask(ctx context.Context, in io.Reader, out io.Writer, host, fingerprint, known string) bool {
	host, fingerprint, known = printable(host), printable(fingerprint), printable(known)
	if known == "" {
		fmt.Fprintf(out, "%s\n%s\n  %s\n", host, front.UnknownServer, fingerprint)
	} else {
		fmt.Fprintf(out, "%s\n%s\n  %s\n", host, front.OtherServer, fingerprint)
		fmt.Fprintf(out, "%s\n  %s\n", front.ThatServer, known)
	}
	if f, ok := in.(*os.File); ok && !isTerminal(f) {
		instead := "--trust " + fingerprint
		if known != "" {
			instead = front.ForgetCommand(host)
		}
		fmt.Fprintf(out, "There is no terminal on which to answer. If the server is the right one, use\n  %s\n",
			instead)
		return false
	}
	question := "Is it the same"
	if known != "" {
		question = "Replace the known server"
	}
	fmt.Fprint(out, question+" [y/N]? ")

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
