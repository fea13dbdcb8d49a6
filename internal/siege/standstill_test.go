//go:build siege && linux

package siege

import (
	"encoding/json"
	"fmt"
	"syscall"
	"testing"
	"time"
)

// TestStandStill_CostsNoPoint stops the server's process in a match, as a suspended laptop or the migration of a
// virtual machine does, and continues it. When all ticks that were missed were played at once, 5 s cost a point and 8 s
// another.
func TestStandStill_CostsNoPoint(t *testing.T) {
	t.Parallel()
	for _, seconds := range either([]int{5}, []int{1, 5, 8}) {
		s := serve(t)
		left, right := s.match(t)
		time.Sleep(3 * time.Second) // until the ball flies
		_ = s.cmd.Process.Signal(syscall.SIGSTOP)
		time.Sleep(time.Duration(seconds) * time.Second)
		_ = s.cmd.Process.Signal(syscall.SIGCONT)
		continued := time.Now()
		s.wait("this server stood still")
		poll(t, 20*time.Second, "the match continues", func() bool { return playing(left, right) })
		back := time.Since(continued)
		time.Sleep(time.Until(continued.Add(1800 * time.Millisecond))) // before the countdown of 2 s is over
		points, removed := 0, len(s.with("player removed"))
		for _, line := range s.with(`"score"`) {
			var l struct{ Time time.Time }
			if json.Unmarshal([]byte(line), &l) == nil && l.Time.After(continued) {
				points++
			}
		}
		name := fmt.Sprintf("stopped_%d_s", seconds)
		mustFigure(t, name+"_points_lost", float64(points), "", atMost(0))
		mustFigure(t, name+"_seats_lost", float64(removed), "", atMost(0))
		figure(name+"_back_after", back.Seconds(), "s", under(2))
		playsOn(t, time.Second, left, right)
	}
}
