//go:build e2e && linux

package main

import (
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
	"pong/internal/gui/guitest"
)

// storyFolder is the environment variable with the folder for the pictures of the story.
const storyFolder = "STORY"

// A person has a window, a display and settings of their own.
type person struct {
	name, display, home string
	args                []string
	window              *exec.Cmd
}

// sitDown creates a person with a display, and starts a program on it.
func (b *screenTest) sitDown(name string, args ...string) *person {
	b.Helper()
	p := b.person(name, args...)
	b.launch(p)
	return p
}

// person creates a person with a display, where no program runs yet.
func (b *screenTest) person(name string, args ...string) *person {
	b.Helper()
	display := guitest.NewDisplay(b, "1024x800x24")
	return &person{name: name, display: display, home: b.TempDir(), args: append(args, "--name", name)}
}

// launch starts a person's program, always with the same command.
func (b *screenTest) launch(p *person) {
	b.Helper()
	p.window = exec.Command(b.binary, p.args...)
	p.window.Env = append(os.Environ(), "DISPLAY="+p.display, "XDG_CONFIG_HOME="+p.home)
	b.start(p.window)
}

// A probe watches the match without a screen, so that the test knows what the pictures must show.
type probe struct {
	mu   sync.Mutex // guards what follows
	view client.Frame
}

func (b *screenTest) probe() *probe {
	b.Helper()
	var p probe
	c, err := dial.Dial(b.Context(), dial.Config{Address: b.link, Name: "probe", Watch: true})
	if err != nil {
		b.Fatal(err)
	}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for frames := time.NewTicker(time.Second / 60); ; {
			select {
			case <-stop:
				frames.Stop()
				return
			case now := <-frames.C:
				c.Update(now, game.None)
				v := c.Frame(now)
				p.mu.Lock()
				p.view = v
				p.mu.Unlock()
			}
		}
	}()
	b.Cleanup(func() { close(stop); <-done; c.Close() })
	return &p
}

func (p *probe) now() client.Frame {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.view
}

// picture takes a screenshot of a person's display, and stores it if the test keeps its pictures.
func (b *screenTest) picture(p *person, moment string) image.Image {
	b.Helper()
	m, shot := guitest.Screenshot(b, p.display)
	if dir := os.Getenv(storyFolder); dir != "" && moment != "" {
		if err := os.WriteFile(filepath.Join(dir, moment+"-"+p.name+".png"), shot, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return m
}

// at returns the colour at a point of the field, as 0xrrggbb.
func at(m image.Image, x, y float64) uint32 {
	field := guitest.Field(m)
	scale := guitest.Scale(field)
	red, green, blue, _ := m.At(field.Min.X+int(x*scale), field.Min.Y+int(y*scale)).RGBA()
	return red>>8<<16 | green>>8<<8 | blue>>8
}

// dialogColour is the colour of a dialog. A dialog begins at 130 of the field's width and is high enough to cover the
// point of dialogShown.
const dialogColour = 0x1a212c

func dialogShown(m image.Image) bool { return at(m, 142, client.FieldHeight/2+12) == dialogColour }

// ballShown reports whether a box of the ball's size, and nothing else, is drawn between scores, paddles and figures.
func ballShown(m image.Image) bool {
	field := guitest.Field(m)
	scale := guitest.Scale(field)
	var box image.Rectangle
	for y := field.Min.Y + int(150*scale); y < field.Min.Y+int(530*scale); y++ {
		for x := field.Min.X + int(70*scale); x < field.Min.X+int(730*scale); x++ {
			if guitest.Bright(m, x, y) {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	size := int(client.BallSize * scale)
	return box.Dx() > size/2 && box.Dx() <= size+3 && box.Dy() > size/2 && box.Dy() <= size+3
}

// push presses a key until a paddle is where it should be in the person's own window. On a busy machine, a key press
// of a given length moves the paddle by an unknown distance.
func (b *screenTest) push(p *person, key string, player int, moved func(y float64) bool) {
	b.Helper()
	b.eventually(p.name+"'s key moves the paddle", func() bool {
		b.hold(p.display, key, 200*time.Millisecond)
		return moved(b.paddles(p.display)[player])
	})
}

// TestScreenStory has two players and a watcher. In a rally, one player's process is killed; the others see who is
// away and how long the seat is kept. The same command brings the player back to the same seat of the same match, and
// the match continues.
func TestScreenStory(t *testing.T) {
	b := newScreenTest(t)
	ada := b.sitDown("ada", "play", b.link)
	b.waitFor("joined")
	grace := b.sitDown("grace", "play", b.link)
	b.waitFor("started")
	probe := b.probe()
	watcher := b.sitDown("watcher", "watch", b.link)
	all := []*person{ada, grace, watcher}

	for _, p := range all {
		b.eventually(p.name+" sees the ball", func() bool { return ballShown(b.picture(p, "1-rally")) })
	}
	b.eventually("the ball is in the middle of the field", func() bool {
		v := probe.now()
		return v.Stage == client.StagePlaying && v.Ball.X > 250 && v.Ball.X < 550
	})
	before := probe.now()
	if err := ada.window.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	killed := time.Now()
	for _, p := range []*person{grace, watcher} {
		b.eventually(p.name+" sees a dialog", func() bool { return dialogShown(b.picture(p, "2-killed")) })
	}
	told := time.Since(killed)
	b.picture(ada, "2-killed")
	away := probe.now()
	if away.Stage != client.StagePaused || away.Reason != client.ReasonPlayerSilent ||
		away.Names[away.Player] != "ada" || away.Seconds < 50 {
		t.Errorf("while ada is away: stage %v, %v, %d s; want a pause of at least 50 s", away.Stage, away.Reason,
			away.Seconds)
	}
	if dialogShown(b.picture(ada, "")) {
		t.Error("the window of a killed process is still shown")
	}
	score := away.Score

	again := time.Now()
	b.launch(ada)
	b.eventually("ada is back in the probe's match", func() bool { return probe.now().Presence[0] == client.Online })
	back := time.Since(again)
	if v := probe.now(); v.Score != score || v.Match != before.Match || v.Names != before.Names {
		t.Errorf("after the return %v is at %v in %s, want %v at %v in %s", v.Names, v.Score, v.Match, before.Names,
			score, before.Match)
	}
	for _, p := range all {
		b.eventually(p.name+" sees the ball again", func() bool {
			m := b.picture(p, "3-back")
			return ballShown(m) && !dialogShown(m)
		})
	}
	up, down := func(y float64) bool { return y < 200 }, func(y float64) bool { return y > 300 }
	b.push(ada, "w", 0, up)
	b.bothShow(ada.display, watcher.display, 0, up)
	b.push(grace, "s", 1, down)
	b.bothShow(grace.display, watcher.display, 1, down)
	b.hold(watcher.display, "w", 300*time.Millisecond) // has no effect
	for _, p := range all {
		b.picture(p, "4-on")
	}
	t.Logf("the others saw it %v after the kill; ada was back %v after the start", told.Round(10*time.Millisecond),
		back.Round(10*time.Millisecond))
}
