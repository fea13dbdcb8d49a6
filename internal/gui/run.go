//go:build !nogui

package gui

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/hajimehoshi/ebiten/v2"
)

// The window's first and smallest size, in the desktop's pixels.
const (
	windowWidth, windowHeight = 960, 720
	leastWidth, leastHeight   = 480, 360
)

// Run opens the window and returns when the person has left it, when ctx ends, or with an error that is
// ErrNoDisplay where there is no screen. It must be called from the main goroutine.
func Run(ctx context.Context, cfg Config) error {
	cfg = cfg.withDefaults()
	if err := displayMissing(runtime.GOOS, os.Getenv); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w := &window{ctx: ctx, cfg: cfg, mixer: newMixer()}
	defer w.close()
	openSound(w.mixer, ctx.Done())

	ebiten.SetWindowTitle(cfg.Title)
	ebiten.SetWindowSize(windowWidth, windowHeight)
	ebiten.SetWindowSizeLimits(leastWidth, leastHeight, -1, -1)
	ebiten.SetWindowResizingMode(ebiten.WindowResizingModeEnabled)
	ebiten.SetTPS(ebiten.SyncWithFPS) // one Update a frame, at whatever rate the display has
	if err := ebiten.RunGameWithOptions(w, &ebiten.RunGameOptions{X11ClassName: "Pong", X11InstanceName: "pong"}); err != nil {
		return noDisplay(err.Error())
	}
	return nil
}

// displayMissing looks for a screen before Ebitengine does: on Linux that would try the bare framebuffer. An
// empty environment is the usual case on a server.
func displayMissing(goos string, getenv func(string) string) error {
	switch goos {
	case "windows", "darwin", "js", "android", "ios":
		return nil
	}
	if getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == "" {
		return noDisplay("neither DISPLAY nor WAYLAND_DISPLAY is set")
	}
	return nil
}

// noDisplay returns an ErrNoDisplay with its reason and what to do.
func noDisplay(reason string) error {
	return fmt.Errorf("open a window: %w (%s); use --tty to play in this terminal, or --headless", ErrNoDisplay, reason)
}

// window is what Ebitengine calls. It turns the world into controls, and pictures into pixels.
type window struct {
	ctx     context.Context
	cfg     Config
	app     *app // made in the first frame: a server is not joined by a window that cannot open
	reader  reader
	mixer   *mixer
	layout  layout
	picture picture
	painter painter
}

// Update is called once a frame, before Draw.
func (w *window) Update() error {
	if w.ctx.Err() != nil {
		return ebiten.Termination
	}
	if w.app == nil {
		w.app = newApp(w.ctx, w.cfg, serverOf(w.cfg), time.Now())
	}
	c := w.reader.read(w.layout)
	for _, at := range c.clicks {
		c.commands |= w.picture.hit(at)
	}
	if c.commands.has(cmdFullscreen) {
		ebiten.SetFullscreen(!ebiten.IsFullscreen())
	}
	w.app.step(time.Now(), c)
	if !w.app.muted {
		for _, t := range w.app.tones {
			w.mixer.play(t)
		}
	}
	if w.app.quit {
		return ebiten.Termination
	}
	return nil
}

// Draw composes a frame and paints it. The pointer is hidden while the ball is in play.
func (w *window) Draw(screen *ebiten.Image) {
	f := w.app.frame(time.Now())
	f.zoom, f.frames = w.layout.zoom, ebiten.ActualFPS()
	w.picture.compose(f)
	w.painter.paint(screen, w.layout, &w.picture)

	cursor := ebiten.CursorModeVisible
	if f.scene == scenePlaying && !f.leaving {
		cursor = ebiten.CursorModeHidden
	}
	if ebiten.CursorMode() != cursor {
		ebiten.SetCursorMode(cursor)
	}
}

func (w *window) close() {
	if w.app != nil {
		w.app.close()
	}
}

// LayoutF makes the screen as large as the window in device pixels, and lays the picture out in it.
func (w *window) LayoutF(outsideWidth, outsideHeight float64) (float64, float64) {
	density := ebiten.Monitor().DeviceScaleFactor()
	width, height := outsideWidth*density, outsideHeight*density
	w.layout = fit(width, height, density)
	return width, height
}

// Layout is there because ebiten.Game asks for it; LayoutF is what is called.
func (w *window) Layout(int, int) (int, int) {
	panic("gui: Layout is not called where there is LayoutF")
}
