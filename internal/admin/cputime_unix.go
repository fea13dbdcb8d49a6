//go:build unix

package admin

import (
	"syscall"
	"time"
)

// CPUTime returns the processor time that this process has used, in user and kernel mode, or 0 if it is not known.
func CPUTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
