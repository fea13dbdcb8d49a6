package wire_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"pong/internal/ticket"
)

// checkTicket signs and checks the tickets of the document.
func checkTicket(t *testing.T, lines []string) {
	for _, f := range groups(lines) {
		want := ticket.Ticket{
			ID: ticket.ID(f.bytes(t, "id")), Role: ticket.Role(f.int(t, "role")),
			Server:    ticket.Server(f.bytes(t, "server")),
			NotBefore: ticket.Seconds(f.int(t, "from")), Expires: ticket.Seconds(f.int(t, "until")),
			Room: f["room"], Name: f["name"],
		}
		private := ed25519.NewKeyFromSeed(f.bytes(t, "seed"))
		key, err := ticket.ParseKey(f["key"])
		if err != nil || !key.Equal(private.Public()) {
			t.Errorf("the key is %q (%v), want that of the seed", f["key"], err)
		}
		text, err := ticket.Sign(want, private)
		if err != nil || text != f["text"] {
			t.Errorf("the ticket is\n%s (%v), the document says\n%s", text, err, f["text"])
		}
		c := ticket.Checker{
			Keys: []ed25519.PublicKey{key}, Servers: func() []ticket.Server { return []ticket.Server{want.Server} },
		}
		got, err := c.Check(f["text"], time.Unix(int64(want.NotBefore), 0))
		if err != nil || got != want {
			t.Errorf("the ticket says %+v (%v), the document says %+v", got, err, want)
		}
	}
}

// checkRefusedTickets checks that each text has the signature of the document's key, and is refused.
func checkRefusedTickets(t *testing.T, lines []string) {
	first := groups(openDocument(t).examples()["ticket"])[0]
	key, err := ticket.ParseKey(first["key"])
	if err != nil {
		t.Fatal(err)
	}
	c := ticket.Checker{Keys: []ed25519.PublicKey{key}}
	for _, line := range lines {
		text, why, _ := strings.Cut(line, " ")
		all, _ := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "=")) // not strict
		body := all[:max(len(all)-ed25519.SignatureSize, 0)]
		if !ed25519.Verify(key, append([]byte("pong join ticket v1\x00"), body...), all[len(body):]) {
			t.Errorf("%s is not signed: it was to show%s", line, why)
		}
		if got, err := c.Check(text, time.Unix(first.int(t, "from"), 0)); !errors.Is(err, ticket.ErrInvalid) {
			t.Errorf("%s is taken as %+v (%v), in spite of%s", text, got, err, why)
		}
	}
}
