package trust

import "testing"

func TestCommand_QuotesForEveryShell(t *testing.T) {
	for _, test := range []struct {
		words []string
		want  string
	}{
		{[]string{"pong", "play", "192.168.1.20", "--room", "maple-42"}, "pong play 192.168.1.20 --room maple-42"},
		{[]string{"pong", "play", "pong://h.example:5555/#k=qXB-_x"}, `pong play "pong://h.example:5555/#k=qXB-_x"`},
		{[]string{"pong", "trust", "forget", "[fe80::1%eth0]:5555"}, `pong trust forget "[fe80::1%eth0]:5555"`},
		{[]string{"chmod", "600", "my certs/server.key"}, `chmod 600 "my certs/server.key"`},
		{[]string{"chmod", "600", "/home/zoë/server.key"}, `chmod 600 /home/zoë/server.key`},
		{[]string{"icacls", `C:\Users\A B\server.key`}, `icacls "C:\Users\A B\server.key"`},
		{[]string{"chmod", "600", "it's $5"}, `chmod 600 'it'\''s $5'`},
		{[]string{"pong", ""}, `pong ""`},
	} {
		if got := Command(test.words...); got != test.want {
			t.Errorf("Command(%q) = %s, want %s", test.words, got, test.want)
		}
	}
}
