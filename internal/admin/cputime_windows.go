package admin

import (
	"syscall"
	"time"
)

// CPUTime returns the processor time that this process has used, in user and kernel mode, or 0 if it is not known.
func CPUTime() time.Duration {
	self, err := syscall.GetCurrentProcess()
	var created, ended, kernel, user syscall.Filetime
	if err != nil || syscall.GetProcessTimes(self, &created, &ended, &kernel, &user) != nil {
		return 0
	}
	ticks := func(t syscall.Filetime) int64 { return int64(t.HighDateTime)<<32 | int64(t.LowDateTime) }
	return time.Duration(ticks(kernel)+ticks(user)) * 100 // a Filetime counts 100 ns
}
