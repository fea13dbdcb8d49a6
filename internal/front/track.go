package front

import (
	"errors"
	"fmt"

	"pong/internal/replay"
)

// A Playback is a Session that plays a recording. It has keys of its own, and a track to show.
type Playback interface {
	Session
	Do(a Action)
	Track() Track
}

// A Track says where a recording is played. Times are in ticks.
type Track struct {
	At, Of int
	Points []int  // right after which a point was scored
	Speed  string // of playing, such as "1/4"
	Paused bool
	Gaps   int  // places at which the recording misses ticks
	Cut    bool // the recording ends before the game does
	Film   bool // it is played to a file: there are no keys

	Taken int  // the player whose paddle the person has taken, from 1; 0 while the recording is watched
	Bot   bool // a bot plays the other paddle, not the recording
}

// playing is the set of actions of a Playback.
const playing = Pause | Left | Right | Up | Down | Home | End | StepBack | StepOn | TakeLeft | TakeRight | UseBot |
	NextView

// Line returns the track in a line of text.
func (t *Track) Line() string {
	if t.Taken > 0 {
		other := "the recording"
		if t.Bot {
			other = "a bot"
		}
		return fmt.Sprintf("You play the %s paddle against %s, from %s on", Side(t.Taken-1), other, replay.Clock(t.At))
	}
	line := fmt.Sprintf("%s of %s", replay.Clock(t.At), replay.Clock(t.Of))
	if t.Speed != "1" {
		line += ", speed " + t.Speed
	}
	if t.Paused {
		line += ", paused"
	}
	if t.Gaps > 0 {
		line += fmt.Sprintf(", %d gaps", t.Gaps)
	}
	if t.Cut {
		line += ", cut off"
	}
	return line
}

// Keys returns the keys of a Playback, the most important ones first.
func (t *Track) Keys() []string {
	switch {
	case t.Film:
		return nil
	case t.Taken > 0:
		return []string{"W/S: move", "B: bot", fmt.Sprintf("%d: back to the replay", t.Taken), "Esc: leave"}
	}
	return []string{
		"Space: pause", "←→: 3 s", "↑↓: speed", "Home/End: points", ", .: tick", "1/2: play from here", "V: side",
		"Esc: leave",
	}
}

// LinkProblem returns why the recording in a link cannot be played, and what helps.
func LinkProblem(err error) string {
	switch {
	case errors.Is(err, replay.ErrForeign):
		return "the link has no recording in it: copy it again as a whole, up to the end"
	case errors.Is(err, replay.ErrVersion):
		return err.Error() + ": use the version with which it was recorded"
	case errors.Is(err, replay.ErrTooLong):
		return err.Error()
	}
	return err.Error() + ": copy the link again as a whole, up to the end"
}
