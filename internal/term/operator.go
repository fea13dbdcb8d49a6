package term

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// OperatorConfig says what RunOperator shows. The log scrolls above the table, as it would without one, and stays on
// the terminal when the table has gone.
type OperatorConfig struct {
	Title string   // one line: who serves where
	Links []string // how to join, best first; the first one is shown
	QR    string   // the same as a picture, several lines; may be empty

	// Look returns how things are, with as many rows of matches from one on as are asked for. It may take a moment.
	Look func(from, rows int) Operation

	Start func() // ENTER; nil if matches start by themselves
	Quit  func() // q or Ctrl-C, each time: the table stays until ctx is done

	Log *OperatorLog

	// In and Out are the terminal.
	In  io.Reader
	Out io.Writer
}

// An Operation is a server at a moment, as its operator sees it.
type Operation struct {
	Matches, Players int
	Waiting          int // matches that ENTER would start
	Uptime           time.Duration
	CPU              float64       // share of one core, lately; negative: not known
	Lateness         time.Duration // 99th percentile of the ticks', lately
	In, Out          int           // datagrams a second
	Dropped          int           // of those that came, a second
	Skipped          int           // STATEs a second that were left out
	Rows             []OperatorRow // from the one asked for on
}

// An OperatorRow is a match. Index 0 is the left player; a name that is empty is a free seat.
type OperatorRow struct {
	Match string
	Names [2]string
	Score [2]int
	State string // "playing", "paused" and the like
	RTT   [2]time.Duration
	Loss  [2]float64
}

// An OperatorLog is where a server's log goes while there is a table: lines wait here to be printed above it. Before
// and after that they go on to Out directly.
type OperatorLog struct {
	Out io.Writer

	mu      sync.Mutex // guards what follows
	held    bool       // lines wait
	lines   []string
	dropped int
}

// maxHeld bounds the lines that wait: about a second of what a terminal can show. When more come, the oldest give way, so
// that what is shown is news.
const maxHeld = 100

// Write implements io.Writer. It takes whole lines.
func (l *OperatorLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.held {
		return l.Out.Write(p)
	}
	for line := range strings.Lines(string(p)) {
		if len(l.lines) == maxHeld {
			l.lines = append(l.lines[:0], l.lines[1:]...)
			l.dropped++
		}
		l.lines = append(l.lines, strings.TrimRight(line, "\r\n"))
	}
	return len(p), nil
}

// hold makes lines wait.
func (l *OperatorLog) hold() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = true
}

// release prints what waits, and lets all further lines pass.
func (l *OperatorLog) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = false
	for _, line := range append(l.note(), l.lines...) {
		fmt.Fprintln(l.Out, line)
	}
	l.lines, l.dropped = nil, 0
}

// take returns the first few of the lines that wait.
func (l *OperatorLog) take(most int) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(most, len(l.lines))
	taken := append(l.note(), l.lines[:n]...)
	l.lines, l.dropped = append(l.lines[:0], l.lines[n:]...), 0
	return taken
}

// note says how many lines were left out, if any were. The caller holds mu.
func (l *OperatorLog) note() []string {
	if l.dropped == 0 {
		return nil
	}
	return []string{fmt.Sprintf("(%d lines left out: too many at a time for a terminal; --log text writes them all)", l.dropped)}
}
