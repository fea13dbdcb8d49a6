package shard

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/ticket"
)

func TestSaved_Bytes(t *testing.T) {
	r := Saved{
		Serial: 7, Name: "m7", Room: "maple-42", Rules: game.DefaultRules(), Lineup: 3, Game: 2,
		State: game.New(game.DefaultRules(), 1),
		Seats: [2]SavedSeat{
			{Name: "Zoë", Holder: netip.MustParsePrefix("10.0.0.1/32"), Resume: [32]byte{1}},
			{Name: "Ann", Holder: netip.MustParsePrefix("2001:db8::/64"), Resume: [32]byte{2}, Ticket: ticket.ID{3},
				Rematch: true},
		},
	}
	b := r.Append(nil)
	got, err := ParseSaved(b)
	if err != nil || *got != r {
		t.Errorf("parsed %+v, %v; want %+v", got, err, r)
	}
	for n := range b {
		if _, err := ParseSaved(b[:n]); err == nil {
			t.Errorf("%d of %d bytes are parsed", n, len(b))
		}
	}
	long := r
	long.Name, long.Seats[0].Name = strings.Repeat("m", 20), strings.Repeat("a", 256)
	long.Seats[1].Name, long.Room = long.Seats[0].Name, strings.Repeat("r", 32)
	if n := len(long.Append(nil)); n > MaxSaved {
		t.Errorf("a match takes %d bytes, want at most %d", n, MaxSaved)
	}
}

// FuzzParseSaved checks that what is parsed is written the same way, and can be restored.
func FuzzParseSaved(f *testing.F) {
	r := Saved{
		Serial: 7, Name: "m7", Rules: game.DefaultRules(), Game: 2, State: game.New(game.DefaultRules(), 1),
		Seats: [2]SavedSeat{
			{Name: "a", Resume: [32]byte{1}}, {Name: "b", Holder: netip.MustParsePrefix("10.0.0.1/32")},
		},
	}
	f.Add(r.Append(nil))
	f.Add([]byte{})
	f.Add(binary.BigEndian.AppendUint16(r.Append(nil)[:47], 0xffff))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ParseSaved(b)
		if err != nil {
			return
		}
		if again := r.Append(nil); !bytes.Equal(again, b) {
			t.Fatalf("%x is written as %x", b, again)
		}
		d, _ := newSavingShard(t, func(cfg *Config) { cfg.Rules = r.Rules })
		if err := d.Restore(d.now, r); err != nil {
			t.Fatal(err)
		}
		d.run(2 * time.Second)
	})
}
