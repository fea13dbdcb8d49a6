//go:build !unix && !js

package term

import tea "charm.land/bubbletea/v2"

// controlJob does nothing: this system has no job control.
func controlJob(*tea.Program) (end func()) { return func() {} }

// suspend does nothing: a process of this system cannot be stopped from its terminal.
func suspend() tea.Cmd { return nil }

// A jobMsg is the message that the program has taken the terminal again, which never happens on this system.
type jobMsg struct{}
