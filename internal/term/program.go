//go:build !js

package term

import (
	"context"

	tea "charm.land/bubbletea/v2"
)

// run runs a model until it or ctx ends. It asks the program to quit instead of passing ctx to it: a program whose
// context ends closes the input of the terminal while another goroutine still reads from it.
func run(ctx context.Context, m tea.Model, options ...tea.ProgramOption) error {
	p := tea.NewProgram(m, options...)
	defer context.AfterFunc(ctx, p.Quit)()
	defer controlJob(p)()
	defer restoreAtCrash(p)()
	_, err := p.Run()
	return err
}
