package server_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"sync"

	"pong/internal/dial"
)

// A mortalTransport closes at once, when its process is killed, all that a client has opened through it.
type mortalTransport struct {
	dial.Transport

	mu     sync.Mutex // guards what follows
	conns  []net.Conn
	killed bool
}

func (m *mortalTransport) DialStream(ctx context.Context, address string) (net.Conn, error) {
	return m.keep(m.Transport.DialStream(ctx, address))
}

func (m *mortalTransport) DialDatagrams(ctx context.Context, stream net.Conn, port int) (net.Conn, error) {
	return m.keep(m.Transport.DialDatagrams(ctx, stream, port))
}

func (m *mortalTransport) keep(c net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.killed {
		c.Close()
		return nil, net.ErrClosed
	}
	m.conns = append(m.conns, c)
	return c, nil
}

func (m *mortalTransport) kill() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.killed = true
	for _, c := range m.conns {
		c.Close()
	}
}

// kill ends a player as the death of its process does: the server receives no LEAVE, and the note of the seat stays.
func (p *player) kill() {
	notes, _ := filepath.Glob(filepath.Join(p.Config().SeatDir, "*"))
	was := make(map[string][]byte)
	for _, note := range notes {
		was[note], _ = os.ReadFile(note)
	}
	p.transport.kill()
	p.Close()
	for note, text := range was {
		if _, err := os.Stat(note); err != nil {
			_ = os.WriteFile(note, text, 0o600)
		}
	}
}
