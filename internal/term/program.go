//go:build !js

package term

import (
	"context"

	tea "charm.land/bubbletea/v2"
)

// run gives the terminal to a model until it ends or ctx does. It asks the program to quit instead of handing it the
// context: a program whose context ends closes the terminal's input while another goroutine still reads it.
func run(ctx context.Context, m tea.Model, options ...tea.ProgramOption) error {
	p := tea.NewProgram(m, options...)
	defer context.AfterFunc(ctx, p.Quit)()
	_, err := p.Run()
	return err
}
