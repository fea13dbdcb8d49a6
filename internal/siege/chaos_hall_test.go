//go:build siege && linux

package siege

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
)

// chaosLong reports whether the long form runs: SIEGE=long.
func chaosLong() bool { return os.Getenv("SIEGE") == "long" }

// A chaos is what all halls of a run have in common.
type chaos struct {
	pong   string // the binary
	ledger *chaosLedger
	halls  atomic.Int32
}

func newChaos(t testing.TB) *chaos {
	t.Helper()
	c := &chaos{pong: os.Getenv("SIEGE_PONG"), ledger: newChaosLedger()}
	if c.pong == "" {
		c.pong = filepath.Join(t.TempDir(), "pong")
		build := exec.Command("go", "build", "-buildvcs=false", "-tags", "nogui", "-o", c.pong, "pong/cmd/pong")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("build pong: %v\n%s", err, out)
		}
	}
	return c
}

// A chaosProgram is a pong that runs.
type chaosProgram struct {
	*testing.T
	cmd    *exec.Cmd
	home   string
	began  time.Time
	stderr bytes.Buffer
	ended  chan struct{}

	mu    sync.Mutex  // guards what follows
	lines []chaosLine // of its standard output
}

// A chaosLine is a line with the time at which it came, and what a server's log or a bot says in it.
type chaosLine struct {
	at   time.Time
	text string

	Msg, Why, Name string
	Score1, Score2 int
	Player         int
	Control        int    `json:"control_port"`
	Game           int    `json:"game_port"`
	Fingerprint    string `json:"fingerprint"`

	Tick   uint32
	Score  []int
	Result string
}

// run starts a pong in a home, which is its directory of settings too.
func (c *chaos) run(t *testing.T, home string, args ...string) *chaosProgram {
	t.Helper()
	p := &chaosProgram{T: t, cmd: exec.Command(c.pong, args...), home: home, ended: make(chan struct{})}
	p.cmd.Dir = home
	p.cmd.Env = []string{"HOME=" + home, "XDG_CONFIG_HOME=" + home, "PATH=" + os.Getenv("PATH")}
	p.cmd.Stderr = &p.stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.began = time.Now()
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start pong %v: %v", args, err)
	}
	go func() {
		defer close(p.ended)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			line := chaosLine{at: time.Now(), text: lines.Text()}
			_ = json.Unmarshal(lines.Bytes(), &line) // not all are JSON
			p.mu.Lock()
			p.lines = append(p.lines, line)
			p.mu.Unlock()
		}
		_ = p.cmd.Wait() // its outcome is in cmd.ProcessState
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Signal(syscall.SIGCONT)
		p.kill()
		if strings.Contains(p.stderr.String(), "goroutine ") {
			t.Errorf("pong %v has crashed", args)
		}
		if t.Failed() {
			var last []string
			for _, line := range p.all() {
				last = append(last, fmt.Sprintf("%v %s", line.at.Sub(p.began).Round(time.Millisecond), line.text))
			}
			t.Logf("pong %v ended with %v; its last lines:\n%s\n%s", args, p.cmd.ProcessState,
				strings.Join(last[max(0, len(last)-40):], "\n"), p.stderr.String())
		}
	})
	return p
}

func (p *chaosProgram) all() []chaosLine {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.lines)
}

// with returns the lines after a moment that have a text in them.
func (p *chaosProgram) with(text string, after time.Time) (found []chaosLine) {
	for _, line := range p.all() {
		if line.at.After(after) && strings.Contains(line.text, text) {
			found = append(found, line)
		}
	}
	return found
}

// wait waits for a line after a moment.
func (p *chaosProgram) wait(within time.Duration, text string, after time.Time) chaosLine {
	p.Helper()
	chaosWant(p.T, within, fmt.Sprintf("pong %v says %q", p.cmd.Args[1:], text), func() bool {
		return len(p.with(text, after)) > 0
	})
	return p.with(text, after)[0]
}

func (p *chaosProgram) signal(s syscall.Signal) {
	p.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.Fatalf("signal pong %v: %v", p.cmd.Args[1:], err)
	}
}

// kill ends it at once.
func (p *chaosProgram) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// end waits for an exit code.
func (p *chaosProgram) end(within time.Duration, code int) {
	p.Helper()
	select {
	case <-p.ended:
	case <-time.After(within):
		p.Fatalf("pong %v does not end within %v", p.cmd.Args[1:], within)
	}
	if got := p.cmd.ProcessState.ExitCode(); got != code {
		p.Errorf("pong %v ended with %v, want code %d: %s", p.cmd.Args[1:], p.cmd.ProcessState, code, p.stderr.String())
	}
}

// chaosWant waits until something has happened, and fails if it does not in time.
func chaosWant(t *testing.T, within time.Duration, what string, happened func() bool) {
	t.Helper()
	for end := time.Now().Add(within); !happened(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", within, what)
		}
	}
}

// A chaosHall is a server, a relay before it, and a way to the relay for each player.
type chaosHall struct {
	*testing.T
	*chaos
	net           string // the first three numbers of its addresses
	control, game int
	fingerprint   string
	certs         string
	args          []string // of the server
	server, link  *chaosProgram
	back          *chaosTap
	doors         int
	damages       bool
}

// The last numbers of a hall's addresses.
const (
	chaosServer = 1
	chaosBack   = 2
	chaosLink   = 3
	chaosDoor   = 10 // and more
	chaosMoved  = 100
)

// open opens a hall: how its matches are played, and what its relay does.
func (c *chaos) open(t *testing.T, points int, link ...string) *chaosHall {
	t.Helper()
	h := &chaosHall{
		T: t, chaos: c, net: fmt.Sprintf("127.%d.%d.", 64+os.Getpid()%64, c.halls.Add(1)), certs: filepath.Join(t.TempDir(), "certs"),
		damages: slices.Contains(link, "--corrupt"),
	}
	h.args = []string{"serve", "--listen", h.at(chaosServer).String(), "--start", "auto", "--points", strconv.Itoa(points),
		"--log", "json", "--certs", h.certs}
	h.serve()
	h.back = newChaosTap(t, c.ledger, false, h.at(chaosBack), h.at(chaosServer), h.control, h.game)
	h.back.damages = h.damages
	h.link = c.run(t, t.TempDir(), append([]string{"link", "--listen", h.at(chaosLink).String(), "--to", h.at(chaosBack).String(),
		"--control-port", strconv.Itoa(h.control), "--game-port", strconv.Itoa(h.game)}, link...)...)
	h.link.wait(20*time.Second, "Relaying", time.Time{})
	return h
}

// at is one of a hall's addresses.
func (h *chaosHall) at(last int) netip.Addr { return netip.MustParseAddr(h.net + strconv.Itoa(last)) }

// serve starts the server: at first on free ports, then on the same ones.
func (h *chaosHall) serve() {
	h.Helper()
	h.server = h.run(h.T, h.TempDir(), append(h.args, "--control-port", strconv.Itoa(h.control), "--game-port", strconv.Itoa(h.game))...)
	first := h.server.wait(20*time.Second, "fingerprint", time.Time{})
	if h.control == 0 {
		h.control, h.game, h.fingerprint = first.Control, first.Game, first.Fingerprint
	}
}

// door makes a way for another player.
func (h *chaosHall) door() *chaosTap {
	h.Helper()
	door := newChaosTap(h.T, h.ledger, true, h.at(chaosDoor+h.doors), h.at(chaosLink), h.control, h.game)
	door.damages = h.damages
	h.doors++
	return door
}

// A chaosBot is a pong bot --json with a way of its own.
type chaosBot struct {
	*chaosProgram
	hall *chaosHall
	args []string
	door *chaosTap
}

// bot has a bot join.
func (h *chaosHall) bot(name, level string) *chaosBot {
	h.Helper()
	b := &chaosBot{hall: h, door: h.door()}
	b.args = []string{"bot", b.door.control.Addr().String(), "--trust", h.fingerprint, "--name", name, "--level", level,
		"--matches", "0", "--json"}
	b.chaosProgram = h.run(h.T, h.TempDir(), b.args...)
	return b
}

// again starts a bot that has ended once more, in the same home.
func (b *chaosBot) again() {
	b.Helper()
	b.chaosProgram = b.hall.run(b.T, b.home, b.args...)
}

// A chaosEye is a player in this process, so that what is on its screen can be seen.
type chaosEye struct {
	*testing.T
	door *chaosTap
	stop func()

	mu      sync.Mutex // guards what follows
	view    client.Frame
	moments []chaosMoment // of what the screen has said, each once in a row
}

type chaosMoment struct {
	at     time.Time
	stage  client.Stage
	notice string
	me     int
	score  [2]int
}

// eye has a player join in this process.
func (h *chaosHall) eye(name string, level bot.Level) *chaosEye {
	h.Helper()
	e := &chaosEye{T: h.T, door: h.door()}
	c, err := dial.Dial(h.Context(), dial.Config{
		Address: e.door.control.Addr().String(), Name: name, Trust: h.fingerprint, SeatDir: h.TempDir(),
	})
	if err != nil {
		h.Fatalf("%s cannot join: %v", name, err)
	}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		defer c.Close()
		e.draw(c, level, quit)
	}()
	e.stop = sync.OnceFunc(func() { close(quit); <-done })
	h.Cleanup(func() {
		e.stop()
		for _, m := range e.all() {
			if h.Failed() {
				h.Logf("%s saw at %s: %v %q, player %d, %v", name, m.at.Format("05.000"), m.stage, m.notice, m.me+1, m.score)
			}
		}
	})
	return e
}

// draw is the frame loop.
func (e *chaosEye) draw(c *dial.Client, level bot.Level, quit <-chan struct{}) {
	frames := time.NewTicker(time.Second / 60)
	defer frames.Stop()
	hand, start, key := bot.New(level, uint64(time.Now().UnixNano())), time.Now(), game.None
	for {
		select {
		case <-quit:
			return
		case <-frames.C:
		}
		now := time.Now()
		c.Update(now, key)
		v := c.Frame(now)
		key = hand.Think(now.Sub(start), bot.Seen{
			Me: v.Me, Playing: v.Stage == client.StagePlaying, BallX: v.Ball.X, BallY: v.Ball.Y, BallVisible: v.BallInPlay,
			Paddle: v.Paddle, Tick: v.Tick,
		})
		e.mu.Lock()
		e.view = v
		m := chaosMoment{now, v.Stage, v.Notice, v.Me, v.Score}
		if n := len(e.moments); n == 0 || e.moments[n-1].stage != m.stage || e.moments[n-1].notice != m.notice {
			e.moments = append(e.moments, m)
		}
		e.mu.Unlock()
	}
}

// since logs what the screen has said since a moment.
func (e *chaosEye) since(moment time.Time) {
	for _, m := range e.all() {
		if m.at.After(moment) {
			e.Logf("%v: %v %q", m.at.Sub(moment).Round(time.Millisecond), m.stage, m.notice)
		}
	}
}

func (e *chaosEye) all() []chaosMoment {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.moments)
}

func (e *chaosEye) shows() client.Frame {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.view
}

// plays reports whether a match goes on on the screen.
func (e *chaosEye) plays() bool {
	switch e.shows().Stage {
	case client.StagePlaying, client.StageScored, client.StageCountdown:
		return true
	}
	return false
}

// saw returns the first moment after another at which the screen was at a stage, or said a text if that is not empty.
func (e *chaosEye) saw(after time.Time, stage client.Stage, text string) (m chaosMoment, ok bool) {
	for _, m := range e.all() {
		if m.at.After(after) && m.stage == stage && strings.Contains(m.notice, text) {
			return m, true
		}
	}
	return m, false
}

// A chaosReach is a bound under which a figure should be; zero is none.
type chaosReach float64

// chaosFigure prints a figure; chaos_ stands before its name.
func chaosFigure(t *testing.T, name string, value float64, unit string, under chaosReach) {
	t.Helper()
	bound, missed := "told only", ""
	if under > 0 {
		bound = fmt.Sprintf("under %g", float64(under))
		if value >= float64(under) {
			missed = " MISSED"
		}
	}
	fmt.Printf("figure chaos_%s %.4g %s (reach %s)%s\n", name, value, unit, bound, missed)
}

// chaosQuantile returns the value below which a share of all lies (nearest rank), 0 of none.
func chaosQuantile(all []float64, share float64) float64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
}
