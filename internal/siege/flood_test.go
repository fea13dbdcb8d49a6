//go:build siege && linux

package siege

import (
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// A flood is an attack during a match, and how much it may disturb the players.
type flood struct {
	name   string
	config attackConfig
	p99    target // of the players' round trips: ratio with and without the attack
	loss   target // of the players' datagrams, in per cent
	quick  bool   // also part of the short form
}

// TestFloods plays with and without each flood in turn, and measures what the two players notice.
func TestFloods(t *testing.T) {
	ratio, ms16, loss := atMost(2), under(16), atMost(0.1)
	for _, f := range []flood{
		{name: "garbage_20k", config: attackConfig{Kind: "garbage", Rate: 20_000}, p99: ratio, loss: loss},
		{name: "garbage_50k", config: attackConfig{Kind: "garbage", Rate: 50_000}, p99: ratio, loss: loss, quick: true},
		{name: "garbage_100k", config: attackConfig{Kind: "garbage", Rate: 100_000}, p99: ratio, loss: loss},
		{name: "forged_20k", config: attackConfig{Kind: "forged", Rate: 20_000}, p99: ratio, loss: loss},
		{name: "replay_20k", config: attackConfig{Kind: "replay", Rate: 20_000}, p99: ratio, loss: loss},
		{name: "inputs_10k", config: attackConfig{Kind: "inputs", Rate: 10_000}, p99: ratio, loss: loss, quick: true},
		{name: "silent_5000", config: attackConfig{Kind: "silent", Rate: 1000, Count: 5000}, p99: ratio, loss: loss},
		{name: "dribbling_500", config: attackConfig{Kind: "dribble", Rate: 500, Count: 500}, p99: ratio, loss: loss},
		{name: "handshakes_1000", config: attackConfig{Kind: "handshakes", Rate: 1000}, p99: ratio, loss: loss,
			quick: true},
		{name: "joins_200", config: attackConfig{Kind: "joins", Rate: 200}, p99: ratio, loss: loss},
		{name: "joins_200_near", config: attackConfig{Kind: "joins", Rate: 200, Near: true}, p99: ratio, loss: loss},
		{name: "stampede_200", config: attackConfig{Kind: "watchers", Count: 200}, p99: ratio, loss: loss, quick: true},
		{name: "stampede_200_reading", config: attackConfig{Kind: "readers", Count: 200}, p99: ratio, loss: loss},
	} {
		if !f.quick && !long() {
			continue
		}
		t.Run(f.name, func(t *testing.T) { f.run(t, ms16) })
	}
}

func (f flood) run(t *testing.T, most target) {
	pairs, span := either(1, 5), either(2*time.Second, 4*time.Second)
	s := serve(t)
	left, right := s.match(t)
	time.Sleep(time.Second)
	before := drops(t, s.Game)
	var calm, stormy, ratios []float64
	var sum reading
	var done attackResult
	for range pairs {
		a, _ := f.phase(t, s, left, right, span, false)
		b, d := f.phase(t, s, left, right, span, true)
		calm, stormy = append(calm, quantile(a.trips, 0.99)), append(stormy, quantile(b.trips, 0.99))
		ratios = append(ratios, stormy[len(stormy)-1]/calm[len(calm)-1])
		sum.sent, sum.came, sum.lost, sum.missed = sum.sent+b.sent, sum.came+b.came, sum.lost+b.lost,
			sum.missed+b.missed
		sum.lossUp = max(sum.lossUp, b.lossUp)
		done.Done, done.Failed, done.Answered = done.Done+d.Done, done.Failed+d.Failed, done.Answered+d.Answered
	}
	dropped := drops(t, s.Game) - before
	if !playing(left, right) {
		t.Error("the match did not continue")
	}
	fmt.Printf("flood %s: %d done, %d failed in %d x %v; %d datagrams dropped by the system; %d ticks missed of %d\n",
		f.name, done.Done, done.Failed, pairs, span, dropped, sum.missed, 2*pairs*int(span.Seconds()*60))
	f.count(t, s, left, right, sum)
	figure("flood_"+f.name+"_p99_calm", median(calm), "ms", reportOnly)
	figure("flood_"+f.name+"_p99", median(stormy), "ms", most)
	figure("flood_"+f.name+"_p99_ratio", median(ratios), "", f.p99)
	figure("flood_"+f.name+"_loss_down", 100*float64(sum.lost)/float64(sum.came+sum.lost), "%", f.loss)
	if f.config.Game.IsValid() || f.config.Kind == "garbage" || f.config.Kind == "forged" || f.config.Kind == "replay" {
		mustFigure(t, "flood_"+f.name+"_answered", float64(done.Answered), "bytes", atMost(0))
	}
	if done.Done == 0 || done.Done < f.config.Count {
		t.Errorf("the attack did not take place: %+v", done)
	}
	if f.config.Kind == "readers" && done.Answered == 0 {
		t.Error("no watcher received anything")
	}
}

// phase plays for a while, with or without the attack, and returns the readings of both players together.
func (f flood) phase(t *testing.T, s *serving, left, right *player, span time.Duration, storm bool) (sum reading,
	d attackResult) {
	t.Helper()
	var a *attack
	if storm {
		o := f.config
		o.Control, o.Game, o.ID, o.For = s.control, s.game, left.seat.welcome.Session, span+3*time.Second
		if o.Kind == "replay" {
			left.mu.Lock()
			o.Tape = left.sentTape[:min(2000, len(left.sentTape))]
			left.mu.Unlock()
		}
		a = startAttack(t, o)
		time.Sleep(500 * time.Millisecond)
	}
	l, r := left.read(), right.read()
	time.Sleep(span)
	for _, one := range []reading{left.read().since(l), right.read().since(r)} {
		sum.sent, sum.came, sum.lost, sum.missed = sum.sent+one.sent, sum.came+one.came, sum.lost+one.lost,
			sum.missed+one.missed
		sum.lossUp = max(sum.lossUp, one.lossUp)
		sum.trips = append(sum.trips, one.trips...)
	}
	if storm {
		d = a.end()
		time.Sleep(500 * time.Millisecond)
	}
	return sum, d
}

// count ends the match and the server, and compares the datagrams that the players sent with those that the server
// accepted. If the attackers are players too, only the server's own estimate is left, in steps of 0.4 %.
func (f flood) count(t *testing.T, s *serving, left, right *player, storm reading) {
	t.Helper()
	left.goSilent() // otherwise the server lets them finish their point
	right.goSilent()
	time.Sleep(300 * time.Millisecond)
	s.terminate()
	switch f.config.Kind {
	case "inputs", "joins", "watchers", "readers":
		figure("flood_"+f.name+"_loss_up", 100*storm.lossUp, "%", f.loss)
		return
	}
	sum := s.totals()
	sent := left.sent + right.sent
	lost := sent - (sum.datagrams - sum.refused)
	// All losses are attributed to the time of the attack, although the players also sent at other times.
	figure("flood_"+f.name+"_loss_up", 100*float64(lost)/float64(storm.sent), "%", f.loss)
	if lost < 0 {
		t.Errorf("the server accepted %d datagrams more than the players sent: %+v", -lost, sum)
	}
}

// TestLog_StaysShortUnderAttack sends a million bad datagrams, and counts the lines that the operator has to read and
// the CPU time for dropping the datagrams.
func TestLog_StaysShortUnderAttack(t *testing.T) {
	s := serve(t)
	left, right := s.match(t) // an idle shard reads its socket once a second, so the system would drop most datagrams
	n := either(300_000, 1_000_000)
	before := len(s.all())
	a := startAttack(t, attackConfig{Kind: "garbage", Game: s.game, Rate: 100_000,
		For: time.Duration(n) * time.Second / 100_000})
	sent := a.end().Done
	figure("cpu_per_bad_datagram", s.cpu().Seconds()/float64(sent)*1e6, "us of the server", reportOnly)
	b := startAttack(t, attackConfig{Kind: "joins", Control: s.control, Rate: 100, For: 2 * time.Second, Near: true})
	joins := b.end().Done
	left.goSilent()
	right.goSilent()
	s.terminate()
	joined := 0
	for _, line := range s.all() {
		var l struct{ Msg, Name string }
		if json.Unmarshal([]byte(line), &l) == nil && (l.Name == "silent" || strings.Contains(l.Msg, "match closed")) {
			joined++
		}
	}
	lines := len(s.all()) - before - joined
	mustFigure(t, "log_lines_per_million_bad_datagrams", float64(lines)*1e6/float64(sent), "lines", under(200))
	figure("log_lines_per_join_without_register", float64(joined)/float64(joins), "lines", reportOnly)
	if got := s.totals(); got.by["malformed"]+got.by["unknown"] < sent/2 {
		t.Errorf("the log counts %v of %d bad datagrams, want at least half", got.by, sent)
	}
}

// TestLog_OfPlayersWhoMoveAllTheTime has two players change their sockets again and again, which is no offence. The log
// has a few lines of it, and says how many are missing and which address caused them.
func TestLog_OfPlayersWhoMoveAllTheTime(t *testing.T) {
	s := serve(t)
	left, right := s.match(t)
	moves := 0
	for end := time.Now().Add(either(4*time.Second, 30*time.Second)); time.Now().Before(end); {
		for _, p := range []*player{left, right} {
			socket, err := net.Dial("udp", s.game.String())
			if err != nil {
				t.Fatal(err)
			}
			p.changeSocket(socket)
			moves++
		}
		time.Sleep(50 * time.Millisecond)
	}
	left.leave()
	right.leave()
	s.terminate()
	figure("log_moves", float64(moves), "changes of a socket", reportOnly)
	lines := len(s.with("moved to another address"))
	mustFigure(t, "log_lines_of_2_players_who_move", float64(lines), "lines", atMost(20))
	status := strings.Join(s.with(`"unlogged"`), " ")
	if !strings.Contains(status, `"worst":{"127.0.0.1"`) {
		t.Errorf("the status lines %q do not say that lines are missing, and because of whom", s.with(`"status"`))
	}
}
