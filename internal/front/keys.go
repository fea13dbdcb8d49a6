package front

// A MatchKey is a key of a match that is not about moving the paddle. The front ends' help lists all of them, and keys
// of their own, such as that for full screen.
type MatchKey struct {
	Name   string // of the key, as both front ends show it
	Does   string
	Short  string // for a line with all keys; if empty, it is not there
	Letter rune   // of the key; 0 if it has none
	Action Action // that the letter causes
}

// MatchKeys are the keys of a match. The letters of other keys are those of the choices of cards.
var MatchKeys = []MatchKey{
	{"V", "switch the view: filter, predict, interp", "view", 'v', NextView},
	{"Tab", "show the line, all figures, or graphs", "figures", 0, NextHUD},
	{"L", "open or close the lab panel", "lab", 'l', ToggleLab},
	{"G", "show where the server's newest STATE has things", "ghost", 'g', ShowGhost},
	{"B", "draw it in two ways", "two ways", 'b', ShowBeside},
	{"F1", "show the keys, then the glossary", "help", 0, Glossary},
	{"1-7", "techniques, with the lab panel open", "", 0, 0},
	{"arrows", "mark and change a row of the lab panel, when it is open; W and S move the paddle", "", 0, 0},
	{"?", "explain the next graph", "", 0, Explain},
}

// LetterAction returns the action of a letter in a match, 0 if it has none.
func LetterAction(letter rune) Action {
	for _, k := range MatchKeys {
		if k.Letter == letter && letter != 0 {
			return k.Action
		}
	}
	return 0
}
