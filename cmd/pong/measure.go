package main

import (
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"pong/internal/dial"
	"pong/internal/lab"
	"pong/internal/linequeue"
	"pong/internal/measurements"
)

// A measuring writes what the client of --measure does to a file. If there is no such flag, it is nil.
type measuring struct {
	file   *os.File
	lines  *linequeue.Writer
	failed atomic.Bool // nothing is written any more
	writer *measurements.Writer
}

// newMeasuring creates the file with a name, or returns nil if that is empty. If the file cannot be written later, warn
// is called once, and the match goes on.
func newMeasuring(name string, warn func(string)) (*measuring, error) {
	if name == "" {
		return nil, nil
	}
	file, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	m := &measuring{file: file}
	m.lines = linequeue.New(linequeue.Config{Out: file, Failed: func(err error) {
		m.failed.Store(true)
		warn(fmt.Sprintf("the match cannot be measured any more; it goes on: %v", err))
	}})
	m.writer = measurements.NewWriter(m)
	return m, nil
}

// Write takes a line. Once a write has failed, it takes none, so that no line follows one that was cut off.
func (m *measuring) Write(line []byte) (int, error) {
	if m.failed.Load() {
		return len(line), nil
	}
	return m.lines.Write(line)
}

// observe has a client report what it does.
func (m *measuring) observe(cfg *dial.Config) {
	if m != nil {
		cfg.Observer = m.writer
	}
}

// close writes the rest of the file.
func (m *measuring) close() {
	if m != nil && m.lines.Flush(5*time.Second) {
		m.file.Close()
	}
}

// ofMeasurements makes the result of a match that a client has measured.
func (f *labFlags) ofMeasurements(cmd *cobra.Command) error {
	file, err := os.Open(f.from)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	defer file.Close()
	match, err := measurements.Read(file)
	if err != nil {
		return fmt.Errorf("--from %s: %w", f.from, err)
	}
	result, err := lab.OfMeasurements(match)
	if err != nil {
		return fmt.Errorf("--from %s: %w", f.from, err)
	}
	if err := lab.WriteText(cmd.OutOrStdout(), result); err != nil {
		return err
	}
	return f.write(result)
}
