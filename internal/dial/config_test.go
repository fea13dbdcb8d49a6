package dial

import (
	"bytes"
	"crypto/ed25519"
	"testing"

	"pong/internal/ticket"
)

// ticketFor returns a ticket with a name and a room.
func ticketFor(t *testing.T, name, room string) string {
	t.Helper()
	text, err := ticket.Sign(
		ticket.Ticket{ID: ticket.ID{1}, Role: ticket.Player, Expires: 1, Name: name, Room: room},
		ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize)),
	)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestConfig_FollowsTheTicket(t *testing.T) {
	for _, c := range []struct{ name, room, wantName, wantRoom string }{
		{"Ann", "oak-7", "Ann", "oak-7"},
		{"Ann", "", "Ann", "elm-3"},
		{"", "oak-7", "nobody", "oak-7"},
		{"", "", "nobody", "elm-3"},
	} {
		cfg, err := Config{Name: "nobody", Room: "elm-3", Ticket: ticketFor(t, c.name, c.room)}.checked()
		if err != nil || cfg.Name != c.wantName || cfg.Room != c.wantRoom {
			t.Errorf("a ticket for %q in %q: name %q, room %q, %v, want %q and %q", c.name, c.room, cfg.Name, cfg.Room,
				err, c.wantName, c.wantRoom)
		}
	}
	for _, text := range []string{"x", ticketFor(t, "Ann", "")[1:], ticketFor(t, "Ann", "")[:99],
		ticketFor(t, "\u200b", "")} {
		if cfg, err := (Config{Ticket: text}).checked(); err == nil {
			t.Errorf("the ticket %q is taken: %+v", text, cfg)
		}
	}
}
