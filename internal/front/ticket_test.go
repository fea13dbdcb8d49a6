package front

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/ticket"
	"pong/internal/trust"
)

// linkWithTicket returns a join link and the ticket in it.
func linkWithTicket(t *testing.T) (link, text string) {
	t.Helper()
	text, err := ticket.Sign(ticket.Ticket{ID: ticket.ID{1}, Role: ticket.Player, Expires: 1},
		ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize)))
	if err != nil {
		t.Fatal(err)
	}
	l := trust.JoinLink{Address: "pong.example.org:5555", Key: trust.Fingerprint{1}, HasKey: true, Ticket: text}
	return l.String(), text
}

func TestStore_KeepsNoTicket(t *testing.T) {
	link, text := linkWithTicket(t)
	s := Store{Dir: t.TempDir()}
	if err := s.KeepServer(link, time.Now()); err != nil {
		t.Fatal(err)
	}
	all := s.Servers()
	if len(all) != 1 || strings.Contains(all[0].Address, text[:20]) || !strings.Contains(all[0].Address, "#k=") {
		t.Errorf("the servers are %+v, want one with its key and without the ticket", all)
	}
}

func TestInvite_HasNoTicket(t *testing.T) {
	link, text := linkWithTicket(t)
	command, _ := Invite(link, "", "oak-7")
	if strings.Contains(command, text[:20]) || !strings.Contains(command, "&r=oak-7") {
		t.Errorf("the invitation is %s, want the room and no ticket", command)
	}
}

// TestFlow_InvitesNobodyWithoutATicket waits in a room, with a ticket and without one.
func TestFlow_InvitesNobodyWithoutATicket(t *testing.T) {
	link, _ := linkWithTicket(t)
	for address, want := range map[string]bool{link: false, "pong.example.org": true} {
		f := Flow{want: Want{Address: address}, frame: client.Frame{Room: "oak-7"}}
		var c Card
		if f.inviteCard(&c); len(c.Choices) > 0 != want {
			t.Errorf("%.30s: the card offers a command for a friend: %v, want %v", address, !want, want)
		}
	}
}

// TestDialer_TicketIsForItsServer dials the server for which a ticket was given, another one, and a bot.
func TestDialer_TicketIsForItsServer(t *testing.T) {
	link, text := linkWithTicket(t)
	var sent dial.Config
	stop := errors.New("stop")
	d := Dialer{
		Join: dial.Config{Address: "pong.example.org", Ticket: text},
		join: func(_ context.Context, cfg dial.Config) (Session, dial.Config, error) {
			sent = cfg
			return nil, cfg, stop
		},
	}
	for address, want := range map[string]string{
		"pong.example.org:5555": text, link: text, "192.168.1.7": "", "pong.example.org:6000": "",
	} {
		_, err := d.Dial(t.Context(), Want{Kind: Quick, Address: address, Name: "Ann"}, nil)
		if !errors.Is(err, stop) || sent.Ticket != want {
			t.Errorf("%.30s is dialled with the ticket %.10q, %v, want %.10q", address, sent.Ticket, err, want)
		}
	}
	for _, address := range []string{"pong.example.org", link} {
		_, err := d.Dial(t.Context(), Want{Kind: Practice, Address: address, Name: "Ann"}, nil)
		if !errors.Is(err, errPracticeTicket) {
			t.Errorf("practice at %.30s: %v, want %v", address, err, errPracticeTicket)
		}
	}
}
