//go:build js

package term

import (
	"context"
	"io"

	"pong/internal/dial"
)

// Run returns ErrNoTerminal: a browser has none.
func Run(context.Context, Config) error { return ErrNoTerminal }

// Ask refuses: a browser has nowhere to ask.
func Ask(context.Context, io.Reader, io.Writer, dial.Question) bool { return false }

// RunOperator returns ErrNoTerminal: a browser has none.
func RunOperator(context.Context, OperatorConfig) error { return ErrNoTerminal }
