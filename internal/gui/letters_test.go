//go:build !nogui

package gui

import "testing"

// TestLetterOf has strokes on keyboards of the world.
func TestLetterOf(t *testing.T) {
	for _, test := range []struct {
		about string
		key   stroke
		typed rune
		want  rune
	}{
		{"US Y", stroke{'y', "y"}, 'y', 'y'},
		{"German Z, where Y is on a US keyboard", stroke{'y', "z"}, 'z', 'z'},
		{"German Y", stroke{'z', "y"}, 'y', 'y'},
		{"German Y, with a name of the former layout", stroke{'z', "z"}, 'y', 'y'},
		{"French M, where a US keyboard has a semicolon", stroke{0, "m"}, 'm', 'm'},
		{"French comma, where M is on a US keyboard", stroke{'m', ","}, ',', 0},
		{"Dvorak R", stroke{'o', "r"}, 'r', 'r'},
		{"Dvorak full stop, where V is not", stroke{'v', "k"}, 'k', 'k'},
		{"Caps Lock", stroke{'y', "y"}, 'Y', 'y'},
		{"Ctrl and V of Dvorak", stroke{0, "v"}, 0, 'v'},
		{"an input method that takes the character", stroke{'y', "y"}, 0, 'y'},
		{"Russian", stroke{'y', "н"}, 'н', 'y'},
		{"Russian, Caps Lock", stroke{'y', "н"}, 'Н', 'y'},
		{"Russian, without a name", stroke{'y', ""}, 'н', 'y'},
		{"Greek with Ctrl", stroke{'v', "ω"}, 0, 'v'},
		{"Hebrew", stroke{'n', "מ"}, 'מ', 'n'},
		{"Hebrew letter at the place of a comma", stroke{0, "ת"}, 'ת', 0},
		{"a dead key at the place of Y", stroke{'y', "´"}, 0, 0},
		{"a letter with a mark", stroke{'y', "é"}, 'é', 0},
		{"a digit", stroke{0, "1"}, '1', 0},
		{"nothing is known", stroke{'y', ""}, 0, 0},
	} {
		if got := letterOf(test.key, test.typed); got != test.want {
			t.Errorf("%s: %+v, typed %q, is %q, want %q", test.about, test.key, test.typed, got, test.want)
		}
	}
}

func TestLabelsOf(t *testing.T) {
	for _, test := range []struct{ names, want [2]string }{
		{[2]string{"w", "s"}, [2]string{"W", "S"}},
		{[2]string{"z", "s"}, [2]string{"Z", "S"}}, // French
		{[2]string{",", "o"}, [2]string{",", "O"}}, // Dvorak
		{[2]string{"ü", "s"}, [2]string{"Ü", "S"}},
		{[2]string{"ц", "ы"}, [2]string{"W", "S"}},
		{[2]string{"ς", "σ"}, [2]string{"W", "S"}},
		{[2]string{"'", "ד"}, [2]string{"W", "S"}},
		{[2]string{"", "s"}, [2]string{"W", "S"}},
		{[2]string{"w", "unknown"}, [2]string{"W", "S"}},
	} {
		if got := labelsOf(test.names); got != test.want {
			t.Errorf("%q: got %q, want %q", test.names, got, test.want)
		}
	}
}
