package front

import (
	"strings"
	"testing"

	"pong/internal/client"
)

func TestFlow_CommandForAFriendIsCopied(t *testing.T) {
	try(t, Config{Want: Want{Kind: Friend, Address: "192.168.1.20", Room: "maple-42"}}, func(p *person) {
		v := &p.match.frame
		v.Stage, v.Room, v.Presence[1] = client.StageWaiting, "maple-42", client.Absent
		p.wait(0)
		p.atOnce(Input{Actions: Copy})
		command := p.flow.TakeCopy()
		if command != `pong play "pong://192.168.1.20:5555/#r=maple-42"` || p.flow.TakeCopy() != "" ||
			!strings.Contains(p.says(), command) {
			t.Errorf("copied %q, and the screen says %s", command, p.says())
		}
		p.flow.Copied(CopyDone)
		if !strings.Contains(p.says(), "in the clipboard") {
			t.Errorf("the screen says %s", p.says())
		}
		p.match.frame.Presence[1] = client.Joined
		p.wait(0)
		if p.press(Copy); p.flow.TakeCopy() != "" {
			t.Error("the command is copied when the friend is there already")
		}
	})
}
