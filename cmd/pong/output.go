package main

import (
	"context"
	"errors"
	"runtime"
	"syscall"

	"github.com/spf13/cobra"

	"pong/internal/linequeue"
)

// errReaderGone ends a command because nobody reads its output any more, as in pong bot | head.
var errReaderGone = errors.New("nobody reads the output any more")

// outputOf returns the writer for the output of a command that plays, which does not wait for what takes the lines, and
// a context that ends with errReaderGone once the output is a pipe without a reader. End writes the last lines.
func outputOf(cmd *cobra.Command, note func(lost int) []byte) (ctx context.Context, out *linequeue.Writer, end func()) {
	ignoreBrokenPipes()
	ctx, cancel := context.WithCancelCause(cmd.Context())
	out = linequeue.New(linequeue.Config{Out: cmd.OutOrStdout(), Note: note, Failed: func(err error) {
		if isBrokenPipe(err) {
			cancel(errReaderGone)
		}
	}})
	return ctx, out, func() { out.Flush(flushWithin); cancel(nil) }
}

// The Windows error numbers of a pipe without a reader: ERROR_BROKEN_PIPE and ERROR_NO_DATA.
const (
	winBrokenPipe = syscall.Errno(109)
	winNoData     = syscall.Errno(232)
)

// isBrokenPipe reports whether an error of a write means that the pipe has no reader any more.
func isBrokenPipe(err error) bool {
	return errors.Is(err, syscall.EPIPE) ||
		runtime.GOOS == "windows" && (errors.Is(err, winBrokenPipe) || errors.Is(err, winNoData))
}
