//go:build !js

package term

import (
	"strings"
	"testing"

	"pong/internal/client"
	"pong/internal/front"
)

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
