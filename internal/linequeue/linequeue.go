// Package linequeue writes lines to a pipe, a terminal or a file that may stop taking them, and never makes its callers
// wait for that. A match must not stand still because nobody reads the server's log.
package linequeue

import (
	"bytes"
	"io"
	"sync"
	"time"

	"pong/internal/crash"
)

// Bound is how many bytes wait in a Writer at most: some thousand lines of a log. As many may be in the write that is
// going on.
const Bound = 1 << 20

// A Writer passes lines on to an io.Writer, in their order, from a goroutine that exists only while lines wait. Lines
// that do not fit into its queue are dropped and counted. Its methods can be called by any goroutine.
type Writer struct {
	cfg Config

	mu      sync.Mutex    // guards the next three fields; never held during a write
	queue   []byte        // whole lines
	dropped int           // lines that have been dropped since queue was last taken
	idle    chan struct{} // closed when the goroutine ends; nil if there is none

	unsaid   int  // lines that are lost and have not been reported; of the goroutine
	hasError bool // a write has failed; of the goroutine
}

// Config says where the lines of a Writer go.
type Config struct {
	Out io.Writer // may block for as long as it likes

	// Note returns a line about lines that were lost. It is written as soon as Out takes lines again. If nil, nothing
	// is written.
	Note func(lost int) []byte

	// Failed is called by the goroutine with the first error of Out, such as that of a pipe without a reader. May be
	// nil.
	Failed func(error)
}

// New returns a Writer.
func New(cfg Config) *Writer { return &Writer{cfg: cfg} }

// Write queues a copy of one or more whole lines. It neither blocks nor fails.
func (w *Writer) Write(lines []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dropped > 0 || len(w.queue)+len(lines) > Bound { // the first case: later lines must not overtake the note
		w.dropped += count(lines)
		return len(lines), nil
	}
	w.queue = append(w.queue, lines...)
	if w.idle == nil {
		w.idle = make(chan struct{})
		go crash.Guarded(func() { w.run(w.idle) })()
	}
	return len(lines), nil
}

// Flush waits until all lines are written, or until the time has passed. It reports whether they are.
func (w *Writer) Flush(within time.Duration) bool {
	w.mu.Lock()
	idle := w.idle
	w.mu.Unlock()
	if idle == nil {
		return true
	}
	select {
	case <-idle:
		return true
	case <-time.After(within):
		return false
	}
}

// run writes until nothing waits.
func (w *Writer) run(idle chan<- struct{}) {
	defer close(idle)
	var lines []byte
	for {
		w.mu.Lock()
		if len(w.queue) == 0 && w.dropped == 0 {
			w.idle = nil
			w.mu.Unlock()
			return
		}
		lines, w.queue = w.queue, lines[:0]
		dropped := w.dropped
		w.dropped = 0
		w.mu.Unlock()

		w.report() // of lines before these
		w.unsaid += w.write(lines)
		w.unsaid += dropped
		w.report()
	}
}

// report writes the note about lost lines, if there are any. They are reported again if that fails.
func (w *Writer) report() {
	if w.unsaid > 0 && w.cfg.Note != nil && w.write(w.cfg.Note(w.unsaid)) == 0 {
		w.unsaid = 0
	}
}

// write writes lines and returns how many of them are lost.
func (w *Writer) write(lines []byte) (lost int) {
	n, err := w.cfg.Out.Write(lines)
	if err == nil {
		return 0
	}
	if !w.hasError && w.cfg.Failed != nil {
		w.cfg.Failed(err)
	}
	w.hasError = true
	return count(lines[n:])
}

// count returns the number of lines, at least 1.
func count(lines []byte) int { return max(bytes.Count(lines, []byte("\n")), 1) }
