package front

import "pong/internal/panel"

// An Action is a request of a person, whatever the device. Its values are bits, so that an Action can be a set.
type Action uint32

// The actions.
const (
	Up   Action = 1 << iota // mark the row above, in a menu
	Down                    // mark the row below
	Left                    // move the caret, in a line of text
	Right
	Home   // move the caret to the beginning of the line
	End    // or to its end
	Erase  // remove the character before the caret
	Remove // remove the character after the caret
	Clear  // empty the line
	Enter  // take the marked row or the default choice
	Back   // go back
	Yes
	No
	Again    // play again, try again, join again
	NextView // switch to the next way of drawing
	Copy     // copy the command for a friend
	Save     // save the replay of the game
	Quit     // end the program

	// Of a recording.
	Pause     // pause it, or continue it
	StepBack  // one tick
	StepOn    // one tick
	TakeLeft  // take the left paddle, and play from here
	TakeRight // likewise the right one
	UseBot    // have a bot play the other paddle

	// Of the lab panel: see keys.go.
	ToggleLab // open or close it
	ShowGhost // show or hide the server's newest word
	NextHUD   // switch between no figures, figures and graphs
	Explain   // explain the next figure
	Glossary  // show the keys, then the glossary, then nothing

	ShowBeside // show the same match in another way beside it, then in the next one, then not
)

// editing is the set of actions that change a line of text or move its caret.
const editing = Left | Right | Home | End | Erase | Remove | Clear

// choosing is the set of actions that can take a choice of a card.
const choosing = Enter | Back | Yes | No | Again

// Has reports whether the set has any of the actions in another set.
func (a Action) Has(any Action) bool { return a&any != 0 }

// An Input holds what a person has done since the Input before.
type Input struct {
	Actions Action
	Text    string // typed or pasted
	Row     int    // the row of a menu that was clicked, from 1; 0 is none
	Digit   int    // a key with a digit from 1 on; 0 is none

	// Panel is what was done to the lab panel with the mouse: its Row and Part. Keys are Actions.
	Panel panel.Command
}
