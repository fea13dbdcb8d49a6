package linequeue_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/linequeue"
)

// A gate is an io.Writer that blocks until it is opened, and fails while err is set.
type gate struct {
	open chan struct{}
	err  error
	got  bytes.Buffer
}

func newGate() *gate { return &gate{open: make(chan struct{})} }

func (g *gate) Write(b []byte) (int, error) {
	<-g.open
	if g.err != nil {
		return 0, g.err
	}
	return g.got.Write(b)
}

func note(lost int) []byte { return fmt.Appendf(nil, "%d lost\n", lost) }

// TestWriter_NeverWaits writes to a pipe that nobody reads for an hour. The lines that fit are written in their order
// when it is read, followed by one note about the others.
func TestWriter_NeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		w := linequeue.New(linequeue.Config{Out: g, Note: note})
		start := time.Now()
		fmt.Fprintln(w, "first") // is in the blocked write
		synctest.Wait()
		long := strings.Repeat("x", 1023)
		for range linequeue.Bound/1024 + 10 {
			fmt.Fprintln(w, long)
		}
		fmt.Fprintln(w, "short") // would fit, but must not overtake the lines before it
		if w.Flush(time.Hour) {
			t.Error("Flush says that all lines are written while the pipe is blocked")
		}
		if took := time.Since(start); took != time.Hour {
			t.Errorf("the lines took %v and Flush an hour, want the hour alone", took-time.Hour)
		}
		close(g.open)
		if !w.Flush(time.Second) {
			t.Fatal("Flush says that lines wait after the pipe was read")
		}
		fmt.Fprintln(w, "last")
		w.Flush(time.Second)
		want := "first\n" + strings.Repeat(long+"\n", linequeue.Bound/1024) + "11 lost\nlast\n"
		if got := g.got.String(); got != want {
			t.Errorf("got %d bytes that end with %q, want %d bytes that end with %q", len(got),
				got[max(len(got)-60, 0):], len(want), want[len(want)-60:])
		}
	})
}

// TestWriter_CountsWhatFailedWrites loses lines to an error, such as that of a full disk, which is reported once.
func TestWriter_CountsWhatFailedWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		close(g.open)
		full := errors.New("disk full")
		var failed []error
		w := linequeue.New(linequeue.Config{Out: g, Note: note,
			Failed: func(err error) { failed = append(failed, err) }})
		g.err = full
		for range 3 {
			fmt.Fprintln(w, "lost")
			synctest.Wait()
		}
		g.err = nil
		fmt.Fprintln(w, "written")
		synctest.Wait()
		if got, want := g.got.String(), "3 lost\nwritten\n"; got != want {
			t.Errorf("after three failed writes and a good one: got %q, want %q", got, want)
		}
		if len(failed) != 1 || failed[0] != full {
			t.Errorf("Failed was called with %v, want once with %v", failed, full)
		}
	})
}
