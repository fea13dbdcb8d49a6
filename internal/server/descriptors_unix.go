//go:build unix

package server

import (
	"math"
	"syscall"
)

// maxFiles returns how many files the process can open, 0 if there is no limit. At its start the Go runtime has raised
// the limit as far as the process may.
func maxFiles() int {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil || uint64(limit.Cur) > math.MaxInt32 {
		return 0
	}
	return int(limit.Cur)
}
