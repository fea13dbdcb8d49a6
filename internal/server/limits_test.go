package server

import (
	"bufio"
	"errors"
	"net/netip"
	"strings"
	"testing"

	"pong/internal/wire"
)

func TestNeighbourhood(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"192.0.2.1", "::ffff:192.0.2.1", true},
		{"2001:db8::1", "2001:db8::ffff:2", true}, // one customer has the /64
		{"2001:db8::1", "2001:db8:0:1::1", false},
		{"fe80::1%eth0", "fe80::1%eth1", true}, // a zone is no address
	} {
		got := neighbourhood(netip.MustParseAddr(c.a)) == neighbourhood(netip.MustParseAddr(c.b))
		if got != c.same {
			t.Errorf("%s and %s share their limit: %v, want %v", c.a, c.b, got, c.same)
		}
	}
	if got := neighbourhood(netip.Addr{}); got != (netip.Prefix{}) {
		t.Errorf("connections without an address share the limit of %v", got)
	}
}

func TestRefusalsAreCountedUntilTaken(t *testing.T) {
	d := newDoor()
	d.refuse("tls")
	d.refuse("tls")
	d.refuse("full")
	if got := d.takeRefused(); len(got) != 2 || got["tls"] != 2 || got["full"] != 1 {
		t.Errorf("refused: %v", got)
	}
	if got := d.takeRefused(); len(got) != 0 {
		t.Errorf("refused since then: %v", got)
	}
}

func TestTheLongestLineIsRead(t *testing.T) {
	for _, c := range []struct {
		length int
		read   bool
	}{{shortLine - 1, true}, {shortLine, true}, {shortLine + 1, true}, {wire.MaxLine, true}, {wire.MaxLine + 1, false}, {2 * wire.MaxLine, false}} {
		text := `{"type":"PING","ts":7}`
		text += strings.Repeat(" ", c.length-len(text)-1) + "\n"
		m, err := readLine(bufio.NewReaderSize(strings.NewReader(text), shortLine))
		if read := err == nil && m.TS == 7; read != c.read || !c.read && !errors.Is(err, errLine) {
			t.Errorf("a line of %d bytes: %+v, %v", c.length, m, err)
		}
	}
}
