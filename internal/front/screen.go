package front

import (
	"time"

	"pong/internal/client"
)

// A Screen is everything that one picture shows.
type Screen struct {
	Card Card
	Age  time.Duration // since the card or the stage of the match changed

	// Of a match. Its card, if there is one, lies over the field.
	Match bool
	Frame client.Frame
	View  client.View
	Aside string  // a sentence to show outside of the field, because the ball may be in play
	Track *Track  // of a recording; nil in a match
	Lab   LabView // of a match: what the person sees of the network
}

// A CardKind is a kind of card.
type CardKind uint8

// The kinds of cards. CardAddress to CardQuitting fill the screen, the others lie over the field of a match.
const (
	NoCard       CardKind = iota // a match without a card
	CardAddress                  // asks for the address of a server
	CardMenu                     // asks what to play there
	CardDialling                 // a server is being dialled
	CardQuestion                 // asks whether to trust an unknown server
	CardFailed                   // the server could not be joined
	CardQuitting                 // asks whether to leave the program
	CardWaiting                  // there is no opponent yet
	CardReady                    // both players are here
	CardPaused                   // the match is paused
	CardOver                     // the game has a result
	CardLost                     // nothing arrives from the server
	CardClosed                   // the session has ended
	CardLeaving                  // asks whether to leave the match
)

// A Card is a piece of text with choices, and perhaps a line to type in and the rows of a menu.
type Card struct {
	Kind  CardKind
	Title string
	Alert bool // something is wrong
	Lines []Line
	Busy  bool // something is going on, and the person has to wait

	QR [][]bool // the modules of a QR code, row by row, with its quiet zone; true is dark. It may be left out.

	Typing bool // there is a line to type in, so letters are text
	Field  Field

	Rows []Row // of a menu
	At   int   // the row that Enter takes; -1 if Enter takes the line

	Choices []Choice
	Footer  string // a line at the bottom of the screen
}

// A Line is a paragraph of a card.
type Line struct {
	Text  string
	Style Style
}

// A Style is the way in which a paragraph is shown.
type Style uint8

// The styles.
const (
	Plain   Style = iota
	Faint         // less important
	Wrong         // what is wrong with something that was entered
	Large         // a score, a room code
	Literal       // to be typed or compared character by character: an address, a command, a fingerprint
)

// A Field is a line of text that is being typed.
type Field struct {
	Text        string
	Caret       int    // the number of bytes before the caret
	Placeholder string // the meaning of an empty line
	Large       bool   // it is to be read out to others
}

// A Choice is offered by a card. The front end names its keys.
type Choice struct {
	Label   string
	Keys    Action // a set: each of them takes the choice
	Default bool   // Enter takes it

	do func(f *Flow)
}

// choice returns a Choice that calls do.
func choice(label string, keys Action, do func(f *Flow)) Choice {
	return Choice{Label: label, Keys: keys, Default: keys.Has(Enter), do: do}
}
