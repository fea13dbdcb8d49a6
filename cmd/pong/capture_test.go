package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"net"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/trust"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// A knowing player is one whose secrets the test knows, because it joins without package dial.
type knowing struct {
	testing.TB
	welcome wire.WelcomeFields
	session *client.Session
	game    *net.UDPConn
}

func joinKnowing(t testing.TB, server *servingProcess, host, name string) *knowing {
	t.Helper()
	link, err := trust.ParseAddress(server.Link, trust.DefaultPort)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := tls.Dial("tcp", server.address(host), trust.ClientTLS(host,
		func(peer []*x509.Certificate) (trust.Verdict, trust.Fingerprint, error) {
			return trust.Decide(time.Now(), link.Address, &link.Key, nil, peer, nil)
		}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	k := &knowing{TB: t}
	_, _ = conn.Write(wire.AppendLine(nil, wire.Message{Type: wire.Join, Version: wire.Version, Name: name,
		Role: wire.RolePlayer}))
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	line, err := wire.ReadLine(bufio.NewReader(conn))
	if err != nil {
		t.Fatal(err)
	}
	m, err := wire.ParseLine(line)
	if err != nil || m.Type != wire.Welcome {
		t.Fatalf("the server answered JOIN with %s, error %v", line, err)
	}
	if k.welcome, err = wire.ParseWelcome(m, false); err != nil {
		t.Fatal(err)
	}
	k.open(conn, &net.UDPAddr{IP: net.ParseIP(host), Port: k.welcome.UDPPort})
	return k
}

// open creates the session of the game channel.
func (k *knowing) open(conn *tls.Conn, to *net.UDPAddr) {
	k.Helper()
	state := conn.ConnectionState()
	keys, err := sealed.NewClient(&state, k.welcome.Session, sealed.Config{Label: wire.KeyLabel})
	if err != nil {
		k.Fatal(err)
	}
	if k.game, err = net.DialUDP("udp", nil, to); err != nil {
		k.Fatal(err)
	}
	k.Cleanup(func() { k.game.Close() })
	k.session = client.NewSession(time.Now(), client.SessionConfig{
		Welcome: k.welcome, Sealed: keys, Send: func(b []byte) { _, _ = k.game.Write(b) },
	})
}

// hold plays with one key held until a point is scored. The player loses, because its paddle stays at the wall.
func (k *knowing) hold(key game.Input) {
	k.Helper()
	buffer := make([]byte, sealed.MaxDatagram+1)
	for late := time.Now().Add(patience); time.Now().Before(late); {
		_ = k.game.SetReadDeadline(time.Now().Add(time.Second / game.TickRate))
		if n, err := k.game.Read(buffer); err == nil {
			k.session.Receive(time.Now(), buffer[:n])
		}
		now := time.Now()
		k.session.Update(now, key)
		if v := k.session.Frame(now); v.Score[0]+v.Score[1] > 0 {
			return
		}
	}
	k.Fatalf("no point was scored within %v", patience)
}

// TestCapture_ContainsNothingInClear records a whole match: nobody learns a token, a name or a move from it.
func TestCapture_ContainsNothingInClear(t *testing.T) {
	t.Parallel()
	server := serve(t, "--points", "1")
	tap := newTap(t, server)
	host := tap.game.LocalAddr().(*net.UDPAddr).IP.String()
	player := joinKnowing(t, server, host, "Themistokles")
	bot := start(t, "bot", server.address(host), "--trust", server.Fingerprint, "--level", "hard", "--name",
		"Xanthippe")
	player.hold(game.Up)
	bot.end(exitDone)
	tap.close()

	ids := 0 // the session id is in clear; finding it shows that the search would find the rest
	for _, d := range tap.datagrams {
		ids += bytes.Count(d, player.welcome.Session[:])
	}
	if len(tap.datagrams) < 200 || ids < 100 || tap.stream.Len() < 1000 {
		t.Fatalf("the capture is too short for a match: %d datagrams, %d of them the player's, %d bytes of TCP",
			len(tap.datagrams), ids, tap.stream.Len())
	}
	token := player.welcome.Token[:]
	secrets := map[string][]byte{
		"the token": token, "the token in base64": []byte(base64.RawURLEncoding.EncodeToString(token)),
		"the token in hex":  []byte(hex.EncodeToString(token)),
		"the resume secret": []byte(player.welcome.Resume), "a name": []byte("Themistokles"),
		"the other name": []byte("Xanthippe"),
		"a control line": []byte("player_id"), "the type of a line": []byte(wire.Welcome),
	}
	for what, secret := range secrets {
		if len(secret) == 0 {
			t.Fatalf("the test does not know %s", what)
		}
		if bytes.Contains(tap.stream.Bytes(), secret) {
			t.Errorf("the TCP stream contains %s in clear", what)
		}
		for _, d := range tap.datagrams {
			if bytes.Contains(d, secret) {
				t.Errorf("a datagram contains %s in clear", what)
				break
			}
		}
	}
	if again := repeated(tap.datagrams); again != nil {
		t.Errorf("two datagrams contain %x after the header, so the capture shows what stays the same, such as a "+
			"key that is held", again)
	}
	t.Logf("the capture has %d datagrams and %d bytes of TCP", len(tap.datagrams), tap.stream.Len())
}

// repeated returns eight bytes after the header that occur twice in the capture, or nil. In sealed data this would
// happen less than once in a billion matches.
func repeated(datagrams [][]byte) []byte {
	const header, length = 13, 8
	seen := map[string]bool{}
	for _, d := range datagrams {
		for ; len(d) >= header+length; d = d[1:] {
			piece := string(d[header : header+length])
			if seen[piece] {
				return []byte(piece)
			}
			seen[piece] = true
		}
	}
	return nil
}
