package bot

import "pong/internal/client"

// See returns what a person sees of a frame.
func See(f *client.Frame) Seen {
	return Seen{
		Me: f.Me, Playing: f.Stage == client.StagePlaying,
		BallX: f.Ball.X, BallY: f.Ball.Y, BallVisible: f.BallInPlay,
		Paddle: f.Paddle, Tick: f.Tick,
	}
}
