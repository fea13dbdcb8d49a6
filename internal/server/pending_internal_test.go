package server

import (
	"bufio"
	"errors"
	"strings"
	"testing"

	"pong/internal/wire"
)

func TestRefusals_AreCountedUntilTaken(t *testing.T) {
	d := newPendingConns()
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

func TestReadLine_Lengths(t *testing.T) {
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
