package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestServe_OperatorKicksAndBans needs Linux: it types the keys of the operator's table into a pseudo terminal. A bot
// is kicked, and the address of another one is banned and written to the file. The table prints only what has changed,
// so the test waits for single words of it.
func TestServe_OperatorKicksAndBans(t *testing.T) {
	t.Parallel()
	list := filepath.Join(t.TempDir(), "deny")
	if err := os.WriteFile(list, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	term := newTerminal(t)
	server := term.start("serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0", "--deny", list)
	link := regexp.MustCompile(`pong://\S+`).FindString(term.shows("Join with"))
	bot := start(t, "bot", link, "--matches", "0")
	term.shows("waiting") // in the row of the bot
	term.press("k\ry")
	term.shows("kicked by the operator")
	refuses(t, bot, exitFailed, "The operator of this server has removed you. You can join again.")
	term.shows("yet") // the table says that there is no match yet

	bot = start(t, "bot", link, "--matches", "0")
	term.shows("waiting")
	term.press("b\r")
	term.shows("written") // the last word of the question
	term.press("y")
	term.shows("banned")
	refuses(t, bot, exitFailed, "The operator of this server does not admit your address.")
	if text, err := os.ReadFile(list); err != nil || !strings.HasPrefix(string(text), "127.0.0.1 # banned ") {
		t.Errorf("the file has %q (%v), want the address", text, err)
	}
	term.press("qq")
	server.end(exitDone)
}
