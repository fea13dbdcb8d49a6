//go:build nogui

package gui

import "context"

// Run returns ErrNoWindow: this build has no window.
func Run(context.Context, Config) error { return ErrNoWindow }
