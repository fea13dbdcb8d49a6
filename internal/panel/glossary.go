package panel

import (
	"fmt"
	"math"
)

// The sentences that explain the figures.
const (
	aboutTrip = "Round trip: how long a datagram and its answer take; jitter: by how much that changes from one to " +
		"the next."
	aboutLoss   = "Loss: the share of datagrams that do not arrive, on the way to the server and on the way back."
	aboutMargin = "Margin: how many ticks before their use your inputs reach the server; below zero they are too late."

	aboutUnacknowledged = "Unacknowledged inputs: those that the server has not confirmed; each datagram repeats them."

	aboutCorrections = "Corrections: by how far the server's answer has moved your paddle; ticks above are lost " +
		"datagrams."
	aboutError = "Drawn from true: how far the picture was from the server's state of the same tick."
)

// A Term is a word with its meaning.
type Term struct{ Word, Meaning string }

// Glossary has the words of the panel and the figures, in alphabetical order.
var Glossary = []Term{
	{"confirmed", "decided by the server"},
	{"correction", "a change of the predicted present, when a STATE differs from it"},
	{"exactness", "STATEs have every bit of the game, not rounded pixels"},
	{"ghost", "where the server's newest STATE has the ball and the paddles"},
	{"in-flight term", "the clock waits until a correction of it has taken effect"},
	{"input", "what one player does in one tick"},
	{"jitter", "by how much the round trip changes from one datagram to the next"},
	{"lead", "ticks by which your present is ahead of the newest STATE"},
	{"loss", "the share of datagrams that do not arrive"},
	{"margin", "how long before its use an input reaches the server"},
	{"prediction", "playing ahead of the server, with guesses where an input is not known"},
	{"reconciliation", "playing your newest inputs again after each STATE"},
	{"redundancy", "repeating inputs in each datagram until they are acknowledged"},
	{"round trip", "how long a datagram and its answer take"},
	{"smoothing", "letting a correction fade instead of showing it at once"},
	{"STATE", "the datagram with the game as the server has it, 20 times a second"},
	{"tick", "a sixtieth of a second; one step of the game"},
	{"timing", "adjusting your clock so that inputs arrive just in time"},
	{"view", "a way of drawing what is not known yet"},
}

// number shows a value with up to three digits.
func number(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case math.Abs(v) < 10:
		if v = math.Round(v*10) / 10; v == 0 {
			v = 0 // not -0
		}
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}
