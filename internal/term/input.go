//go:build !js

package term

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"pong/internal/front"
)

// inputOf returns the Input for a key. Where a line is typed, letters are text.
func inputOf(k tea.Key, typing bool) front.Input {
	switch {
	case k.Mod.Contains(tea.ModCtrl):
		return front.Input{Actions: chords[letter(k)]}
	case k.Code == tea.KeyTab && k.Mod.Contains(tea.ModShift):
		return front.Input{Actions: front.Up}
	case actions[k.Code] != 0:
		return front.Input{Actions: actions[k.Code]}
	case typing:
		return front.Input{Text: k.Text}
	}
	if k.Code == '?' || k.Text == "?" || k.ShiftedCode == '?' {
		return front.Input{Actions: front.Explain}
	}
	in := front.Input{Actions: signs[k.Code]}
	if k.Code >= '1' && k.Code <= '9' {
		in.Digit = int(k.Code - '0')
	}
	if in.Actions != 0 || in.Digit != 0 {
		return in
	}
	return front.Input{Actions: letters[letter(k)] | front.LetterAction(letter(k))}
}

// The actions of keys alone, of keys with Ctrl, and of letters and signs where no line is typed.
var (
	actions = map[rune]front.Action{
		tea.KeyEnter: front.Enter, tea.KeyEscape: front.Back,
		tea.KeyUp: front.Up, tea.KeyDown: front.Down, tea.KeyTab: front.Down,
		tea.KeyLeft: front.Left, tea.KeyRight: front.Right, tea.KeyHome: front.Home, tea.KeyEnd: front.End,
		tea.KeyBackspace: front.Erase, tea.KeyDelete: front.Remove, tea.KeyF1: front.Glossary, tea.KeyF3: front.NextHUD,
	}
	chords  = map[rune]front.Action{'c': front.Quit, 'u': front.Clear}
	letters = map[rune]front.Action{
		'w': front.Up, 'k': front.Up, 's': front.Down, 'j': front.Down,
		'y': front.Yes, 'n': front.No, 'r': front.Again, 'c': front.Copy, 'q': front.Quit,
		'b': front.UseBot, 'p': front.Save,
	}
	signs = map[rune]front.Action{
		' ': front.Pause, ',': front.StepBack, '.': front.StepOn, '1': front.TakeLeft, '2': front.TakeRight,
	}
)

// keyNames has the names of the keys for the actions of choices, in the order in which keysOf lists them.
var keyNames = []struct {
	action front.Action
	name   string
}{
	{front.Enter, "Enter"}, {front.Yes, "y"}, {front.No, "n"}, {front.Again, "r"}, {front.Copy, "c"}, {front.Save, "p"},
	{front.Back, "Esc"},
}

// keysOf returns the names of the keys for a set of actions, such as "Enter, n or Esc".
func keysOf(a front.Action) string {
	var names []string
	for _, k := range keyNames {
		if a.Has(k.action) {
			names = append(names, k.name)
		}
	}
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " or " + names[last]
	}
	return strings.Join(names, "")
}

// choicesOf returns the choices of a card, each with its keys.
func choicesOf(c *front.Card) []string {
	var all []string
	if len(c.Rows) > 1 || len(c.Rows) == 1 && c.At < 0 {
		all = append(all, "↑/↓: choose")
	}
	for _, g := range c.Choices {
		if g.Label != "" {
			all = append(all, keysOf(g.Keys)+": "+g.Label)
		}
	}
	if c.CanMark() {
		all = append(all, "←/→, Enter: choose")
	}
	if !c.Typing {
		all = append(all, "q: Quit")
	}
	return all
}
