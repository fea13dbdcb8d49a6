//go:build siege && linux

package siege

import (
	"fmt"
	"testing"
	"time"
)

// TestHellos_NewcomersJoin joins repeatedly while some addresses replay a recorded ClientHello 3000 times a second, for
// which the server computes handshakes that never end. How many newcomers join in time depends on the machine, so that
// is reported; some join on every machine, and the match goes on.
func TestHellos_NewcomersJoin(t *testing.T) {
	for _, addresses := range []int{17, 200} {
		t.Run(fmt.Sprint(addresses), func(t *testing.T) {
			s := serve(t)
			left, right := s.match(t)
			a := startAttack(t, attackConfig{
				Kind: "hellos", Control: s.control, Count: addresses, Rate: 3000, Tape: [][]byte{recordedHello(t)},
				For: either(4*time.Second, 20*time.Second),
			})
			took, failed := joinFor(t, s, either(3*time.Second, 19*time.Second))
			if len(took) == 0 || !playing(left, right) {
				t.Errorf("%d newcomers have joined and the match goes on: %v; want some, and true", len(took),
					playing(left, right))
			}
			d := a.end()
			t.Logf("%d connections opened, %d failed; %d JOINs", d.Done, d.Failed, len(took))
			name := fmt.Sprintf("hellos_from_%d", addresses)
			figure(name+"_p50", median(took), "ms", reportOnly)
			figure(name+"_p99", quantile(took, 0.99), "ms", under(1500))
			figure(name+"_failed", float64(failed), "", atMost(0))
		})
	}
}
