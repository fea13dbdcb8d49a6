//go:build !js

package term

import (
	"strings"
	"testing"

	"pong/internal/client"
	"pong/internal/front"
)

// TestMessagesDoNotSayItTwice: where the Frame has a sentence of its own, ours
// gives way to it.
func TestMessagesDoNotSayItTwice(t *testing.T) {
	for stage := client.StageWaiting; stage <= client.StageClosed; stage++ {
		for _, winner := range []int{-1, 0, 1} {
			v := with(func(v *client.Frame) { v.Stage, v.Winner, v.Scorer, v.Rematch = stage, winner, 1, [2]bool{false, true} })
			_, own := message(&v, front.Want{})
			v.Notice = "This is what the server says."
			_, rest := message(&v, front.Want{})
			all := strings.Join(rest, " ")
			if unhindered(stage) {
				continue
			}
			if !strings.Contains(all, v.Notice) || own[0] != "" && strings.Contains(all, own[0]) {
				t.Errorf("stage %d says %q, want it to say %q instead of %q", stage, all, v.Notice, own[0])
			}
		}
	}
}

// TestRematchKeys: who has agreed already has nothing to press.
func TestRematchKeys(t *testing.T) {
	for mine, want := range map[bool]bool{false: true, true: false} {
		v := with(func(v *client.Frame) { v.Stage, v.Winner, v.Rematch[0] = client.StageOver, 0, mine })
		_, rest := message(&v, front.Want{})
		if got := strings.Contains(strings.Join(rest, " "), "r: play again"); got != want {
			t.Errorf("agreed %v: offers r %v, want %v", mine, got, want)
		}
	}
}
