//go:build !windows

package main

import "context"

// announceEnding does nothing: other systems end a process with SIGTERM, and leave it the time that it needs.
func announceEnding(context.Context, func()) {}
