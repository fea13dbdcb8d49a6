//go:build js

package term

import (
	"context"
	"io"
)

// Run returns ErrNoTerminal: there is none in a browser.
func Run(context.Context, Config) error { return ErrNoTerminal }

// Ask returns false: there is no terminal in a browser.
func Ask(context.Context, io.Reader, io.Writer, string, string, string) bool { return false }

// RunOperator returns ErrNoTerminal: there is none in a browser.
func RunOperator(context.Context, OperatorConfig) error { return ErrNoTerminal }
