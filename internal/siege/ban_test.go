//go:build siege && linux

package siege

import (
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestBan_EndsAFlood bans an address that floods the server with hellos, by pong admin. After that none of its
// connections is refused for any other reason than that it is denied, so none has cost a handshake, the match goes on,
// and newcomers join.
func TestBan_EndsAFlood(t *testing.T) {
	list := filepath.Join(t.TempDir(), "deny")
	if err := os.WriteFile(list, []byte("# nobody yet\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	certs := filepath.Join(t.TempDir(), "certs")
	s := serveCommand(t, pong(t, "", append(serveArgs("127.0.0.1", certs), "--admin", "127.0.0.1:0",
		"--deny", list)...), "127.0.0.1")
	admin := s.adminURL()
	at, err := url.Parse(admin)
	if err != nil {
		t.Fatal(err)
	}
	left, right := s.match(t)
	span := either(1500*time.Millisecond, 8*time.Second)
	a := startAttack(t, attackConfig{
		Kind: "hellos", Control: s.control, Count: 1, Rate: 1500, Tape: [][]byte{recordedHello(t)},
		For: 2*span + 3*time.Second,
	})
	attacker := attackConfig{}.source(0)

	measure := func(name string) (worked, denied float64, joined int) {
		before, cpu, start := refusedBy(t, admin), s.cpu(), time.Now()
		took, failed, _ := joinFor(t, s.control, span)
		lasted := time.Since(start).Seconds()
		now := refusedBy(t, admin)
		for reason, n := range now {
			if n -= before[reason]; reason == "denied" {
				denied += n
			} else {
				worked += n
			}
		}
		figure("flood_"+name+"_served", worked/lasted, "connections/s", reportOnly)
		figure("flood_"+name+"_denied", denied/lasted, "connections/s", reportOnly)
		figure("flood_"+name+"_newcomers_p50", median(took), "ms", reportOnly)
		figure("flood_"+name+"_newcomers_p99", quantile(took, 0.99), "ms", reportOnly)
		figure("flood_"+name+"_newcomers_failed", float64(failed), "", reportOnly)
		figure("flood_"+name+"_cpu", 100*(s.cpu()-cpu).Seconds()/lasted, "%", reportOnly)
		return worked, denied, len(took)
	}
	measure("before_ban")
	ban := run(t, pong(t, "", "admin", "ban", "--yes", attacker.String(), "--admin", at.Host,
		"--token", filepath.Join(certs, "admin.token")))
	ban.wait("Banned " + attacker.String())
	worked, denied, joined := measure("after_ban")
	if worked > 1 || denied == 0 || joined == 0 || !playing(left, right) { // one may have been accepted before
		t.Errorf("after the ban %v connections were refused for other reasons, %v as denied, %d newcomers joined, and "+
			"the match goes on: %v; want none, some, some and true", worked, denied, joined, playing(left, right))
	}
	want := "# nobody yet\n" + attacker.String()
	if text, err := os.ReadFile(list); err != nil || !strings.HasPrefix(string(text), want) {
		t.Errorf("the file has %q (%v), want the comment and the address", text, err)
	}
	d := a.end()
	t.Logf("%d connections opened, %d failed", d.Done, d.Failed)
}

// refusedBy returns how many connections and players a server has refused, by reason.
func refusedBy(t testing.TB, admin string) map[string]float64 {
	t.Helper()
	_, page := get(t, admin+"/metrics")
	found := make(map[string]float64)
	for line := range strings.Lines(page) {
		rest, ok := strings.CutPrefix(line, `pong_refused_total{reason="`)
		if !ok {
			continue
		}
		reason, value, _ := strings.Cut(rest, `"} `)
		n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil {
			t.Fatal(err)
		}
		found[reason] = n
	}
	return found
}
