package server

import (
	"bufio"
	"errors"
	"strings"
	"testing"

	"pong/internal/wire"
	"pong/netcode/sealed"
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

// TestPing_OnlyTheStatusHiddenHides sends PINGs with several values of status.
func TestPing_OnlyTheStatusHiddenHides(t *testing.T) {
	s := newTestServer(t)
	p := &player{id: sealed.ID{1}, loop: s.loops[0]}
	p.lines = s.players.add(p.id)
	for _, c := range []struct {
		ping string
		want bool
	}{
		{`{"type":"PING"}`, false}, {`{"type":"PING","status":"hidden"}`, true},
		{`{"type":"PING","status":"hidden"}`, true}, {`{"type":"PING","status":"Hidden"}`, false},
		{`{"type":"PING","status":"hidden"}`, true}, {`{"type":"PING","status":"silent"}`, false},
		{`{"type":"PING","status":"hidden"}`, true}, {`{"type":"PING","status":null}`, false},
	} {
		if err := s.handleLine(p, []byte(c.ping), nil); err != nil || p.hidden != c.want {
			t.Errorf("after %s the player is hidden: %v, %v; want %v", c.ping, p.hidden, err, c.want)
		}
	}
}
