package main

import (
	"pong/internal/rooms"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestJoinFlags_FindTheLink has the words of a command line, as shells pass them on.
func TestJoinFlags_FindTheLink(t *testing.T) {
	const link = "pong://192.168.1.20:5555/#k=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for _, args := range [][]string{
		{link},
		{"'" + link + "'"}, // cmd.exe passes single quotes on
		{"Join with: pong play '" + link + "'"},
		{"join", "link", link},
		{"pong", "play", link},
		{link[:30] + "\n" + link[30:]},
	} {
		for _, cmd := range []*cobra.Command{newPlay(), newWatch(), newBot()} {
			if err := cmd.Args(cmd, args); err != nil {
				t.Errorf("%s %q: %v", cmd.Name(), args, err)
			}
		}
		var f joinFlags
		cmd := new(cobra.Command)
		f.add(cmd, "ada")
		if cfg, err := f.config(cmd, args); err != nil || cfg.Address != link {
			t.Errorf("%q: got the address %q, error %v; want %q", args, cfg.Address, err, link)
		}
	}
	checkRoomFlags(t, link)
	cmd := newPlay()
	err := cmd.Args(cmd, []string{"10.0.0.1", "10.0.0.2"})
	if err == nil || !strings.Contains(err.Error(), "one address") {
		t.Errorf("two addresses: got the error %v", err)
	}
}

// checkRoomFlags checks which room --room and a link name.
func checkRoomFlags(t *testing.T, link string) {
	t.Helper()
	for _, test := range []struct{ flag, arg, want, fails string }{
		{"", link + "&r=maple-42", "maple-42", ""},
		{"Maple 42", link + "&r=maple-42", "maple-42", ""},
		{"Maple 42", link, "maple-42", ""},
		{"new", link, "", ""},
		{"oak-7", link + "&r=maple-42", "", "names a room already"},
		{"new", link + "&r=maple-42", "", "names a room already"},
		{"?!", link, "", "a room code has"},
	} {
		f := joinFlags{}
		cmd := new(cobra.Command)
		f.add(cmd, "ada")
		f.room = test.flag
		cfg, err := f.config(cmd, []string{test.arg})
		switch {
		case (err == nil) != (test.fails == "") || err != nil && !strings.Contains(err.Error(), test.fails):
			t.Errorf("--room %q %s: error %v, want %q", test.flag, test.arg, err, test.fails)
		case err != nil || test.want == "" && rooms.Made(cfg.Room):
		case cfg.Address != link || cfg.Room != test.want:
			t.Errorf("--room %q %s: room %q at %s, want %q at %s",
				test.flag, test.arg, cfg.Room, cfg.Address, test.want, link)
		}
	}
}
