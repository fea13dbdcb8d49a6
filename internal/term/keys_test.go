//go:build !js

package term

import (
	"strings"
	"testing"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"pong/internal/front"
	"pong/internal/game"
)

// TestStick_Steers plays lists of keys: a letter is a press, one after a minus a release, one after a plus a repeat.
// Arrows are U and D, a space or x any other key; ! says that the terminal reports releases, ~ that the window loses
// the keyboard.
func TestStick_Steers(t *testing.T) {
	const none, up, down = game.None, game.Up, game.Down
	tests := []struct {
		keys string
		want []game.Input
	}{
		// Latched: a press moves until another key.
		{"w", []game.Input{up}},
		{"w w w", []game.Input{up, up, up}}, // the automatic repeat
		{"w s", []game.Input{up, none}},
		{"w s s", []game.Input{up, none, down}},
		{"s x", []game.Input{down, none}},
		{"s x x", []game.Input{down, none, none}},
		{"U k w", []game.Input{up, up, up}}, // each of them is the same way
		{"D w", []game.Input{down, none}},
		{"j D ~ s", []game.Input{down, down, none, down}},

		// Held: a key moves while it is down.
		{"! w -w", []game.Input{none, up, none}},
		{"! w +w +w -w", []game.Input{none, up, up, up, none}},
		{"! w s +w -s", []game.Input{none, up, down, down, up}}, // the automatic repeat is no new press

		// Lost releases: a second press is a new one.
		{"! w w w -w", []game.Input{none, up, up, up, none}},
		{"! w s w -w", []game.Input{none, up, down, up, none}},
		{"! w s w s -s", []game.Input{none, up, down, up, down, up}},
		{"! w U w -w", []game.Input{none, up, up, up, none}},
		{"! w s -s -w", []game.Input{none, up, down, up, none}}, // the newest counts
		{"! w s -w -s", []game.Input{none, up, down, down, none}},
		{"! w U -w -U", []game.Input{none, up, up, up, none}},
		{"! s x", []game.Input{none, down, down}},
		{"! w ~ -w", []game.Input{none, up, none, none}},
		{"! w ~ s -s", []game.Input{none, up, none, down, none}},

		// A release tells that the terminal reports them.
		{"w -w w", []game.Input{up, none, up}},
		{"x -x w -w", []game.Input{none, none, up, none}},
		{"! -w", []game.Input{none, none}},
	}
	codes := map[string]tea.Key{"U": {Code: tea.KeyUp}, "D": {Code: tea.KeyDown}}
	for _, test := range tests {
		var s stick
		for i, word := range strings.Fields(test.keys) {
			name, released := strings.CutPrefix(word, "-")
			name, repeats := strings.CutPrefix(name, "+")
			k, special := codes[name]
			if !special {
				k = tea.Key{Code: rune(name[0])}
			}
			switch {
			case word == "!":
				s.reportsReleases()
			case word == "~":
				s.letGo()
			case released:
				s.release(steers(k))
			default:
				s.press(steers(k), repeats)
			}
			if s.input != test.want[i] {
				t.Errorf("%q: input %v after key %d, want %v", test.keys, s.input, i+1, test.want[i])
				break
			}
		}
	}
}

func TestLetter_IsThatOfTheKey(t *testing.T) {
	tests := []struct {
		key  tea.Key
		want rune
	}{
		{tea.Key{Code: 'w'}, 'w'},
		{tea.Key{Code: 'W'}, 'w'},                    // with caps lock
		{tea.Key{Code: 'ц', BaseCode: 'w'}, 'w'},     // Cyrillic: the place counts
		{tea.Key{Code: 'a', BaseCode: 'q'}, 'a'},     // French: the letter counts
		{tea.Key{Code: tea.KeyUp}, tea.KeyUp},        // no letter
		{tea.Key{Code: 'w', Mod: tea.ModShift}, 'w'}, // by accident
		{tea.Key{Code: 'ц'}, 'w'},                    // the terminal does not report the place
		{tea.Key{Code: 'Ц'}, 'w'},
		{tea.Key{Code: 'й'}, 'q'}, {tea.Key{Code: 'м'}, 'v'}, {tea.Key{Code: 'н'}, 'y'}, {tea.Key{Code: 'і'}, 's'},
		{tea.Key{Code: 'ς'}, 'w'}, {tea.Key{Code: 'Σ'}, 's'}, {tea.Key{Code: 'υ'}, 'y'}, // Greek
		{tea.Key{Code: 'ט'}, 'y'}, {tea.Key{Code: 'ד'}, 's'}, {tea.Key{Code: 'ר'}, 'r'}, // Hebrew
		{tea.Key{Code: 'ص'}, 'w'}, {tea.Key{Code: 'د'}, 'n'}, {tea.Key{Code: 'غ'}, 'y'}, // Arabic, Persian
		{tea.Key{Code: 'ㅛ'}, 'y'}, {tea.Key{Code: 'წ'}, 'w'}, {tea.Key{Code: 'ไ'}, 'w'},
		{tea.Key{Code: 'é'}, 'é'}, {tea.Key{Code: 'ß'}, 'ß'}, {tea.Key{Code: ';'}, ';'},
	}
	for _, test := range tests {
		if got := letter(test.key); got != test.want {
			t.Errorf("letter(%+v) = %q, want %q", test.key, got, test.want)
		}
	}
}

// TestInput_Layouts presses keys on keyboards of several layouts: those at the places of W, S, Y and Z on a US one, by
// what they type there. Yes is the key that types y, or its place where no key does. W and S are places if the terminal
// reports places, and letters otherwise.
func TestInput_Layouts(t *testing.T) {
	for layout, typed := range map[string]struct {
		w, s, y, z rune
		yes        rune // the character of the key that means yes
	}{
		"us": {'w', 's', 'y', 'z', 'y'}, "de": {'w', 's', 'z', 'y', 'y'}, "fr": {'z', 's', 'y', 'w', 'y'},
		"dvorak": {',', 'o', 'f', ';', 'y'}, "ru": {'ц', 'ы', 'н', 'я', 'н'}, "gr": {'ς', 'σ', 'υ', 'ζ', 'υ'},
		"il": {'\'', 'ד', 'ט', 'ז', 'ט'},
	} {
		for _, char := range []rune{typed.w, typed.s, typed.y, typed.z, typed.yes} {
			for _, pressed := range []rune{char, unicode.ToUpper(char)} { // with Caps Lock
				got := inputOf(tea.Key{Code: pressed, Text: string(pressed)}, false).Actions.Has(front.Yes)
				if want := char == typed.yes; got != want {
					t.Errorf("%s: the key that types %q means yes: %t, want %t", layout, pressed, got, want)
				}
			}
		}
		placed := func(char, place rune) key { return steers(tea.Key{Code: char, BaseCode: place}) }
		if up, down := placed(typed.w, 'w'), placed(typed.s, 's'); up != keyW || down != keyS {
			t.Errorf("%s: the keys at the places of W and S are %v and %v, want up and down", layout, up, down)
		}
	}
	for _, k := range []tea.Key{{Code: 'w', BaseCode: 'z'}, {Code: 'w'}, {Code: 'ц'}, {Code: 'ς'}} {
		if got := steers(k); got != keyW {
			t.Errorf("%+v steers as %v, want up", k, got)
		}
	}
}

// TestSteering_HelpNamesTheMode: the person must be told which of the two it is.
func TestSteering_HelpNamesTheMode(t *testing.T) {
	if !strings.Contains(latched.help(), "stop") || !strings.Contains(held.help(), "hold") {
		t.Errorf("help says %q when latched and %q when held", latched.help(), held.help())
	}
}
