package server

import (
	"bufio"
	"bytes"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"pong/internal/names"
	"pong/internal/shard"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// TestReadJoin_MakesTheName sends a name that is not in normalization form NFC, and one that is refused.
func TestReadJoin_MakesTheName(t *testing.T) {
	for typed, want := range map[string]string{"Zoe\u0308": "Zoë", "  Ann  Lee ": "Ann Lee", "\u200dAnn": ""} {
		line := wire.AppendLine(nil, wire.Message{Type: wire.Join, Version: wire.Version, Name: typed})
		join, code, err := new(server).readJoin(bufio.NewReaderSize(bytes.NewReader(line), lineBuffer), func() {})
		if (err == nil && join.Name != want) || (err != nil && (want != "" || code != wire.CodeName)) {
			t.Errorf("the name %+q in JOIN becomes %+q with the code %q: %v, want %+q", typed, join.Name, code, err,
				want)
		}
	}
}

// FuzzControlLine gives any bytes to the reader of a player's control lines, and to that of the first line. The reader
// must end with the bytes, and each answer must be a line that a client can read. No line may follow an ERROR.
func FuzzControlLine(f *testing.F) {
	for _, seed := range []string{
		"", "\n", "{}\n", `{"type":"PING","ts":1}` + "\n", `{"type":"REMATCH"}` + "\n" + `{"type":"LEAVE"}` + "\n",
		`{"type":"JOIN","version":1,"name":"a"}` + "\n",
		`{"type":"JOIN","version":1,"name":"a","resume":"AAAA"}` + "\n",
		`{"type":"\ud800"}` + "\n", `{"type":"PING","type":"PING"}` + "\n", `[` + strings.Repeat("[", 3000) + "\n",
		`{"version":` + strings.Repeat("9", 4000) + "}\n", strings.Repeat("x", 5000),
		strings.Repeat(`{"type":"PING"}`+"\n", 60),
	} {
		f.Add([]byte(seed))
	}
	s := newTestServer(f)
	nowhere, _ := net.Pipe()
	codes := []string{wire.CodeBadLine, wire.CodeVersion, wire.CodeRole, wire.CodeName, wire.CodeRoom}
	var serial uint64
	f.Fuzz(func(t *testing.T, sent []byte) {
		join, code, err := s.readJoin(bufio.NewReaderSize(bytes.NewReader(sent), lineBuffer), func() {})
		if errors.Is(err, errListed) {
			if !bytes.Contains(sent, []byte("LIST")) {
				t.Errorf("%q counts as a LIST", sent)
			}
		} else if err != nil {
			if !slices.Contains(codes, code) {
				t.Errorf("%q is refused with the code %q, want one of %v", sent, code, codes)
			}
			readable(t, refusal(code, err))
		} else if name, err := names.Parse(join.Name); err != nil || name != join.Name {
			t.Errorf("%+q may join, want %+q, %v", join.Name, name, err)
		}

		serial++
		p := player{id: sealed.ID{byte(serial >> 16), byte(serial >> 8), byte(serial)}, loop: s.loops[0]}
		p.lines = s.players.add(p.id)
		p.loop.do(func(now time.Time) {
			if err := p.loop.shard.Join(now, shard.JoinRequest{ID: p.id, Name: "fuzz"}); err != nil {
				t.Fatal(err)
			}
		})
		s.readLines(nowhere, bufio.NewReaderSize(bytes.NewReader(sent), lineBuffer), &p)
		p.loop.do(func(now time.Time) { p.loop.shard.ControlLost(now, p.id, shard.ConnectionClosed) })
		s.players.remove(p.id)
		last := ""
		for m := range p.lines {
			if last == wire.Error {
				t.Errorf("%s follows an ERROR", m.Type)
			}
			last = m.Type
			readable(t, *m)
		}
		if n := p.loop.players.Load(); n != 0 {
			t.Errorf("%d players are left, want none", n)
		}
	})
}

// readable fails unless a message can be written and read as a line.
func readable(t *testing.T, m wire.Message) {
	t.Helper()
	line := wire.AppendLine(nil, m)
	if got, err := wire.ParseLine(line); err != nil || got != m || len(line) > 1024 {
		t.Errorf("an answer of %d bytes cannot be read: %q: %v", len(line), line, err)
	}
}
