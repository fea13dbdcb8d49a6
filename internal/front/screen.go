package front

import (
	"time"

	"pong/internal/client"
)

// A Screen is everything that one picture shows: a value, complete in itself.
type Screen struct {
	Card Card
	Age  time.Duration // since the card, or the stage of the match, changed

	// Of a match. The card, if there is one, lies over the field.
	Match bool
	Frame client.Frame
	View  client.View
	Aside string // a sentence that must not hide the field: the ball may be in play
}

// A CardKind is the kind of a card.
type CardKind uint8

// The kinds of cards. The first ones fill the screen, the others lie over the field of a match.
const (
	NoCard       CardKind = iota // a match that needs no words
	CardAddress                  // which server?
	CardMenu                     // what to play there
	CardDialling                 // the server is being reached
	CardQuestion                 // is it the right server?
	CardFailed                   // it was not reached
	CardWaiting                  // for an opponent
	CardReady                    // both players are here
	CardPaused                   // a player is away
	CardOver                     // the result
	CardLost                     // no answer from the server
	CardClosed                   // the session has ended
	CardLeaving                  // leave the match?
)

// A Card is a page of text: what it says, what can be typed, and what can be chosen.
type Card struct {
	Kind  CardKind
	Title string
	Alert bool // something is wrong
	Lines []Line
	Busy  bool // something is going on, and there is no need to do anything

	Typing bool // there is a line to type in: letters are text
	Field  Field

	Rows []Row // of a menu
	At   int   // the row that Enter takes

	Choices []Choice
	Footer  string // a short text at the foot of the screen
}

// A Line is a paragraph of a card.
type Line struct {
	Text  string
	Style Style
}

// A Style says how a paragraph is shown.
type Style uint8

// The styles.
const (
	Plain   Style = iota
	Faint         // less important
	Wrong         // why something did not do
	Large         // a score, a room code
	Literal       // to be typed or compared letter by letter: an address, a command, a fingerprint
)

// A Field is a line of text that is being typed.
type Field struct {
	Text        string
	Caret       int    // how many bytes stand before the caret
	Placeholder string // what an empty line stands for
	Large       bool   // it is to be told to others
}

// A Choice is something that a card offers. The front end names the keys.
type Choice struct {
	Label   string
	Keys    Action // each of them chooses it
	Default bool   // Enter chooses it

	do func(f *Flow)
}

// choice returns a Choice that does something.
func choice(label string, keys Action, do func(f *Flow)) Choice {
	return Choice{Label: label, Keys: keys, Default: keys.Has(Enter), do: do}
}
