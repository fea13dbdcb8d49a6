package server

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"pong/internal/wire"
	"pong/netcode/sealed"
)

// maxLinesAhead is how many lines can wait to be written to a client that does not read.
const maxLinesAhead = 64

// players are the queues of lines of all control connections, by session. The queue of a client that does not read is
// bounded: when it is full an ERROR that says so is the last line, and the connection is closed.
type players struct {
	mu    sync.Mutex                       // guards lines
	lines map[sealed.ID]chan *wire.Message // pointers, because most queues are empty and a message has 300 bytes
}

func newPlayers() *players { return &players{lines: make(map[sealed.ID]chan *wire.Message)} }

// add makes the queue of a session. The channel that it returns is closed after the last line.
func (p *players) add(id sealed.ID) <-chan *wire.Message {
	lines := make(chan *wire.Message, maxLinesAhead+1) // the last place is for an ERROR
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines[id] = lines
	return lines
}

// send queues a line for a session. An ERROR is the last line.
func (p *players) send(id sealed.ID, m wire.Message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	lines, ok := p.lines[id]
	if !ok {
		return
	}
	if len(lines) == maxLinesAhead && m.Type != wire.Error {
		m = unreadLines
	}
	if lines <- &m; m.Type != wire.Error {
		return
	}
	delete(p.lines, id)
	close(lines)
}

// sendAll queues a line for all sessions.
func (p *players) sendAll(m wire.Message) {
	p.mu.Lock()
	ids := slices.Collect(maps.Keys(p.lines))
	p.mu.Unlock()
	for _, id := range ids {
		p.send(id, m)
	}
}

// unreadLines is the last line to a client that does not read what the server sends.
var unreadLines = refusal(wire.CodeBadLine, fmt.Errorf("%w: more than %d lines wait to be read by this client", errLine,
	maxLinesAhead))

// remove closes the queue of a session.
func (p *players) remove(id sealed.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if lines, ok := p.lines[id]; ok {
		delete(p.lines, id)
		close(lines)
	}
}
