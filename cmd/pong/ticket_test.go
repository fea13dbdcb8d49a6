package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"pong/internal/ticket"
	"pong/internal/trust"
)

// hostIn makes a host's key in a folder, and returns the public key.
func hostIn(t *testing.T, dir string) string {
	t.Helper()
	cmd := command(t, "ticket", "keygen")
	cmd.Dir = dir
	for _, line := range begin(t, cmd).end(exitDone) {
		if _, key, ok := strings.Cut(line, "public key  "); ok {
			return key
		}
	}
	t.Fatal("pong ticket keygen printed no public key")
	return ""
}

// issueIn runs pong ticket in a folder and returns what it prints.
func issueIn(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := command(t, append([]string{"ticket"}, args...)...)
	cmd.Dir = dir
	return strings.Join(begin(t, cmd).end(exitDone), "\n")
}

func TestTicket_KeyIsSecretAndStays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	public := hostIn(t, dir)
	path := filepath.Join(dir, ticketKeyFile)
	private, err := readTicketKey(path)
	if err != nil {
		t.Fatal(err)
	}
	if again := hostIn(t, dir); again != public {
		t.Errorf("pong ticket keygen prints %s when there is a key, want that of the key, %s", again, public)
	}
	if now, err := readTicketKey(path); err != nil || !now.Equal(private) {
		t.Errorf("the key was replaced (%v)", err)
	}
	if runtime.GOOS == "windows" {
		return // TestAccess_KeysAreForTheirUserAlone has the access control lists
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("the file of the key: %v, %v, want the mode 0600", info.Mode(), err)
	}
	must(t, os.Chmod(path, 0o644))
	cmd := command(t, "ticket", "--name", "Ann")
	cmd.Dir = dir
	refuses(t, begin(t, cmd), exitFailed, "can be read or changed by other users", "chmod 600")
}

func TestTicket_Commands(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	public, err := ticket.ParseKey(hostIn(t, dir))
	must(t, err)
	key := trust.Fingerprint{7}
	link := trust.JoinLink{Address: "192.168.1.20:5555", Key: key, HasKey: true}.String()
	c := ticket.Checker{Servers: func() []ticket.Server { return []ticket.Server{ticket.Server(key)} }}
	c.Keys = append(c.Keys, public)
	check := func(text string) ticket.Ticket {
		t.Helper()
		if given, err := trust.ParseJoinLink(text); err == nil {
			if text = given.Ticket; given.WithoutRoom().String() != link {
				t.Errorf("the link is %v, want %s with a ticket", given, link)
			}
		}
		got, err := c.Check(text, time.Now())
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		return got
	}

	one := issueIn(t, dir, link, "--name", "Zoe\u0308", "--room", "Oak 7", "--for", "2h")
	got := check(one)
	want := ticket.Ticket{ID: got.ID, Role: ticket.Player, Server: ticket.Server(key), Name: "Zoë", Room: "oak-7",
		NotBefore: got.NotBefore, Expires: got.NotBefore + 2*60*60}
	if got != want || got.ID == (ticket.ID{}) {
		t.Errorf("the ticket is %+v, want %+v", got, want)
	}
	if text := issueIn(t, dir, "show", one); !strings.Contains(text, "Zoë") || !strings.Contains(text, key.String()) {
		t.Errorf("pong ticket show prints\n%s\nwant the name and the server", text)
	}
	if got := check(issueIn(t, dir, "--watch")); got.Role != ticket.Watcher || got.Server != (ticket.Server{}) {
		t.Errorf("a ticket to watch at any server is %+v", got)
	}

	must(t, os.WriteFile(filepath.Join(dir, "class.txt"), []byte("\ufeffAnn\r\n\r\n  Ben  Lee\r\n"), 0o600))
	rows, err := csv.NewReader(strings.NewReader(issueIn(t, dir, link, "--names", "class.txt"))).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("a ticket for each of two names: %q, %v", rows, err)
	}
	ids := make(map[ticket.ID]bool)
	for i, name := range []string{"Ann", "Ben Lee"} {
		got := check(rows[i+1][1])
		if ids[got.ID] = true; rows[i+1][0] != name || got.Name != name {
			t.Errorf("row %d is %q with a ticket for %q, want %q", i+1, rows[i+1], got.Name, name)
		}
	}
	if len(ids) != 2 {
		t.Error("two tickets have the same id")
	}
	must(t, os.WriteFile(filepath.Join(dir, "bad.txt"), []byte("Ann\nsomebody with a long name\n"), 0o600))
	cmd := command(t, "ticket", "--names", "bad.txt")
	cmd.Dir = dir
	refuses(t, begin(t, cmd), exitFailed, "bad.txt:2:")
}

// TestTicket_Joins has a server that wants tickets, and bots that are refused and admitted.
func TestTicket_Joins(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "host.txt"), []byte(hostIn(t, dir)+"\n"), 0o600))
	server := serve(t, "--start", "auto", "--tickets", filepath.Join(dir, "host.txt"))
	refuses(t, start(t, "bot", server.Link), exitFailed, "ticket_missing", "ask its host")
	one, two := issueIn(t, dir, server.Link, "--name", "Ann"), issueIn(t, dir, server.Link, "--name", "Ben")
	file := filepath.Join(dir, "two.txt")
	must(t, os.WriteFile(file, []byte(two+"\r\n"), 0o600))
	start(t, "bot", one, "--level", "easy") // a link
	server.line(`"joined"`)
	refuses(t, start(t, "bot", server.Link, "--ticket", one), exitFailed, "ticket_in_use")
	start(t, "bot", server.Link, "--ticket", file, "--level", "easy")
	server.line(`"player1":"Ann","player2":"Ben"`)
	log := strings.Join(server.seen, "\n")
	for _, text := range []string{`"ticket_missing"`, `"ticket_in_use"`} {
		if !strings.Contains(log, text) {
			t.Errorf("the log lacks %s", text)
		}
	}
	announced := start(t, "serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0",
		"--certs", filepath.Join(dir, "certs"), "--tickets", filepath.Join(dir, "host.txt"))
	announced.line("Only players with a join ticket can join. Make a link for each with: pong ticket ")
	for _, text := range []string{one, two} {
		if strings.Contains(log, text[len(text)-40:]) {
			t.Error("the log has a ticket")
		}
	}
}

// TestReadTicket_NamesWhatIsWrong and never prints a ticket.
func TestReadTicket_NamesWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	whole := issueIn(t, dir, "--key", func() string { hostIn(t, dir); return filepath.Join(dir, ticketKeyFile) }())
	file := filepath.Join(dir, "cut.txt")
	must(t, os.WriteFile(file, []byte(whole[:150]), 0o600))
	for named, want := range map[string]string{
		whole[:len(whole)-1]:         "damaged",
		whole + "A":                  "damaged",
		"ann.txt":                    "neither a ticket nor a file",
		file:                         "no whole ticket",
		filepath.Join(dir, "no.txt"): "neither a ticket nor a file",
	} {
		_, err := readTicket(named)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), whole[:40]) {
			t.Errorf("%.20s...: %v, want an error with %q and without the ticket", named, err, want)
		}
	}
	if got, err := readTicket(" " + whole + "\n"); err != nil || got != whole {
		t.Errorf("readTicket with spaces around: %q, %v, want the ticket", got, err)
	}
}
