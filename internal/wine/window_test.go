//go:build wine && linux

package wine

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pong/internal/gui/guitest"
)

// A display is an X server with nothing but what a test starts. When it ends, the programs on it end too.
type display struct {
	t    *testing.T
	name string
}

func newDisplay(t *testing.T) *display {
	t.Helper()
	for _, option := range []string{"-k", "-w"} { // the desktop of Wine would stay on the display of an earlier test
		_ = exec.Command("wineserver", option).Run() // it fails if none runs
	}
	return &display{t: t, name: guitest.NewDisplay(t, "1280x1024x24")}
}

// on lets a prepared program draw on the display. Wine has no DirectX here, so OpenGL is named.
func (d *display) on(cmd *exec.Cmd) *exec.Cmd {
	cmd.Env = append(cmd.Env, "DISPLAY="+d.name, "EBITENGINE_GRAPHICS_LIBRARY=opengl")
	return cmd
}

// press does something with a key: keydown or keyup.
func (d *display) press(action, key string) {
	d.t.Helper()
	_, err := guitest.Run(d.name, "xdotool", action, key)
	must(d.t, err)
}

// paddles waits until a match is drawn, and returns the top edges of the paddles in pixels of the field. It writes its
// screenshots into the folder for people to look at.
func (d *display) paddles(name string) (tops [2]float64) {
	d.t.Helper()
	eventually(d.t, "both paddles of a match are drawn on "+name+".png", func() bool {
		picture, shot := guitest.Screenshot(d.t, d.name)
		must(d.t, os.WriteFile(filepath.Join(shots, name+".png"), shot, 0o644))
		tops = guitest.Paddles(picture)
		return tops[0] >= 0 && tops[1] >= 0
	})
	return tops
}

// TestWine_DoubleClickPlaysInAWindow starts pong from a parent named explorer.exe and moves the paddle with a key.
func TestWine_DoubleClickPlaysInAWindow(t *testing.T) {
	d := newDisplay(t)
	began := time.Now()
	run(t, d.on(doubleClick(t)))
	before := d.paddles("double-click")
	figure("wine_double_click_to_play", time.Since(began).Seconds(), "s")
	d.press("keydown", "s")
	eventually(t, "the paddle follows the key S", func() bool { return d.paddles("double-click")[0] > before[0]+50 })
	d.press("keyup", "s")
}

// TestWine_DoubleClickWithoutADisplay lets explorer.exe start a match that needs no window. A library that takes the
// program for a mere tool of the command line would print its help text instead.
func TestWine_DoubleClickWithoutADisplay(t *testing.T) {
	p := run(t, doubleClick(t, "--headless", "--points", "1"))
	p.wait("wins")
	p.end(0)
}

// TestWine_PrintedCommandJoins pastes the command that a server prints into cmd.exe. It opens a window, which plays
// against a bot.
func TestWine_PrintedCommandJoins(t *testing.T) {
	d := newDisplay(t)
	s := run(t, d.on(pong(t, "serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0", "--start",
		"auto"))) // Wine makes its desktop for the first program, so that one needs the display too
	_, printed, _ := strings.Cut(s.wait("Join with: "), "Join with: ")
	s.wait("Ctrl-C ends") // the last line of the announcement
	_, link, _ := strings.Cut(s.with("join link")[0], "pong://")

	prompt := d.on(command(t, "cmd.exe"))
	prompt.Stdin = strings.NewReader(printed + "\r\n")
	run(t, prompt)
	s.wait("joined")
	run(t, pong(t, "bot", "pong://"+link))
	s.wait("started")
	d.paddles("printed-command")
}
