package scene

import (
	"fmt"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/panel"
)

// Shadow is the colour of what the server has. It differs from the players' by more than its colour: only its edge is
// drawn.
var Shadow = Opaque(0x7fc8ff)

// Ghost draws where the server's newest STATE has the ball and the paddles, as edges, and how old it is.
func Ghost(p Painter, g *front.Ghost) {
	for player, y := range g.Paddle {
		p.Box(client.PaddleX(player), y, client.PaddleWidth, client.PaddleHeight, 2, 2, Shadow)
	}
	if g.BallInPlay {
		const out = 3
		p.Box(g.Ball.X-out, g.Ball.Y-out, client.BallSize+2*out, client.BallSize+2*out, 4, 2, Shadow)
	}
	p.Text(middle, scoreY-30, front.GhostLabel(g), 13, Center, Shadow)
}

// Marks draws where corrections have moved the own paddle: a line beside it, which fades, with the distance.
func Marks(p Painter, marks []panel.Mark) {
	for _, m := range marks {
		x, a := m.Where.X+client.PaddleWidth+6, Left
		if m.Where.X > middle {
			x, a = m.Where.X-6, Right
		}
		ink := Faded(Shadow, m.Left)
		p.Box(m.Where.X-3, m.Where.Y+client.PaddleHeight/2-1, client.PaddleWidth+6, 2, 0, 0, ink)
		p.Text(x, m.Where.Y+client.PaddleHeight/2, fmt.Sprintf("%.0f px", m.By), 11, a, ink)
	}
}
