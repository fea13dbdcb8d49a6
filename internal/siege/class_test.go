//go:build siege && linux

package siege

import (
	"testing"
	"time"
)

// TestClass_IsSeatedFromOneAddress starts forty bots at the same moment, all behind one address and with a round trip
// of 250 ms, as in a class that plays over the internet. All of them play.
func TestClass_IsSeatedFromOneAddress(t *testing.T) {
	const class = 40
	s := serve(t)
	link := run(t, pong(t, "", "link", "--listen", "127.0.0.2", "--to", s.control.Addr().String(), "--delay", "125ms",
		"--control-port", port(s.Control), "--game-port", port(s.Game)))
	link.wait("Relaying")
	start := time.Now()
	var bots []*process
	for range class {
		bots = append(bots, run(t, pong(t, "", "bot", "127.0.0.2:"+port(s.Control), "--json",
			"--trust", s.Fingerprint)))
	}
	var took []float64
	seated := make([]bool, class)
	poll(t, 2*time.Minute, "all are seated", func() bool {
		for i, b := range bots {
			switch {
			case !b.running():
				t.Fatalf("bot %d of %d ended: %s", i+1, class, b.stderr.String())
			case !seated[i] && len(b.with(`"tick"`)) > 0:
				seated[i] = true
				took = append(took, time.Since(start).Seconds())
			}
		}
		return len(took) == class
	})
	figure("class_of_40_seated_p50", median(took), "s", reportOnly)
	figure("class_of_40_seated_all", quantile(took, 1), "s", under(15))
}
