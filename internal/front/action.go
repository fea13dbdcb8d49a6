package front

// An Action is something that a person asks for, whatever the device. A set of actions is held in one word.
type Action uint32

// The actions.
const (
	Up       Action = 1 << iota // the row above, in a menu
	Down                        // the row below
	Left                        // the caret, in a line of text
	Right                       //
	Home                        // to the beginning of the line
	End                         // to its end
	Erase                       // remove the character before the caret
	Remove                      // remove the character after it
	Clear                       // empty the line
	Enter                       // take what is chosen or marked
	Back                        // where one came from
	Yes                         //
	No                          //
	Again                       // another game, another try
	NextView                    // another way of drawing
	Copy                        // copy the command for a friend
	Quit                        // end the program
)

// choosing are the actions that choose something on a card.
const choosing = Enter | Back | Yes | No | Again

// Has reports whether any of some actions is in the set.
func (a Action) Has(any Action) bool { return a&any != 0 }

// An Input is what a person did since the last one.
type Input struct {
	Actions Action
	Text    string // that was typed or pasted
	Row     int    // the row of a menu that was clicked, counted from 1; 0 is none
}
