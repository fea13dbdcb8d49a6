//go:build wine && linux

package wine

import (
	"bufio"
	"bytes"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
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
	read, write, err := os.Pipe()
	must(t, err)
	defer read.Close()
	xvfb := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp")
	xvfb.ExtraFiles = []*os.File{write}
	must(t, xvfb.Start())
	write.Close()
	t.Cleanup(func() {
		_ = xvfb.Process.Kill()
		_ = xvfb.Wait()
	})
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb: %v", err)
	}
	return &display{t: t, name: ":" + strings.TrimSpace(number)}
}

// on lets a prepared program draw on the display. Wine has no DirectX here, so OpenGL is named.
func (d *display) on(cmd *exec.Cmd) *exec.Cmd {
	cmd.Env = append(cmd.Env, "DISPLAY="+d.name, "EBITENGINE_GRAPHICS_LIBRARY=opengl")
	return cmd
}

// x runs a program of X and returns its output.
func (d *display) x(name string, args ...string) []byte {
	d.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+d.name)
	out, err := cmd.Output()
	if err != nil {
		d.t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return out
}

// shot returns a screenshot and writes it into the folder for people to look at.
func (d *display) shot(name string) image.Image {
	d.t.Helper()
	shot := d.x("import", "-window", "root", "png:-")
	must(d.t, os.WriteFile(filepath.Join(shots, name+".png"), shot, 0o644))
	picture, err := png.Decode(bytes.NewReader(shot))
	must(d.t, err)
	return picture
}

// paddles waits until a match is drawn, and returns the top edges of the paddles in pixels of the field.
func (d *display) paddles(name string) (tops [2]int) {
	d.t.Helper()
	eventually(d.t, "both paddles of a match are drawn on "+name+".png", func() bool {
		picture := d.shot(name)
		field := fieldOf(picture)
		tops = [2]int{paddle(picture, field, 25), paddle(picture, field, 775)}
		return tops[0] >= 0 && tops[1] >= 0
	})
	return tops
}

// fieldOf returns the window: everything but the black around it.
func fieldOf(m image.Image) (r image.Rectangle) {
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			if red, green, blue, _ := m.At(x, y).RGBA(); red|green|blue != 0 {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

// paddle returns the top edge of the paddle at a column of the field, which is 800 wide, or -1 if there is none.
func paddle(m image.Image, field image.Rectangle, column int) int {
	run, x := 0, field.Min.X+column*field.Dx()/800
	for y := field.Min.Y; y < field.Max.Y; y++ {
		red, green, blue, _ := m.At(x, y).RGBA()
		if red+green+blue <= 3*0x7000 {
			run = 0
		} else if run++; run > 90*field.Dx()/800 {
			return (y - run - field.Min.Y) * 800 / field.Dx()
		}
	}
	return -1
}

// TestWine_DoubleClickPlaysInAWindow starts pong from a parent named explorer.exe and moves the paddle with a key.
func TestWine_DoubleClickPlaysInAWindow(t *testing.T) {
	d := newDisplay(t)
	began := time.Now()
	run(t, d.on(doubleClick(t)))
	before := d.paddles("double-click")
	figure("wine_double_click_to_play", time.Since(began).Seconds(), "s")
	d.x("xdotool", "keydown", "s")
	eventually(t, "the paddle follows the key S", func() bool { return d.paddles("double-click")[0] > before[0]+50 })
	d.x("xdotool", "keyup", "s")
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
