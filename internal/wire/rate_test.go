package wire

import "testing"

// TestStateRate: a STATE must tell all inputs since the one before it.
func TestStateRate(t *testing.T) {
	for rate, good := range map[int]bool{20: true, 60: true, 30: true, 4: true, 3: false, 1: false, 0: false, -20: false, 25: false, 120: false} {
		if err := CheckStateRate(rate); (err == nil) != good {
			t.Errorf("%d STATEs a second: %v, want accepted: %v", rate, err, good)
		}
	}
}
