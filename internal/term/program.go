//go:build !js

package term

import (
	"context"
	"io"

	tea "charm.land/bubbletea/v2"
)

// run runs a model in a terminal until it or ctx ends. It asks the program to quit instead of passing ctx to it: a
// program whose context ends closes the input of the terminal while another goroutine still reads from it.
func run(ctx context.Context, m tea.Model, in io.Reader, out io.Writer, options ...tea.ProgramOption) error {
	p := tea.NewProgram(m, append(options, tea.WithInput(in), tea.WithOutput(out))...)
	defer context.AfterFunc(ctx, p.Quit)()
	defer controlJob(p)()
	defer restoreAtCrash(p, in)()
	_, err := p.Run()
	return err
}
