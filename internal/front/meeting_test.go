package front

import (
	"strings"
	"testing"

	"pong/internal/client"
)

// met is a person who has met another player in a room, at a server that lets players refuse each other.
func met(t *testing.T, me int, script func(p *person)) {
	t.Helper()
	try(t, Config{Want: Want{Kind: Friend, Address: "h", Room: "elk-elm-gem-gum"}}, func(p *person) {
		v := &p.match.frame
		v.Room, v.Me, v.Opened, v.Reason = "elk-elm-gem-gum", me, [2]bool{true, false}, client.ReasonNotStarted
		p.became(client.StageReady)
		p.want(CardReady)
		script(p)
	})
}

// TestFlow_OpenerOfARoomSendsAStrangerAway by a key, and stays in the room.
func TestFlow_OpenerOfARoomSendsAStrangerAway(t *testing.T) {
	met(t, 0, func(p *person) {
		for _, part := range []string{"Is this your friend?", "Grace", "this player has to leave"} {
			if !strings.Contains(p.says(), part) {
				t.Errorf("the screen says %s, want %q", p.says(), part)
			}
		}
		p.press(No)
		if p.want(CardReady); p.match.refused != 1 || p.match.accepted != 0 || p.match.closed {
			t.Errorf("N: refused %d times, accepted %d, left %v; want to refuse once", p.match.refused,
				p.match.accepted, p.match.closed)
		}
	})
}

// TestFlow_RoomIsShownAgainWhenAStrangerHasLeft, so that the friend can still be sent its link.
func TestFlow_RoomIsShownAgainWhenAStrangerHasLeft(t *testing.T) {
	met(t, 0, func(p *person) {
		v := &p.match.frame
		v.Presence[1], v.Reason, v.Player = client.Left, client.ReasonPlayerLeft, 1
		p.became(client.StageWaiting)
		for _, part := range []string{"Grace has left", "elk-elm-gem-gum", "Send this to your friend"} {
			if !strings.Contains(p.says(), part) {
				t.Errorf("the screen says %s, want %q", p.says(), part)
			}
		}
	})
}

// TestFlow_OtherPlayerOfARoomLeavesAStranger who has opened it.
func TestFlow_OtherPlayerOfARoomLeavesAStranger(t *testing.T) {
	met(t, 1, func(p *person) {
		if s := p.says(); !strings.Contains(s, "Ada") || !strings.Contains(s, "ask your friend for a new code") {
			t.Errorf("the screen says %s", s)
		}
		p.press(No)
		if p.want(CardMenu); p.match.refused != 0 || !p.match.closed {
			t.Errorf("N: refused %d times, left %v; want to leave", p.match.refused, p.match.closed)
		}
	})
}

func TestFlow_FriendIsAccepted(t *testing.T) {
	met(t, 0, func(p *person) {
		p.press(Enter)
		if p.match.accepted != 1 {
			t.Errorf("Enter: accepted %d times, want once", p.match.accepted)
		}
		p.match.frame.Accepted = true
		p.wait(0)
		if s := p.says(); strings.Contains(s, "| Yes") || !strings.Contains(s, "begins when Grace says Yes") {
			t.Errorf("after that the screen says %s", s)
		}
	})
}

// TestFlow_BothAreReady: at a server that waits for both players, the question about the friend is the one whether the
// person is ready.
func TestFlow_BothAreReady(t *testing.T) {
	met(t, 0, func(p *person) {
		p.match.frame.Ready = true
		p.wait(0)
		if s := p.says(); !strings.Contains(s, "Yes, ready") || strings.Contains(s, "few seconds") {
			t.Errorf("the screen says %s", s)
		}
		p.press(Enter)
		p.match.frame.Accepted = true
		p.wait(0)
		if s := p.says(); p.match.accepted != 1 || !strings.Contains(s, "begins when Grace says Yes, too.") {
			t.Errorf("accepted %d times, and the screen says %s", p.match.accepted, s)
		}
	})
}

// TestFlow_NobodyIsAskedAboutFriendsElsewhere: without a room, of a server that does not know about openers, watching.
func TestFlow_NobodyIsAskedAboutFriendsElsewhere(t *testing.T) {
	for name, change := range map[string]func(v *client.Frame){
		"at an older server": func(v *client.Frame) { v.Opened = [2]bool{} },
		"watching":           func(v *client.Frame) { v.Watching = true },
		"while connecting":   func(v *client.Frame) { v.Reason = client.ReasonConnecting },
	} {
		met(t, 0, func(p *person) {
			change(&p.match.frame)
			p.wait(0)
			if p.press(No); strings.Contains(p.says(), "friend?") || p.match.refused > 0 {
				t.Errorf("%s the screen says %s; refused %d times", name, p.says(), p.match.refused)
			}
		})
	}
}
