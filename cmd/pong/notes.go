package main

import (
	"fmt"
	"io"
	"sync"
)

// notes keeps what a player should read once while a screen has the terminal, and prints it afterwards.
type notes struct {
	out io.Writer

	mu   sync.Mutex // guards what follows: a screen dials in a goroutine of its own
	news []string
}

func newNotes(out io.Writer) *notes { return &notes{out: out} }

func (t *notes) keep(news string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.news = append(t.news, news)
}

func (t *notes) print() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, news := range t.news {
		fmt.Fprintf(t.out, "pong: %s\n", news)
	}
}
