package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pong/internal/files"
	"pong/internal/names"
	"pong/internal/rooms"
	"pong/internal/ticket"
	"pong/internal/trust"
)

// ticketKeyFile is the file of a host's private key by default.
const ticketKeyFile = "tickets.key"

// ticketFlags are the flags of pong ticket.
type ticketFlags struct {
	key   string
	name  string
	names string
	room  string
	watch bool
	from  string
	valid time.Duration

	link *trust.JoinLink // of the argument; nil without one
}

func newTicket() *cobra.Command {
	var f ticketFlags
	cmd := &cobra.Command{
		Use:   "ticket [LINK]",
		Short: "Make join tickets, which decide who may join a server",
		Long: `Make a join ticket: a signed permission to join a server, for a limited time. A server that was started
with --tickets and your public key admits only players with such a ticket, and does not have to ask you.
A ticket admits one player at a time, under its name and in its room if it has them.

With the join link of a server the ticket is for that server alone, and printed as a link with which its
player joins. Otherwise it is printed by itself, for --ticket, and every server that has your public key
takes it. Give each ticket to its player only, for example by mail: anyone who has it can use
it until it expires. It cannot be taken back, but the server can be given another key.

With --names FILE, a ticket is made for each line of the file, and printed as CSV.`,
		Example: `  pong ticket keygen                          make your key, and print the public one
  pong serve --tickets ed25519:...            a server for players with your tickets
  pong ticket LINK --name Ann --for 2h        a link for Ann, to the server of the link
  pong ticket LINK --names class.txt          one for each name in a file
  pong ticket LINK --watch                    one for a watcher`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.key, "key", ticketKeyFile, "file of your private key, as pong ticket keygen writes it")
	fl.StringVar(&f.name, "name", "", "name of the player; players without one choose their own")
	fl.StringVar(&f.names, "names", "", "file with a name in each line: make a ticket for each, as CSV")
	fl.StringVar(&f.room, "room", "", "code of the room in which the player must play, or watch")
	fl.BoolVar(&f.watch, "watch", false, "a ticket to watch only")
	fl.StringVar(&f.from, "from", "", `when it begins to be valid, such as "2026-12-01 08:00" (default now)`)
	fl.DurationVar(&f.valid, "for", 24*time.Hour, "for how long it is valid")
	cmd.AddCommand(newTicketKeygen(), newTicketShow())
	return cmd
}

func (f *ticketFlags) run(cmd *cobra.Command, args []string) error {
	t, err := f.ticket(cmd, args, time.Now())
	if err != nil {
		return err
	}
	key, err := readTicketKey(f.key)
	if err != nil {
		return err
	}
	if f.names == "" {
		text, err := issue(t, f.name, key)
		if err != nil {
			return usage(cmd, "%w", err)
		}
		fmt.Fprintln(cmd.OutOrStdout(), f.handOut(text))
		return nil
	}
	roster, err := readRoster(f.names)
	if err != nil {
		return fmt.Errorf("--names: %w", err)
	}
	return f.issueAll(cmd.OutOrStdout(), t, roster, key)
}

// handOut returns what a player is given: the join link with a ticket, or the ticket alone if no link was given.
func (f *ticketFlags) handOut(text string) string {
	if f.link == nil {
		return text
	}
	link := f.link.WithoutRoom()
	link.Ticket = text
	return link.String()
}

// ticket returns the ticket that the flags describe, without its name and id.
func (f *ticketFlags) ticket(cmd *cobra.Command, args []string, now time.Time) (t ticket.Ticket, err error) {
	t.Role = ticket.Player
	if f.watch {
		t.Role = ticket.Watcher
	}
	if len(args) > 0 {
		link, err := trust.ParseJoinLink(trust.FindAddress(strings.Join(args, " ")))
		if err != nil {
			return t, usage(cmd, "%w", err)
		}
		f.link, t.Room = &link, link.Room
		if link.HasKey {
			t.Server = ticket.Server(link.Key)
		}
	}
	if f.room != "" {
		t.Room = rooms.Clean(f.room)
		if err := rooms.Check(t.Room); err != nil {
			return t, usage(cmd, "--room: %w", err)
		}
	}
	if f.name != "" {
		if f.names != "" {
			return t, usage(cmd, "--name and --names: use one of them")
		}
		if f.name, err = names.Parse(f.name); err != nil {
			return t, usage(cmd, "--name: %w", err)
		}
	}
	if f.from != "" {
		if now, err = time.ParseInLocation("2006-01-02 15:04", f.from, time.Local); err != nil {
			return t, usage(cmd, `--from %q: must be a date and a time, such as "2026-12-01 08:00"`, f.from)
		}
	}
	if f.valid < time.Second {
		return t, usage(cmd, "--for %v: must be at least 1s", f.valid)
	}
	t.NotBefore, t.Expires = ticket.SecondsOf(now), ticket.SecondsOf(now.Add(f.valid))
	return t, nil
}

// issue returns a ticket as text, with a name and an id of its own.
func issue(t ticket.Ticket, name string, key ed25519.PrivateKey) (string, error) {
	t.Name = name
	_, _ = rand.Read(t.ID[:]) // never fails
	return ticket.Sign(t, key)
}

// readRoster returns the names in the lines of a file. Empty lines are left out.
func readRoster(path string) (roster []string, err error) {
	text, err := files.Read(path)
	if err != nil {
		return nil, err
	}
	n := 0
	for line := range strings.Lines(string(text)) {
		if n++; strings.TrimSpace(line) == "" {
			continue
		}
		name, err := names.Parse(strings.TrimRight(line, "\r\n"))
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}
		roster = append(roster, name)
	}
	if len(roster) == 0 {
		return nil, fmt.Errorf("%s: there is no name in it", path)
	}
	return roster, nil
}

// issueAll prints a ticket for each name, as CSV.
func (f *ticketFlags) issueAll(out io.Writer, t ticket.Ticket, roster []string, key ed25519.PrivateKey) error {
	table := csv.NewWriter(out)
	column := "link"
	if f.link == nil {
		column = "ticket"
	}
	_ = table.Write([]string{"name", column})
	for _, name := range roster {
		text, err := issue(t, name, key)
		if err != nil {
			return err
		}
		_ = table.Write([]string{name, f.handOut(text)})
	}
	table.Flush()
	return table.Error()
}

// readTicketKey reads a host's private key.
func readTicketKey(path string) (ed25519.PrivateKey, error) {
	text, err := trust.ReadSecret(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: make a key with pong ticket keygen, or name its file with --key", err)
	}
	if err != nil {
		return nil, err
	}
	key, err := ticket.ParsePrivateKey(text)
	if err != nil {
		return nil, fmt.Errorf("%s is %w", path, err)
	}
	return key, nil
}

func newTicketKeygen() *cobra.Command {
	return &cobra.Command{
		Use:   "keygen [FILE]",
		Short: "Make the key that signs join tickets",
		Long: `Make the key with which you sign join tickets, write it to a file that only you can read, and print the
public key, which servers need. If there is a key in the file already, its public key is printed.

Anyone who has the file can make tickets. To replace a key, start the server with both public keys, make
tickets with the new one, and leave out the old key when its tickets have expired.`,
		Example: `  pong ticket keygen
  pong ticket keygen club.key`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(cmd, "at most one file, not %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			path := append(args, ticketKeyFile)[0]
			return makeTicketKey(cmd.OutOrStdout(), path)
		},
	}
}

// makeTicketKey makes a key in a file, unless there is one, and prints the public key.
func makeTicketKey(out io.Writer, path string) error {
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return err
	}
	done := "Your key is in %s. Keep it: anyone who has it can make tickets.\n"
	err = trust.CreateSecret(path, ticket.FormatPrivateKey(private))
	if errors.Is(err, fs.ErrExist) {
		done = "There is a key in %s already.\n"
		private, err = readTicketKey(path)
	}
	if err != nil {
		return err
	}
	public := ticket.FormatKey(private.Public().(ed25519.PublicKey))
	fmt.Fprintf(out, done+"  public key  %s\nStart the server with: %s\n", path, public,
		trust.Command("pong", "serve", "--tickets", public))
	return nil
}

func newTicketShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show TICKET|LINK|FILE",
		Short: "Print what a join ticket says",
		Long: `Print what a join ticket says: who may join where, until when. The signature is not checked, because that
takes the public key of the host; the server checks it.`,
		Example: `  pong ticket show ann.txt`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(cmd, "one ticket is required, or the link or file that has it, not %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := readTicket(args[0])
			if err != nil {
				return usage(cmd, "%w", err)
			}
			t, err := ticket.Parse(text)
			if err != nil {
				return err
			}
			showTicket(cmd.OutOrStdout(), t)
			return nil
		},
	}
}

// showTicket prints what a ticket says.
func showTicket(out io.Writer, t ticket.Ticket) {
	role, name, room, server := "player", "chosen by the player", "any", "any that has the host's public key"
	if t.Role == ticket.Watcher {
		role = "watcher"
	}
	if t.Name != "" {
		name = t.Name
	}
	if t.Room != "" {
		room = t.Room
	}
	if t.Server != (ticket.Server{}) {
		server = trust.Fingerprint(t.Server).String()
	}
	fmt.Fprintf(out, "role    %s\nname    %s\nroom    %s\nfrom    %v\nuntil   %v\nserver  %s\nid      %x\n", role,
		names.Display(name), names.Display(room), t.NotBefore, t.Expires, server, t.ID)
}
