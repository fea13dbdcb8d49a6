package server

import (
	"sync"

	"pong/internal/wire"
	"pong/netcode/sealed"
)

// players finds the control connection of a session. Lines to one that does not read are bounded: it is closed.
type players struct {
	mu    sync.Mutex                       // guards what follows
	lines map[sealed.ID]chan *wire.Message // by pointer: most queues are empty, and a message is 300 bytes
}

func newPlayers() *players { return &players{lines: make(map[sealed.ID]chan *wire.Message)} }

// add returns the lines for a session's connection, in order; the channel is closed when there will be no more.
func (p *players) add(id sealed.ID) <-chan *wire.Message {
	lines := make(chan *wire.Message, maxLinesAhead)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines[id] = lines
	return lines
}

// send puts a line in the queue of a session. An ERROR is the last one.
func (p *players) send(id sealed.ID, m wire.Message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	lines, ok := p.lines[id]
	if !ok {
		return
	}
	select {
	case lines <- &m:
		if m.Type != wire.Error {
			return
		}
	default:
	}
	delete(p.lines, id)
	close(lines)
}

func (p *players) remove(id sealed.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if lines, ok := p.lines[id]; ok {
		delete(p.lines, id)
		close(lines)
	}
}
