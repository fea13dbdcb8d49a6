// Package measurements writes down what a client measures in its own match, as a CSV file with one line for each
// datagram, each frame and each tick, and reads such a file again. docs/measurements.md explains the columns.
//
// A file has no names and no addresses. Times are those of the client's own monotonic clock, from the first line on.
package measurements

// The kinds of lines, in the first column.
const (
	Sent     = "sent"     // a datagram to the server
	Received = "received" // an authentic datagram from the server
	Drawn    = "frame"
	Shadow   = "shadow" // what a shadow has drawn in the frame of the line before
	Decided  = "tick"   // a tick as the server has decided it
)

// columns are the names of the columns, in order. A column that means nothing for a kind of line is empty there.
var columns = []string{
	"line", "ms", "type", "number", "bytes", "tick", "rtt_ms",
	"player", "view", "left_key", "right_key",
	"own_tick", "opponent_tick", "ball_tick",
	"ball_x", "ball_y", "ball_vx", "ball_vy", "left_y", "right_y",
	"shown_ball_x", "shown_ball_y", "shown_left_y", "shown_right_y",
	"corrected_px", "left_score", "right_score", "round", "hits",
	"margin_ticks", "wanted_ticks", "lead_ticks", "missed_ticks", "latency_ms", "jitter_ms", "loss_up", "loss_down",
}

// The places of the columns.
const (
	cLine = iota
	cMS
	cType
	cNumber
	cBytes
	cTick
	cRTT
	cPlayer
	cView
	cLeftKey
	cRightKey
	cOwn
	cOpponent
	cBallTick
	cBallX
	cBallY
	cBallVX
	cBallVY
	cLeftY
	cRightY
	cShownBallX
	cShownBallY
	cShownLeftY
	cShownRightY
	cCorrected
	cLeftScore
	cRightScore
	cRound
	cHits
	cMargin
	cWanted
	cLead
	cMissed
	cLatency
	cJitter
	cLossUp
	cLossDown

	width
)

// The names of keys, phases, players and types of datagrams, by their numbers.
var (
	keyNames    = []string{"none", "up", "down", "away"}
	phaseNames  = []string{"waiting", "countdown", "playing", "scored", "over"}
	playerNames = []string{"left", "right"}
	typeNames   = []string{"", "REGISTER", "INPUT", "STATE", "PING", "CHALLENGE", "RESPONSE"}
)

// named returns the name of a number, empty if it has none.
func named(names []string, i int) string {
	if i < 0 || i >= len(names) {
		return ""
	}
	return names[i]
}
