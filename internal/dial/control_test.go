package dial_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pong/internal/dial"
	"pong/internal/trust"
)

// refused fails the test unless there is an error whose text contains all words.
func refused(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("the client has joined, want an error with %q", words)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error is\n  %v\nand lacks %q", err, w)
		}
	}
}

// TestDial_RefusesAWrongFingerprint dials a server that is not the one that --trust or the link names. No line is sent
// to it.
func TestDial_RefusesAWrongFingerprint(t *testing.T) {
	f, other := serveTLS(t, nil, answers(line(welcome()))), newIdentity(t).Fingerprint()
	_, err := join(t, dial.Config{Address: f.address, Trust: other.String()})
	refused(t, err, f.address, other.String(), f.key(), "ask the operator")
	link := trust.JoinLink{Address: f.address, Key: other, HasKey: true}.String()
	_, err = join(t, dial.Config{Address: link})
	refused(t, err, other.String(), f.key())
	_, err = join(t, dial.Config{Address: link, Trust: f.key()})
	refused(t, err, "different servers")
	if n := len(f.received()); n != 0 {
		t.Errorf("%d lines were sent to a server that is not trusted", n)
	}
	if _, err = join(t, dial.Config{Address: f.address, Trust: f.key()}); err != nil {
		t.Errorf("with the right fingerprint: %v", err)
	}
}

// TestDial_RefusesAChangedIdentity dials a server that has another identity than the one that is pinned for its
// address. The person is not asked.
func TestDial_RefusesAChangedIdentity(t *testing.T) {
	f, other := serveTLS(t, nil, answers(line(welcome()))), newIdentity(t).Fingerprint()
	file := filepath.Join(t.TempDir(), "known_servers")
	if err := trust.NewPins(file).Store(trust.Pin{Address: f.address, Key: other, Date: time.Now()}); err != nil {
		t.Fatal(err)
	}
	var asked []dial.Question
	_, err := join(t, dial.Config{Address: f.address, PinFile: file, Ask: always(true, &asked)})
	refused(t, err, "has changed", other.String(), f.key(), "\n  pong trust forget "+f.address)
	if len(asked) > 0 || len(f.received()) > 0 {
		t.Errorf("asked %d times, %d lines sent: a changed identity is a hard stop", len(asked), len(f.received()))
	}
}

// TestDial_RefusesAnUnknownServer dials an unknown server when there is nobody to ask, and when the answer is no.
func TestDial_RefusesAnUnknownServer(t *testing.T) {
	f := serveTLS(t, nil, answers(line(welcome())))
	_, err := join(t, dial.Config{Address: f.address})
	refused(t, err, "not known", f.key(), "--trust")
	var asked []dial.Question
	_, err = join(t, dial.Config{Address: f.address, Ask: always(false, &asked)})
	refused(t, err, "not trusted")
	if len(asked) != 1 || asked[0] != (dial.Question{Host: f.address, Fingerprint: f.key()}) {
		t.Errorf("the questions are %v, want one with the address and the fingerprint as the server prints it", asked)
	}
	if n := len(f.received()); n != 0 {
		t.Errorf("%d lines were sent to a server that is not trusted", n)
	}
}

// TestDial_AsksOnce accepts an unknown server. Its pin is stored, so the next dial does not ask.
func TestDial_AsksOnce(t *testing.T) {
	f := serveTLS(t, nil, answers(line(welcome())))
	file := filepath.Join(t.TempDir(), "pong", "known_servers")
	var asked []dial.Question
	cfg := dial.Config{Address: f.address, PinFile: file, Ask: always(true, &asked)}
	for range 2 {
		if _, err := join(t, cfg); err != nil {
			t.Fatal(err)
		}
	}
	if len(asked) != 1 {
		t.Errorf("asked %d times, want once", len(asked))
	}
	if pin, err := trust.NewPins(file).Lookup(f.address); err != nil || pin == nil || pin.String() != f.key() {
		t.Errorf("the pin is %v (%v), want %s", pin, err, f.key())
	}
	cfg.Ask = nil
	if _, err := join(t, cfg); err != nil {
		t.Errorf("a pinned server, with nobody to ask: %v", err)
	}
}

// TestDial_RefusesAnotherServerThanThePersonSaw has another server answer once the person has accepted the first one.
func TestDial_RefusesAnotherServerThanThePersonSaw(t *testing.T) {
	first, second := newIdentity(t), newIdentity(t)
	now := first
	f := serveTLS(t, &tls.Config{
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return now.Leaf(time.Now()) },
	}, answers(line(welcome())))
	file := filepath.Join(t.TempDir(), "known_servers")
	_, err := join(t, dial.Config{Address: f.address, PinFile: file, Ask: func(context.Context, dial.Question) bool {
		now = second
		return true
	}})
	refused(t, err, first.Fingerprint().String(), second.Fingerprint().String())
	if _, err := os.Stat(file); err == nil {
		t.Error("a pin was stored for a server that was not joined")
	}
}

// TestDial_ExplainsOtherKindsOfServers dials servers of other protocols. Each error is one sentence and comes at once.
func TestDial_ExplainsOtherKindsOfServers(t *testing.T) {
	old := &tls.Config{MaxVersion: tls.VersionTLS12}
	foreign := &tls.Config{NextProtos: []string{"h2", "http/1.1"}}
	none := &tls.Config{NextProtos: []string{}}
	for _, test := range []struct {
		name  string
		f     *fake
		words []string
	}{
		{"TLS 1.2", serveTLS(t, old, waitForEnd), []string{"a Pong server", "another version"}},
		{"another ALPN", serveTLS(t, foreign, waitForEnd), []string{"a Pong server", "another version"}},
		{"no ALPN", serveTLS(t, none, waitForEnd), []string{"a Pong server", "another version"}},
		{"HTTP", serveTCP(t, answers("HTTP/1.1 400 Bad Request\r\n\r\n")), []string{"a Pong server"}},
		{"SSH", serveTCP(t, answers("SSH-2.0-OpenSSH_9.9\r\n")), []string{"a Pong server"}},
		{"closes", serveTCP(t, func(net.Conn) {}), []string{"a Pong server", "overloaded"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			var asked []dial.Question
			_, err := join(t, dial.Config{
				Address: test.f.address, Ask: always(true, &asked), Patience: time.Millisecond,
			})
			refused(t, err, append(test.words, test.f.address)...)
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("the error has several lines:\n%v", err)
			}
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("it took %v", took)
			}
			if len(asked) > 0 {
				t.Error("the person was asked about a server that is not a Pong server")
			}
			t.Log(err)
		})
	}
}

// TestDial_ExplainsThatNothingAnswers dials a closed port and unusable Configs. The errors name what to check.
func TestDial_ExplainsThatNothingAnswers(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	_, err = join(t, dial.Config{Address: address})
	refused(t, err, address, "refused", "is the server running")
	_, err = join(t, dial.Config{Address: ""})
	refused(t, err, "address is empty")
	_, err = join(t, dial.Config{Address: "127.0.0.1", Name: "a\x1b[2J"})
	refused(t, err, "name")
	_, err = join(t, dial.Config{Address: "127.0.0.1", Trust: "12:34"})
	refused(t, err, "fingerprint")
}

// TestDial_EndsWhileThePersonIsAsked cancels a Dial that waits for the person's answer. The error is not that of a
// "no".
func TestDial_EndsWhileThePersonIsAsked(t *testing.T) {
	f := serveTLS(t, nil, answers(line(welcome())))
	ctx, cancel := context.WithCancel(t.Context())
	_, err := dial.Dial(ctx, dial.Config{Address: f.address, Ask: func(ctx context.Context, _ dial.Question) bool {
		cancel()
		<-ctx.Done()
		return false
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Dial ends with %v, want %v", err, context.Canceled)
	}
}
