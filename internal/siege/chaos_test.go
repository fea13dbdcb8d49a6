//go:build siege && linux

package siege

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// TestChaos plays matches through bad networks, outages, kills, stops and changes of address, in parallel, with
// unmodified pong serve, pong link and pong bot. The long form (SIEGE=long) is the whole matrix.
func TestChaos(t *testing.T) {
	c := newChaos(t)
	t.Run("rebinding", c.rebinding) // first and alone, because it measures gaps of a few frames
	chaosParallel(t, "measured", map[string]func(*testing.T){"crash": c.crash, "restart": c.restart})
	played := c.networks()
	maps.Copy(played, c.disturbances())
	chaosParallel(t, "played", played)
	c.ledger.mu.Lock()
	defer c.ledger.mu.Unlock()
	chaosFigure(t, "nonce_repeats", float64(c.ledger.repeats), fmt.Sprintf("of %d datagrams", len(c.ledger.sealed)), 1)
	chaosFigure(t, "copies_made_by_relays", float64(c.ledger.copies), "datagrams", 0)
	for _, anomaly := range c.ledger.anomalies {
		t.Error(anomaly)
	}
	if len(c.ledger.sealed) == 0 {
		t.Error("no datagram was captured")
	}
}

// chaosParallel runs parts of a test in parallel, as many at once as go test -parallel says.
func chaosParallel(t *testing.T, name string, parts map[string]func(*testing.T)) {
	t.Run(name, func(t *testing.T) {
		for _, part := range slices.Sorted(maps.Keys(parts)) {
			t.Run(part, func(t *testing.T) {
				t.Parallel()
				parts[part](t)
			})
		}
	})
}

// A chaosCell is a network of the matrix.
type chaosCell struct {
	loss   int // per cent
	delay  time.Duration
	damage string // reorder, duplicate, corrupt or burst
	span   time.Duration
}

func (cell chaosCell) String() string {
	return fmt.Sprintf("loss_%d_delay_%d_%s", cell.loss, cell.delay.Milliseconds(), cell.damage)
}

// chaosCells returns the matrix, or its corners for the short form.
func chaosCells() (cells []chaosCell) {
	if !chaosLong() {
		return []chaosCell{
			{0, 0, "reorder", 0}, {20, 0, "corrupt", 0}, {0, 150 * time.Millisecond, "duplicate", 0},
			{20, 50 * time.Millisecond, "reorder", 0}, {20, 150 * time.Millisecond, "burst", 0},
			{50, 50 * time.Millisecond, "duplicate", time.Minute},
		}
	}
	for _, loss := range []int{0, 5, 20, 50} {
		for _, delay := range []time.Duration{0, 50 * time.Millisecond, 150 * time.Millisecond} {
			for _, damage := range []string{"reorder", "duplicate", "corrupt", "burst"} {
				if loss > 0 || damage != "burst" {
					cells = append(cells, chaosCell{loss, delay, damage, time.Minute})
				}
			}
		}
	}
	return cells
}

// networks returns the tests that play through each network of the matrix.
func (c *chaos) networks() map[string]func(*testing.T) {
	parts := make(map[string]func(*testing.T))
	for _, cell := range chaosCells() {
		parts[cell.String()] = func(t *testing.T) { c.play(t, cell) }
	}
	return parts
}

// play lets two bots play game after game for a while, at least one game to its end, and compares everyone's scores.
func (c *chaos) play(t *testing.T, cell chaosCell) {
	args := []string{"--loss", strconv.Itoa(cell.loss) + "%", "--delay", cell.delay.String()}
	switch cell.damage {
	case "burst":
		args = append(args, "--burst", "6")
	case "corrupt":
		args = append(args, "--corrupt", "5%")
	default:
		args = append(args, "--"+cell.damage, "10%")
	}
	points := 1
	if chaosLong() {
		points = 2
	}
	h := c.open(t, points, args...)
	one, two := h.bot("one", "easy"), h.bot("two", "easy")
	h.server.wait(20*time.Second, `"started"`, time.Time{})
	time.Sleep(cell.span)
	h.server.wait(3*time.Minute, "game over", time.Now())
	time.Sleep(1500 * time.Millisecond) // until the bots have printed it and the countdown of the next game runs
	leaving := time.Now()
	for _, b := range []*chaosBot{one, two} {
		b.signal(syscall.SIGTERM)
		b.waitExit(5*time.Second, 0)
	}
	h.wantUnbroken(leaving, 2)
	h.wantSameScores(leaving, one, two)
}

// wantUnbroken expects no player to have been missed, and none to have joined again, before a moment.
func (h *chaosTestbed) wantUnbroken(before time.Time, players int) {
	h.Helper()
	joined := 0
	for _, line := range h.server.all() {
		switch {
		case line.at.After(before):
		case line.Msg == "joined", line.Msg == "resumed":
			joined++
		case line.Msg == "player removed", line.Msg == "player not responding, match paused":
			h.Errorf("the match was interrupted: %s", line.text)
		}
	}
	if joined != players {
		h.Errorf("players joined %d times, want %d", joined, players)
	}
}

// wantSameScores expects the server and both bots to have the same result for each game that ended before a moment, and
// no bot to have shown a score after the other had shown a later one.
func (h *chaosTestbed) wantSameScores(before time.Time, bots ...*chaosBot) {
	h.Helper()
	var want [][2]int
	for _, line := range h.server.all() {
		if line.Msg == "game over" && line.at.Before(before) {
			want = append(want, [2]int{line.Score1, line.Score2})
		}
	}
	if len(want) == 0 {
		h.Error("no game ended")
	}
	var seen []chaosLine
	for _, b := range bots {
		var got [][2]int
		for _, line := range b.all() {
			switch {
			case line.at.After(before) || len(line.Score) != 2:
			case line.Result != "":
				got = append(got, [2]int{line.Score[0], line.Score[1]})
			default:
				seen = append(seen, line)
			}
		}
		if !slices.Equal(got, want) {
			h.Errorf("a bot has the results %v, want those of the server, %v", got, want)
		}
	}
	slices.SortFunc(seen, func(a, b chaosLine) int { return int(a.Tick) - int(b.Tick) })
	const shownLate = 40 // ticks by which a screen may be behind
	for i, later := range seen {
		for _, line := range seen[:i] {
			reset := later.Score[0] == 0 && later.Score[1] == 0
			if near := later.Tick - line.Tick; near >= shownLate && near < 600 && !reset &&
				(later.Score[0] < line.Score[0] || later.Score[1] < line.Score[1]) &&
				!chaosBegan(seen, line.Tick, later.Tick) {
				h.Errorf("a score went back: %s, then %s", line.text, later.text)
			}
		}
	}
}

// chaosBegan reports whether a game began between two ticks.
func chaosBegan(seen []chaosLine, from, to uint32) bool {
	return slices.ContainsFunc(seen, func(l chaosLine) bool {
		return l.Tick >= from && l.Tick <= to && l.Score[0] == 0 && l.Score[1] == 0
	})
}
