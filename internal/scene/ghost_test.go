package scene

import (
	"fmt"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/panel"
)

// The ghost and the marks are drawn as edges and lines, so that they are not taken for the ball and the paddles.
func TestGhost_DrawsTheGoldenFrames(t *testing.T) {
	var r recorder
	g := front.Ghost{Ball: client.Point{X: 300, Y: 200}, Paddle: [2]float64{100, 480.5}, BallInPlay: true}
	for _, test := range []struct {
		name   string
		change func(*front.Ghost)
	}{
		{"the newest STATE, 37 ms old", func(g *front.Ghost) { g.Age = 36700 * time.Microsecond }},
		{"the server's present", func(g *front.Ghost) { g.True = true }},
		{"between two rallies", func(g *front.Ghost) { g.BallInPlay = false }},
	} {
		is := g
		test.change(&is)
		fmt.Fprintln(&r, test.name)
		Ghost(&r, &is)
	}
	fmt.Fprintln(&r, "two corrections, of which one fades")
	Marks(&r, []panel.Mark{
		{Where: client.Point{X: client.PaddleX(0), Y: 90}, By: 12.4, Left: 1},
		{Where: client.Point{X: client.PaddleX(1), Y: 300}, By: 5, Left: 0.25},
	})
	checkGolden(t, "testdata/ghost.txt", r.String())
}
