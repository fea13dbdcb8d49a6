package dial_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"pong/internal/dial"
	"pong/internal/trust"
	"pong/internal/wire"
)

// A fake is a server that does what a test wants, on a real port of the loopback interface.
type fake struct {
	address  string
	identity *trust.Server

	mu    sync.Mutex // guards what follows
	conns int
	lines []wire.Message // from clients
}

// newIdentity returns a server's identity.
func newIdentity(t *testing.T) *trust.Server {
	t.Helper()
	identity, err := trust.NewIdentity(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return identity
}

// serveTCP runs a fake that gives each connection to handle.
func serveTCP(t *testing.T, handle func(net.Conn)) *fake {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{address: l.Addr().String()}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			f.mu.Lock()
			f.conns++
			f.mu.Unlock()
			all.Go(func() {
				defer conn.Close()
				handle(conn)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		all.Wait()
	})
	return f
}

// serveTLS runs a fake with the TLS of a Pong server, or of config, that reads a line and calls handle.
func serveTLS(t *testing.T, config *tls.Config, handle func(net.Conn)) *fake {
	t.Helper()
	identity := newIdentity(t)
	if config == nil {
		config = &tls.Config{}
	}
	pong := trust.ServerTLS(identity, time.Now)
	if config.NextProtos == nil {
		config.NextProtos = pong.NextProtos
	}
	if config.GetCertificate == nil {
		config.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return identity.Leaf(time.Now())
		}
	}
	var f *fake
	f = serveTCP(t, func(raw net.Conn) {
		conn := tls.Server(raw, config)
		defer conn.Close()
		line, err := wire.ReadLine(bufio.NewReader(conn))
		if err != nil {
			return
		}
		m, err := wire.ParseLine(line)
		if err != nil {
			t.Errorf("the client sends %q: %v", line, err)
		}
		f.mu.Lock()
		f.lines = append(f.lines, m)
		f.mu.Unlock()
		handle(conn)
	})
	f.identity = identity
	return f
}

// answers returns what a fake does to answer JOIN with a text and then wait until the client hangs up.
func answers(text string) func(net.Conn) {
	return func(c net.Conn) {
		_, _ = c.Write([]byte(text))
		waitForEnd(c)
	}
}

// waitForEnd reads until the other side leaves or hangs up.
func waitForEnd(c net.Conn) {
	var b [512]byte
	for {
		n, err := c.Read(b[:])
		if err != nil || bytes.Contains(b[:n], []byte(wire.Leave)) {
			return
		}
	}
}

// welcome is the WELCOME of a fake. Nothing answers at its game port.
func welcome() wire.Message {
	return wire.Message{
		Type: wire.Welcome, TS: 1, PlayerID: 1, UDPPort: 9,
		Session: "0102030405060708", Token: "AAAAAAAAAAAAAAAAAAAAAA",
		Resume: "AAAAAAAAAAAAAAAAAAAAAA", Match: "m1", Rules: "default", Points: 11, TickRate: 60, StateRate: 20,
	}
}

func line(m wire.Message) string { return string(wire.AppendLine(nil, m)) }

// key is the fingerprint of the fake.
func (f *fake) key() string { return f.identity.Fingerprint().String() }

// received returns the lines of clients.
func (f *fake) received() []wire.Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.lines)
}

// join dials for a test and closes the client at its end.
func join(t *testing.T, cfg dial.Config) (*dial.Client, error) {
	t.Helper()
	c, err := dial.Dial(t.Context(), cfg)
	if err == nil {
		t.Cleanup(func() { c.Close() })
	}
	return c, err
}

// always is an Ask with one answer, which keeps the questions.
func always(answer bool, asked *[]dial.Question) func(context.Context, dial.Question) bool {
	return func(_ context.Context, q dial.Question) bool {
		*asked = append(*asked, q)
		return answer
	}
}
