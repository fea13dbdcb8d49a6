package main

import (
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
	cmd := newPlay()
	err := cmd.Args(cmd, []string{"10.0.0.1", "10.0.0.2"})
	if err == nil || !strings.Contains(err.Error(), "one address") {
		t.Errorf("two addresses: got the error %v", err)
	}
}
