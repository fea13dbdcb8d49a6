//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/front/fronttest"
	"pong/internal/trust"
)

// A printedCommand is a command line that the program prints for a person to run.
type printedCommand struct {
	from, line string
	address    string // that must be among its words; empty if it has none
}

// printedCommands returns the command lines that the program prints: in its help, when it starts a server, on the card
// for a friend, and in errors, for addresses of all kinds.
func printedCommands(t *testing.T) (all []printedCommand) {
	t.Helper()
	var examples func(cmd *cobra.Command)
	examples = func(cmd *cobra.Command) {
		for line := range strings.Lines(cmd.Example) {
			line, _, _ = strings.Cut(strings.TrimSpace(line), "  ") // the explanation
			if line, _, _ = strings.Cut(line, " | "); line == "" {
				continue
			}
			all = append(all, printedCommand{from: cmd.CommandPath() + " --help", line: line})
		}
		for _, sub := range cmd.Commands() {
			examples(sub)
		}
	}
	examples(newRoot())

	server := start(t, "serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0", "--start", "auto")
	_, link, _ := strings.Cut(server.line("join link"), "join link")
	_, line, _ := strings.Cut(server.line("Join with: "), "Join with: ")
	all = append(all, printedCommand{"pong serve", line, strings.TrimSpace(link)})

	command := regexp.MustCompile(`(?m)pong trust .*$`)
	for _, address := range []string{
		"192.168.1.20:5555", "pong.example.org:7000", "[2001:db8::1]:5555", "[fe80::1%eth0]:5555",
	} {
		key := trust.Fingerprint{1, 2, 3}
		link := trust.JoinLink{Address: address, Key: key, HasKey: true}.String()
		for _, joined := range []string{address, link} {
			invited, _ := front.Invite(joined, key.String(), "maple-42")
			all = append(all, printedCommand{"the card for a friend", invited, link + "&r=maple-42"})
		}
		pins := trust.NewPins(filepath.Join(t.TempDir(), "known_servers"))
		must(t, pins.Store(trust.Pin{Address: address, Key: key, Date: time.Now()}))
		_, _, changed := fronttest.Refusal(t, address)
		for from, err := range map[string]error{
			"a changed identity": changed,
			"a link and a pin":   &trust.ConflictError{Address: address},
		} {
			all = append(all, printedCommand{from, command.FindString(err.Error()), address})
		}
	}
	notice := front.RotationNotice(client.Rotation{Address: "h:5555"})
	list := regexp.MustCompile("pong trust list").FindString(notice)
	return append(all, printedCommand{from: "a rotation", line: list})
}

// TestPrinted_CommandsRunInAShell gives each command line that the program prints to sh, in a folder with files whose
// names match what a shell could take for a pattern. The words that arrive must be a command of pong. A line with a
// join link can be pasted where pong asks for an address, too. It needs Unix: sh.
func TestPrinted_CommandsRunInAShell(t *testing.T) {
	folder := t.TempDir()
	for _, trap := range []string{"2:5555", "f:5555", "0:5555", "e:5555"} {
		must(t, os.WriteFile(filepath.Join(folder, trap), nil, 0o600))
	}
	stub := "#!/bin/sh\nfor word; do printf '%s\\n' \"$word\"; done\n"
	must(t, os.WriteFile(filepath.Join(folder, "pong"), []byte(stub), 0o700))
	all := printedCommands(t)
	for _, p := range all {
		sh := exec.Command("sh", "-c", p.line)
		sh.Dir, sh.Env = folder, []string{"PATH=" + folder + ":" + os.Getenv("PATH")}
		out, err := sh.CombinedOutput()
		words := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
		if found := trust.FindAddress(p.line); strings.HasPrefix(p.address, "pong://") && found != p.address {
			t.Errorf("%s prints %q; pasted where an address is asked for it gives %q", p.from, p.line, found)
		}
		if words[0] == "" {
			words = nil // pong alone
		}
		switch {
		case err != nil || !strings.HasPrefix(p.line, "pong"):
			t.Errorf("%s prints %q, with which sh fails: %v: %s", p.from, p.line, err, out)
		case p.address != "" && !slices.Contains(words, p.address):
			t.Errorf("%s prints %q, of which sh makes %q, want the word %s", p.from, p.line, words, p.address)
		default:
			checkCommandLine(t, docCommand{file: p.from, words: words})
		}
	}
	if len(all) < 40 {
		t.Errorf("only %d commands are printed", len(all))
	}
}
