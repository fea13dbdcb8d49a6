//go:build siege && linux

package siege

import (
	"bytes"
	"crypto/ed25519"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pong/internal/ticket"
	"pong/internal/wire"
)

// signTicket returns a ticket that is valid for an hour, changed by change unless it is nil, signed by the key of a
// seed.
func signTicket(t testing.TB, n int, seed byte, change func(*ticket.Ticket)) string {
	t.Helper()
	made := ticket.Ticket{
		ID: ticket.ID{byte(n >> 8), byte(n), 1}, Role: ticket.Player,
		NotBefore: ticket.SecondsOf(time.Now()), Expires: ticket.SecondsOf(time.Now().Add(time.Hour)),
	}
	if change != nil {
		change(&made)
	}
	text, err := ticket.Sign(made, ticketKey(seed))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func ticketKey(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

// TestTickets_AdmitNobodyElse sends forged tickets, valid ones from several clients at once, and tickets again whose
// player has left.
func TestTickets_AdmitNobodyElse(t *testing.T) {
	public := ticket.FormatKey(ticketKey(1).Public().(ed25519.PublicKey))
	s := serve(t, "--max-per-address", "0", "--shards", "2", "--tickets", public)
	forged := map[string]func(n int) string{
		"ticket_missing": func(int) string { return "" },
		"ticket_invalid": func(n int) string {
			good := []byte(signTicket(t, n, 1, nil))
			good[n%150]++
			return string(good)
		},
		"ticket_expired": func(n int) string {
			return signTicket(t, n, 1, func(t *ticket.Ticket) { t.NotBefore, t.Expires = 1, t.NotBefore-61 })
		},
		"ticket_early": func(n int) string {
			return signTicket(t, n, 1, func(t *ticket.Ticket) { t.NotBefore += 120 })
		},
		"ticket_server": func(n int) string {
			return signTicket(t, n, 1, func(t *ticket.Ticket) { t.Server[0] = 9 })
		},
		"ticket_role": func(n int) string {
			return signTicket(t, n, 1, func(t *ticket.Ticket) { t.Role = ticket.Watcher })
		},
		"another key": func(n int) string { return signTicket(t, n, 2, nil) },
	}
	admitted, sent, before := 0, either(20, 200), s.cpu()
	for kind, text := range forged {
		for n := range sent {
			seat, err := joinServer(source(n), s.control, wire.Message{Ticket: text(n)})
			if err == nil {
				admitted++
				seat.leave()
			} else if code := "ticket_"; !strings.Contains(err.Error(), code) {
				t.Errorf("%s: %v, want a code with %s", kind, err, code)
			}
		}
	}
	refused := float64(s.cpu()-before) / float64(time.Millisecond) / float64(sent*len(forged))
	figure("ticket_refused_cpu", refused, "ms, with the handshake", reportOnly)
	mustFigure(t, "tickets_forged_admitted", float64(admitted), "", atMost(0))

	// Each ticket is used by eight clients at once; a place lasts until the client leaves.
	tickets, twice, never := either(10, 100), 0, 0
	for n := range tickets {
		text, seats := signTicket(t, n, 1, nil), make([]*seat, 8)
		var all sync.WaitGroup
		var in atomic.Int64
		for i := range seats {
			all.Go(func() {
				var err error
				if seats[i], err = joinServer(source(i), s.control, wire.Message{Ticket: text}); err == nil {
					in.Add(1)
				} else if !strings.Contains(err.Error(), wire.CodeTicketInUse) {
					t.Errorf("a ticket that is used 8 times at once: %v, want %s", err, wire.CodeTicketInUse)
				}
			})
		}
		all.Wait()
		switch {
		case in.Load() > 1:
			twice++
		case in.Load() == 0:
			never++
		}
		for _, seat := range seats {
			if seat != nil {
				seat.leave()
			}
		}
		poll(t, 10*time.Second, "the ticket is free again", func() bool {
			seat, err := joinServer(source(9), s.control, wire.Message{Ticket: text})
			if err == nil {
				seat.leave()
			}
			return err == nil
		})
	}
	mustFigure(t, "tickets_used_twice_at_once", float64(twice), "", atMost(0))
	mustFigure(t, "tickets_used_by_nobody", float64(never), "", atMost(0))
}
