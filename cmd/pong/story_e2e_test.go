//go:build e2e

package main

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
)

// storyFolder names the environment variable with the folder in which the pictures of the story are kept.
const storyFolder = "STORY"

// person is somebody at a window of their own, with a display and settings of their own.
type person struct {
	name, display, home string
	args                []string
	window              *exec.Cmd
}

// sitDown gives a person a display, and starts the program that they are to see.
func (b *bench) sitDown(name string, args ...string) *person {
	b.Helper()
	p := &person{name: name, display: b.newDisplay(), home: b.TempDir(), args: append(args, "--name", name)}
	b.launch(p)
	return p
}

// launch starts a person's program, always with the same command.
func (b *bench) launch(p *person) {
	b.Helper()
	p.window = exec.Command(b.binary, p.args...)
	p.window.Env = append(os.Environ(), "DISPLAY="+p.display, "XDG_CONFIG_HOME="+p.home)
	b.start(p.window)
}

// probe looks on at the match without a screen, to say what the pictures must show.
type probe struct {
	mu   sync.Mutex // guards what follows
	view client.Frame
}

func (b *bench) probe() *probe {
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

// picture takes a screenshot of a person's display, and keeps it if the test is to keep its pictures.
func (b *bench) picture(p *person, moment string) image.Image {
	b.Helper()
	shot := b.run("import", "-display", p.display, "-window", "root", "png:-")
	if dir := os.Getenv(storyFolder); dir != "" && moment != "" {
		if err := os.WriteFile(filepath.Join(dir, moment+"-"+p.name+".png"), shot, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	picture, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		b.Fatal(err)
	}
	return picture
}

// at is the colour at a place of the field, 0xrrggbb.
func at(m image.Image, x, y float64) uint32 {
	field := fieldOf(m)
	scale := float64(field.Dx()) / client.FieldWidth
	red, green, blue, _ := m.At(field.Min.X+int(x*scale), field.Min.Y+int(y*scale)).RGBA()
	return red>>8<<16 | green>>8<<8 | blue>>8
}

// panel is the colour of a dialog, which has its left side at 130 of the field and is high enough for this place.
const panel = 0x1a212c

func dialogShown(m image.Image) bool { return at(m, 142, client.FieldHeight/2+12) == panel }

// ballShown reports whether a box of the size of the ball, and nothing else, is drawn between scores, paddles and
// figures.
func ballShown(m image.Image) bool {
	field := fieldOf(m)
	scale := float64(field.Dx()) / client.FieldWidth
	var box image.Rectangle
	for y := field.Min.Y + int(150*scale); y < field.Min.Y+int(530*scale); y++ {
		for x := field.Min.X + int(70*scale); x < field.Min.X+int(730*scale); x++ {
			if bright(m, x, y) {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	size := int(client.BallSize * scale)
	return box.Dx() > size/2 && box.Dx() <= size+3 && box.Dy() > size/2 && box.Dy() <= size+3
}

// push presses a key until a paddle is where it should be in the person's own window. On a busy machine a press of a
// given length says little about the way.
func (b *bench) push(p *person, key string, player int, moved func(y float64) bool) {
	b.Helper()
	b.eventually(p.name+"'s key moves the paddle", func() bool {
		b.hold(p.display, key, 200*time.Millisecond)
		return moved(b.paddles(p.display)[player])
	})
}

// TestScreenStory: two play and a third looks on. In a rally one of the two is killed; the others see who is away and
// for how long the seat is kept. The same command brings the player back to the same seat of the same match, and the
// rally goes on.
func TestScreenStory(t *testing.T) {
	b := newBench(t)
	ada := b.sitDown("ada", "play", b.link)
	b.waitFor("joined")
	grace := b.sitDown("grace", "play", b.link)
	b.waitFor("started")
	probe := b.probe()
	look := b.sitDown("spectator", "watch", b.link)
	all := []*person{ada, grace, look}

	for _, p := range all {
		b.eventually("a ball flies before "+p.name, func() bool { return ballShown(b.picture(p, "1-rally")) })
	}
	b.eventually("the ball is on its way", func() bool {
		v := probe.now()
		return v.Stage == client.StagePlaying && v.Ball.X > 250 && v.Ball.X < 550
	})
	before := probe.now()
	if err := ada.window.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	killed := time.Now()
	for _, p := range []*person{grace, look} {
		b.eventually(p.name+" is told", func() bool { return dialogShown(b.picture(p, "2-killed")) })
	}
	told := time.Since(killed)
	b.picture(ada, "2-killed")
	away := probe.now()
	if away.Stage != client.StagePaused || away.Reason != client.ReasonPlayerSilent ||
		away.Names[away.Player] != "ada" || away.Seconds < 50 {
		t.Errorf("while ada is away the stage is %v: %v, %d s", away.Stage, away.Reason, away.Seconds)
	}
	if dialogShown(b.picture(ada, "")) {
		t.Error("the window of a process that was killed still shows something")
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
		b.eventually("the ball flies on before "+p.name, func() bool {
			m := b.picture(p, "3-back")
			return ballShown(m) && !dialogShown(m)
		})
	}
	up, down := func(y float64) bool { return y < 200 }, func(y float64) bool { return y > 300 }
	b.push(ada, "w", 0, up)
	b.bothShow(ada.display, look.display, 0, up)
	b.push(grace, "s", 1, down)
	b.bothShow(grace.display, look.display, 1, down)
	b.hold(look.display, "w", 300*time.Millisecond) // moves nothing
	for _, p := range all {
		b.picture(p, "4-on")
	}
	t.Logf("the others were told %v after the kill; ada was back %v after the start", told.Round(10*time.Millisecond),
		back.Round(10*time.Millisecond))
}
