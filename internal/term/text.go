//go:build !js

package term

import "pong/internal/front"

// A Text draws screens as Run does, as text with escape sequences, for what records a terminal without having one. The
// background is dark.
type Text struct{ canvas canvas }

// Draw returns a screen in lines.
func (t *Text) Draw(s *front.Screen, width, height int) string {
	return render(&t.canvas, s, width, height, look{palette: palette{ground: darkGround}})
}
