package server

import (
	"bytes"
	"net"
	"testing"
	"time"

	"pong/internal/wire"
	"pong/netcode/sealed"
)

// TestPlayers_FullQueueEndsWithAnError queues lines for a client that does not read.
func TestPlayers_FullQueueEndsWithAnError(t *testing.T) {
	p, id := newPlayers(), sealed.ID{1}
	queue := p.add(id)
	for range maxLinesAhead + 10 {
		p.send(id, wire.Message{Type: wire.Pong})
	}
	n := 0
	var last *wire.Message
	for m := range queue {
		n++
		last = m
	}
	if n != maxLinesAhead+1 || last.Type != wire.Error || last.Code != wire.CodeBadLine {
		t.Errorf("%d lines were queued, the last of them %s %s, want %d and an ERROR %s", n, last.Type, last.Code,
			maxLinesAhead+1, wire.CodeBadLine)
	}
}

// A writeCounter is a connection that counts the calls of Write.
type writeCounter struct {
	net.Conn
	bytes.Buffer
	writes int
}

func (c *writeCounter) SetWriteDeadline(time.Time) error { return nil }
func (c *writeCounter) Write(b []byte) (int, error)      { c.writes++; return c.Buffer.Write(b) }
func (c *writeCounter) Read(b []byte) (int, error)       { return c.Buffer.Read(b) }

// TestList_IsWrittenOnce writes an answer of many lines, which is made once for all clients.
func TestList_IsWrittenOnce(t *testing.T) {
	lines := bytes.Repeat([]byte("a line\n"), wire.MaxListed)
	s := &server{listing: listing{at: time.Now().Add(time.Hour), lines: lines}}
	c := new(writeCounter)
	if !s.writeLine(c, theList) || c.writes != 1 || c.Len() != len(lines) {
		t.Errorf("%d bytes were written in %d writes, want %d in one", c.Len(), c.writes, len(lines))
	}
}
