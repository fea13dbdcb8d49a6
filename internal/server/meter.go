package server

import "time"

// A meter measures how long a loop works after it woke. It prefers CPU time, which does not count the work of other
// processes on the same core.
type meter struct {
	woke time.Time
	cpu  time.Duration // reading of the CPU clock then
}

func newMeter(woke time.Time, cpu time.Duration) meter { return meter{woke, cpu} }

// worked returns the time worked until now. A loop that is behind has too little time whatever the reason, so that all
// of it counts. If the goroutine has moved to another thread the two readings of the CPU clock are of different clocks,
// so the result is limited to the time that has passed.
func (m meter) worked(now time.Time, cpu time.Duration, behind bool) time.Duration {
	passed := now.Sub(m.woke)
	if behind {
		return passed
	}
	return min(max(cpu-m.cpu, 0), passed)
}
