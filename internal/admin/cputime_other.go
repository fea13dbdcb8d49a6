//go:build !unix && !windows

package admin

import "time"

// CPUTime returns 0: the processor time of the process is not measured on this system.
func CPUTime() time.Duration { return 0 }
