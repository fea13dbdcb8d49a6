//go:build unix || windows

package admin

import (
	"testing"
	"time"
)

// CPUTime grows while the processor works.
func TestCPUTime_Grows(t *testing.T) {
	begin, before := time.Now(), CPUTime()
	for CPUTime() == before {
		if time.Since(begin) > 30*time.Second {
			t.Fatalf("the processor time stays at %v for 30 s of work", before)
		}
	}
	if CPUTime() < before {
		t.Errorf("the processor time falls from %v to %v", before, CPUTime())
	}
}
