//go:build siege && linux

package siege

import (
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestHellos_NewcomersJoin joins repeatedly while some addresses replay a recorded ClientHello 3000 times a second, for
// which the server computes handshakes that never end. How many newcomers join in time depends on the machine, so that
// is reported; some join on every machine, and the match goes on.
func TestHellos_NewcomersJoin(t *testing.T) {
	for _, addresses := range either([]int{17, 300}, []int{17, 200, 300}) {
		t.Run(fmt.Sprint(addresses), func(t *testing.T) {
			s := serve(t, "--admin", "127.0.0.1:0")
			left, right := s.match(t)
			most := s.watchMemory(t)
			a := startAttack(t, attackConfig{
				Kind: "hellos", Control: s.control, Count: addresses, Rate: 3000, Tape: [][]byte{recordedHello(t)},
				For: either(4*time.Second, 20*time.Second),
			})
			took, failed, closed := joinFor(t, s.control, either(3*time.Second, 19*time.Second))
			if len(took) == 0 || !playing(left, right) {
				t.Errorf("%d newcomers have joined and the match goes on: %v; want some, and true", len(took),
					playing(left, right))
			}
			goroutines, memory := most()
			d := a.end()
			t.Logf("%d connections opened, %d failed; %d JOINs", d.Done, d.Failed, len(took))
			name := fmt.Sprintf("hellos_from_%d", addresses)
			figure(name+"_p50", median(took), "ms", reportOnly)
			figure(name+"_p99", quantile(took, 0.99), "ms", under(1500))
			figure(name+"_failed", float64(failed), fmt.Sprint("of ", failed+len(took)), atMost(0))
			figure(name+"_tried_again", float64(closed), "times", reportOnly)
			figure(name+"_goroutines", goroutines, "at most", atMost(1500))
			figure(name+"_memory", memory, "MB at most", atMost(60))
		})
	}
}

// TestSilent_SameAddressJoins joins over a round trip of 100 ms while 200 silent connections a second are opened from
// the same address, as behind a router that many people share.
func TestSilent_SameAddressJoins(t *testing.T) {
	s := serve(t)
	link := run(t, pong(t, "", "link", "--listen", "127.0.0.2", "--to", s.control.Addr().String(), "--delay", "50ms",
		"--control-port", port(s.Control), "--game-port", port(s.Game)))
	link.wait("Relaying")
	far := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.2"), s.Control)
	a := startAttack(t, attackConfig{
		Kind: "silent", Control: s.control, From: s.control.Addr(), Count: 1000, Rate: 200,
		For: either(6*time.Second, 20*time.Second),
	})
	took, failed, closed := joinFor(t, far, either(5*time.Second, 19*time.Second))
	if d := a.end(); d.Done < 1000 || len(took) == 0 {
		t.Errorf("%d silent connections and %d newcomers, want 1000 and some", d.Done, len(took))
	}
	figure("silent_same_address_p99", quantile(took, 0.99), "ms", under(1500))
	figure("silent_same_address_failed", float64(failed), fmt.Sprint("of ", failed+len(took)), atMost(0))
	figure("silent_same_address_tried_again", float64(closed), "times", reportOnly)
}

// adminURL returns the URL of the admin port of a server that was started with --admin.
func (s *serving) adminURL() string {
	_, at, _ := strings.Cut(s.wait("/metrics"), "http://")
	at, _, _ = strings.Cut(at, "/")
	return "http://" + at
}

// watchMemory reads the metrics of a server again and again. The function that it returns ends that, and returns the
// greatest number of goroutines and the greatest memory, in MB, that were seen.
func (s *serving) watchMemory(t testing.TB) (most func() (goroutines, memory float64)) {
	url, stop := s.adminURL()+"/metrics", make(chan struct{})
	var goroutines, memory float64
	var done sync.WaitGroup
	done.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Millisecond):
			}
			answer, err := http.Get(url)
			if err != nil {
				t.Errorf("read the metrics: %v", err)
				return
			}
			page, _ := io.ReadAll(answer.Body)
			answer.Body.Close()
			goroutines = max(goroutines, metric(string(page), "go_goroutines"))
			memory = max(memory, metric(string(page), "process_resident_memory_bytes")/1e6)
		}
	})
	return func() (float64, float64) { close(stop); done.Wait(); return goroutines, memory }
}

// metric returns the value of a metric without labels.
func metric(page, name string) (value float64) {
	_, rest, _ := strings.Cut(page, "\n"+name+" ")
	_, _ = fmt.Sscan(rest, &value)
	return value
}
