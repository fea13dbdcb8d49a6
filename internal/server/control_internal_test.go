package server

import (
	"bufio"
	"errors"
	"strings"
	"testing"

	"pong/internal/wire"
)

func TestReadLine_Lengths(t *testing.T) {
	for _, c := range []struct {
		length int
		ok     bool
	}{
		{lineBuffer - 1, true}, {lineBuffer, true}, {lineBuffer + 1, true}, {wire.MaxLine, true},
		{wire.MaxLine + 1, false}, {2 * wire.MaxLine, false},
	} {
		text := `{"type":"PING","ts":7}`
		text += strings.Repeat(" ", c.length-len(text)-1) + "\n"
		m, err := readLine(bufio.NewReaderSize(strings.NewReader(text), lineBuffer))
		if ok := err == nil && m.TS == 7; ok != c.ok || !c.ok && !errors.Is(err, errLine) {
			t.Errorf("readLine of %d bytes = %+v, %v; want success %v", c.length, m, err, c.ok)
		}
	}
}
