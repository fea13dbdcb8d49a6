package server_test

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"time"

	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// trickle writes bytes one at a time until a write fails or stop is called.
func trickle(c net.Conn, bytes []byte, every time.Duration) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for i := range bytes {
			if _, err := c.Write(bytes[i : i+1]); err != nil {
				return
			}
			select {
			case <-done:
				return
			case <-time.After(every):
			}
		}
	}()
	return func() { close(done); <-ended }
}

// A raw is a control connection over which a test sends and receives lines itself.
type raw struct {
	*rig
	*tls.Conn
	lines *bufio.Reader
}

// dialTLS opens a control connection without a JOIN.
func (r *rig) dialTLS(ip string) *raw {
	r.Helper()
	return r.handshake(r.dialStream(ip))
}

// handshake does the TLS handshake on a connection.
func (r *rig) handshake(tcp net.Conn) *raw {
	r.Helper()
	c := tls.Client(tcp, clientTLS())
	if err := c.HandshakeContext(r.Context()); err != nil {
		r.Fatalf("handshake: %v", err)
	}
	return &raw{r, c, bufio.NewReader(c)}
}

func clientTLS() *tls.Config {
	return &tls.Config{InsecureSkipVerify: true, NextProtos: []string{wire.ALPN}, MinVersion: tls.VersionTLS13}
}

// dialStream opens a connection without TLS.
func (r *rig) dialStream(ip string) net.Conn {
	r.Helper()
	c, err := r.net.Host(ip).DialStream(r.Context(), controlAddr.String())
	if err != nil {
		r.Fatalf("dial from %s: %v", ip, err)
	}
	return c
}

func (c *raw) send(line string) {
	c.Helper()
	if _, err := c.Write([]byte(line + "\n")); err != nil {
		c.Fatalf("send %.60q: %v", line, err)
	}
}

// next returns the next line that is no PRESENCE.
func (c *raw) next() wire.Message {
	c.Helper()
	_ = c.SetReadDeadline(time.Now().Add(2 * time.Minute))
	for {
		line, err := c.lines.ReadBytes('\n')
		if err != nil {
			c.Fatalf("read the next line: %v", err)
		}
		m, err := wire.ParseLine(line)
		if err != nil {
			c.Fatalf("the server sent %q: %v", line, err)
		}
		if m.Type != wire.Presence {
			return m
		}
	}
}

// wantRefused fails unless the next line is an ERROR with a code and the connection ends after it.
func (c *raw) wantRefused(code string) {
	c.Helper()
	if m := c.next(); m.Type != wire.Error || m.Code != code || m.Message == "" {
		c.Errorf("the server sent %s %q %q, want ERROR with the code %q and a reason", m.Type, m.Code, m.Message, code)
	}
	if _, err := c.lines.ReadByte(); err == nil {
		c.Error("the server sends more after an ERROR")
	}
}

// stayOnline registers the player of a WELCOME and keeps the game channel alive until stop is called. It receives
// nothing, so it echoes STATEs that the server must have sent a moment ago: their stamps count from REGISTER.
func (c *raw) stayOnline(w wire.Message) (stop func()) {
	c.Helper()
	id, keys := c.keys(w)
	token, _ := base64.RawURLEncoding.DecodeString(w.Token)
	register := wire.AppendRegister(nil, netcode.Stamp{},
		wire.Register{PlayerID: uint8(w.PlayerID), Token: [wire.TokenLen]byte(token)})
	from := netip.AddrPortFrom(c.LocalAddr().(*net.TCPAddr).AddrPort().Addr(), 4000)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		began := time.Now()
		for plain := register; ; plain = wire.AppendPing(nil, netcode.Stamp{
			Echo: uint32((time.Since(began) - 100*time.Millisecond).Microseconds()),
		}) {
			if b, err := keys.Seal(nil, plain); err != nil {
				panic(fmt.Sprintf("session %v: %v", id, err))
			} else {
				c.games[0].Inject(from, b)
			}
			select {
			case <-done:
				return
			case <-time.After(time.Second):
			}
		}
	}()
	return func() { close(done); <-ended }
}

// keys returns the client's end of the game channel of a WELCOME.
func (c *raw) keys(w wire.Message) (sealed.ID, *sealed.Session) {
	c.Helper()
	b, err := hex.DecodeString(w.Session)
	if err != nil || len(b) != len(sealed.ID{}) {
		c.Fatalf("session id %q", w.Session)
	}
	id, state := sealed.ID(b), c.ConnectionState()
	s, err := sealed.NewClient(&state, id, sealed.Config{Label: wire.KeyLabel})
	if err != nil {
		c.Fatal(err)
	}
	return id, s
}

const joinLine = `{"type":"JOIN","ts":1,"version":1,"name":"raw"}`
