package term

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// OperatorConfig has what RunOperator shows. The log scrolls above the table, and stays on the terminal after the table
// is removed.
type OperatorConfig struct {
	Title string   // one line about the server
	Links []string // join links, best first; the first one that fits is shown
	QR    string   // a join link as a QR code, in several lines; may be empty

	// Look returns the state of the server, with as many rows as asked for, from one on. It may block for a moment.
	Look func(from, rows int) Operation

	Start func() // called on Enter; nil if matches start by themselves
	Quit  func() // called on each q or Ctrl-C; the table stays until ctx is done

	// Actions on clients, which may block for a moment and are called from other goroutines.
	// Kick removes the player with an id, and reports whether there was one. CountFrom returns how many clients come
	// from an address prefix. Ban denies a prefix, and returns whom it has removed and why DenyFile was not changed.
	Kick      func(id string) bool
	CountFrom func(prefix string) (players, watchers int)
	Ban       func(prefix string) (players, watchers int, err error)
	DenyFile  string // keeps what is banned; empty if it is banned until the server ends

	Log *OperatorLog

	// In and Out are the terminal.
	In  io.Reader
	Out io.Writer
}

// An Operation is the state of a server, for its operator.
type Operation struct {
	Matches, Players int
	Waiting          int // matches that Enter would start
	Uptime           time.Duration
	CPU              float64          // share of one core since the last Look; negative if unknown
	Lateness         time.Duration    // of ticks, 99th percentile since the last Look
	In, Out          int              // datagrams a second
	Dropped          int              // datagrams received and dropped a second
	Skipped          int              // STATEs not sent a second
	Denied           int              // connections a second from addresses that are not admitted
	Worst            []OperatorPrefix // those that cause most refusals, the worst first
	Rows             []OperatorRow    // from the first one asked for
}

// An OperatorPrefix is an address prefix, with the number of refusals that it has caused lately.
type OperatorPrefix struct {
	Prefix string
	Count  int
}

// An OperatorRow is a match. Index 0 is the left player; the name of a free seat is empty.
type OperatorRow struct {
	Match    string
	Names    [2]string
	IDs      [2]string // for Kick
	Prefixes [2]string // for Ban; empty if it is not known
	Score    [2]int
	State    string // "playing", "paused" and the like
	RTT      [2]time.Duration
	Loss     [2]float64
}

// An OperatorLog is the writer of a server's log. While there is a table, lines wait to be printed above it; otherwise
// they go to Out directly.
type OperatorLog struct {
	Out io.Writer

	mu      sync.Mutex // guards the fields below
	held    bool       // lines wait
	lines   []string
	dropped int
}

// maxHeld bounds the lines that wait, to about a second of what a terminal can show. More lines replace the oldest
// ones.
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

// release prints the waiting lines, and lets further lines pass.
func (l *OperatorLog) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = false
	for _, line := range append(l.note(), l.lines...) {
		fmt.Fprintln(l.Out, line)
	}
	l.lines, l.dropped = nil, 0
}

// take returns the first lines that wait, at most so many.
func (l *OperatorLog) take(most int) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(most, len(l.lines))
	taken := append(l.note(), l.lines[:n]...)
	l.lines, l.dropped = append(l.lines[:0], l.lines[n:]...), 0
	return taken
}

// note returns a line about lines that were dropped, if any were. The caller holds mu.
func (l *OperatorLog) note() []string {
	if l.dropped == 0 {
		return nil
	}
	return []string{fmt.Sprintf("(%d lines left out: too many at a time for a terminal; --log text writes them all)",
		l.dropped)}
}
