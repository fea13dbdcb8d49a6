package game

import "testing"

func TestRules_Parse(t *testing.T) {
	for _, want := range []Rules{DefaultRules(), ClassicRules()} {
		got, err := ParseRules(want.Name())
		if err != nil || got != want {
			t.Errorf("ParseRules(%q) = %+v, %v, want %+v", want.Name(), got, err, want)
		}
	}
	for _, name := range []string{"", "Default", "pong\x00"} {
		if got, err := ParseRules(name); err == nil {
			t.Errorf("ParseRules(%q) = %+v, want an error", name, got)
		}
	}
}

func TestRules_Won(t *testing.T) {
	tests := []struct {
		rules        Rules
		mine, theirs uint16
		want         bool
	}{
		{DefaultRules(), 10, 0, false},
		{DefaultRules(), 11, 0, true},
		{DefaultRules(), 11, 9, true},
		{DefaultRules(), 11, 10, false},
		{DefaultRules(), 12, 10, true},
		{DefaultRules(), 12, 11, false},
		{DefaultRules(), 40, 38, true},
		{DefaultRules(), 9, 11, false},
		{Rules{Points: 1}, 1, 0, true},
		{Rules{Points: 2}, 2, 1, false},
		{Rules{Points: 2}, 3, 1, true},
		{ClassicRules(), 10, 0, false},
		{ClassicRules(), 11, 10, true},
		{ClassicRules(), 11, 0, true},
		{Rules{}, maxCount, 0, false},
		{Rules{Classic: true}, maxCount, 0, false},
	}
	for _, test := range tests {
		if got := test.rules.won(test.mine, test.theirs); got != test.want {
			t.Errorf("%+v: %d to %d won = %v, want %v", test.rules, test.mine, test.theirs, got, test.want)
		}
	}
}
