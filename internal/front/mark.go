package front

import "slices"

// CanMark reports whether Left and Right mark another choice for Enter to take. Every choice can be taken like that, on
// a keyboard without the letters of the others, too. Where a line is typed they move the caret, and where there are
// rows Enter takes a row.
func (c *Card) CanMark() bool {
	labelled := 0
	for _, g := range c.Choices {
		if g.Label != "" {
			labelled++
		}
	}
	return !c.Typing && len(c.Rows) == 0 && labelled > 1
}

// mark makes Enter take the choice at an index instead of the default one.
func (c *Card) mark(index int) {
	for i := range c.Choices {
		c.Choices[i].Keys &^= Enter
		c.Choices[i].Default = false
	}
	if index < len(c.Choices) {
		c.Choices[index].Keys |= Enter
		c.Choices[index].Default = true
	}
}

// mark marks the choice to the left or to the right of the one that Enter takes.
func (f *Flow) mark(a Action) {
	c := f.card()
	if !c.CanMark() || !a.Has(Left|Right) {
		return
	}
	at := slices.IndexFunc(c.Choices, func(g Choice) bool { return g.Default })
	switch {
	case a.Has(Right):
		at = min(at+1, len(c.Choices)-1)
	case at < 0:
		at = len(c.Choices) - 1
	default:
		at = max(at-1, 0)
	}
	f.marked = at + 1
}
