//go:build !nogui

package gui

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/panel"
)

// The default size and the smallest size of the window, in device-independent pixels.
const (
	windowWidth, windowHeight = 960, 720
	leastWidth, leastHeight   = 480, 360
)

// Run opens the window and returns when the person has closed it or ctx ends. Its error wraps ErrNoDisplay if there is
// no display; it is the failure that is on the screen if the person leaves there. It must be called from the main
// goroutine.
func Run(ctx context.Context, cfg Config) error {
	if err := displayMissing(runtime.GOOS, os.Getenv); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w := &window{ctx: ctx, cfg: cfg, settings: cfg.Settings, mixer: newMixer()}
	defer w.close()
	openSound(w.mixer, ctx.Done())
	letters.fonts.system = startSystemFonts(ctx.Done(), cfg.Note)

	w.setUp()
	ebiten.SetTPS(ebiten.SyncWithFPS) // one Update a frame, at whatever rate the display has
	options := ebiten.RunGameOptions{X11ClassName: "Pong", X11InstanceName: "pong"}
	if err := ebiten.RunGameWithOptions(w, &options); err != nil {
		return noDisplay(err.Error())
	}
	if cfg.Keep != nil && w.app != nil {
		cfg.Keep(w.settings)
	}
	if w.app != nil && ctx.Err() == nil {
		return w.app.flow.Err()
	}
	return nil
}

// setUp restores the settings of the window, as far as the monitor has room for it.
func (w *window) setUp() {
	title := w.cfg.Title
	if title == "" {
		title = "Pong"
	}
	ebiten.SetWindowTitle(title)
	known := ebiten.AppendMonitors(nil)
	var monitors []monitor
	current := -1
	for i, m := range known {
		width, height := m.Size()
		monitors = append(monitors, monitor{m.Name(), width, height})
		if m == ebiten.Monitor() {
			current = i
		}
	}
	p := place(w.settings, monitors, current)
	if p.monitor >= 0 {
		ebiten.SetMonitor(known[p.monitor])
	}
	if !p.centred {
		ebiten.SetWindowPosition(p.x, p.y)
	}
	ebiten.SetWindowSize(p.width, p.height)
	ebiten.SetWindowSizeLimits(min(leastWidth, p.width), min(leastHeight, p.height), -1, -1)
	ebiten.SetWindowResizingMode(ebiten.WindowResizingModeEnabled)
	if w.settings.Maximized {
		ebiten.MaximizeWindow()
	}
	ebiten.SetFullscreen(w.settings.Fullscreen)
}

// displayMissing checks for a display before Ebitengine does, which would try the framebuffer on Linux. On a server the
// variables are usually not set.
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

// noDisplay returns an error that wraps ErrNoDisplay, with its reason and a way out.
func noDisplay(reason string) error {
	return fmt.Errorf("open a window: %w (%s); use --tty to play in this terminal, or --headless", ErrNoDisplay, reason)
}

// A window implements ebiten.Game. It reads controls and paints pictures.
type window struct {
	ctx      context.Context
	cfg      Config
	settings front.Settings
	noted    time.Time // when the settings were noted
	app      *app      // made in the first frame, so that a window that cannot open joins no server
	reader   reader
	mixer    *mixer
	size     [3]float64 // width, height and density of the screen
	places   arrangement
	picture  picture
	left     picture // the columns beside the field
	right    picture
	beside   picture // the same match in another way
	hover    int     // the graph at which the mouse points, from 1
	painter  painter
}

// Update is called once a frame, before Draw.
func (w *window) Update() error {
	if w.ctx.Err() != nil {
		return ebiten.Termination
	}
	now := time.Now()
	if w.app == nil {
		w.app = newApp(w.ctx, now, front.New(w.ctx, now, w.cfg.Flow), w.settings.Mute)
	}
	c := w.reader.read(w.places.field)
	c.hidden = ebiten.IsWindowMinimized()
	w.point(&c)
	for _, at := range c.clicks {
		b := w.picture.hit(at)
		c.actions, c.row = c.actions|b.actions, max(c.row, b.row)
	}
	if c.commands.has(cmdFullscreen) {
		ebiten.SetFullscreen(!ebiten.IsFullscreen())
	}
	w.app.step(now, c)
	if !w.app.muted {
		for _, t := range w.app.tones {
			w.mixer.play(t)
		}
	}
	if w.app.flow.Left() || now.Sub(w.noted) > noteEvery {
		w.note(now)
	}
	if w.app.flow.Left() {
		return ebiten.Termination
	}
	return nil
}

// point adds what the person does to the columns with the mouse or a finger.
func (w *window) point(c *controls) {
	hit := func(at client.Point, l layout, p *picture) (button, client.Point) {
		at = l.toPicture(w.places.field.toWindow(at))
		return p.hit(at), at
	}
	if w.hover = 0; w.places.toLeft {
		b, _ := hit(c.pointer, w.places.left, &w.left)
		w.hover = b.graph
	}
	if !w.places.toRight {
		return
	}
	if c.dragging {
		b, at := hit(c.pointer, w.places.right, &w.right)
		c.panel = panel.Command{Row: b.lab, Part: (at.X - b.x) / b.w, Drag: true}
	}
	for _, click := range c.clicks {
		if b, at := hit(click, w.places.right, &w.right); b.lab > 0 {
			c.panel = panel.Command{Row: b.lab, Part: (at.X - b.x) / b.w}
		}
	}
}

// noteEvery is how often the settings are noted. After the window is closed it is too late to ask for them.
const noteEvery = time.Second / 2

// note notes the settings of the window. In full screen the size and the place are those to which it would return.
func (w *window) note(now time.Time) {
	w.noted = now
	state := windowState{
		minimised: ebiten.IsWindowMinimized(), maximised: ebiten.IsWindowMaximized(), fullscreen: ebiten.IsFullscreen(),
	}
	state.width, state.height = ebiten.WindowSize()
	state.place.X, state.place.Y = ebiten.WindowPosition()
	for i, m := range ebiten.AppendMonitors(nil) {
		if m == ebiten.Monitor() {
			state.place.Monitor, state.place.Index = m.Name(), i
		}
	}
	w.settings = noted(w.settings, state)
	w.settings.Mute, w.settings.View = w.app.muted, w.app.screen.View
}

// Draw composes a frame and paints it, unless the window is minimised: Ebitengine goes on calling Draw then, and a
// picture that nobody sees costs as much as any other. It hides the pointer while there is nothing to click.
func (w *window) Draw(screen *ebiten.Image) {
	if ebiten.IsWindowMinimized() {
		return
	}
	letters.update()
	f := w.app.frame(time.Now())
	wantLeft, wantRight := f.wantsColumns()
	w.places = arrange(w.size[0], w.size[1], w.size[2], wantLeft, wantRight)
	if f.Match && f.Lab.Beside != nil {
		w.places.split(w.size[0], w.size[1], w.size[2])
	}
	f.zoom, f.frames, f.hover = w.places.field.zoom, ebiten.ActualFPS(), w.hover
	w.picture.compose(f)
	w.painter.paint(screen, w.places.field, &w.picture)
	if f.Match && f.Lab.Beside != nil {
		w.beside.composeBeside(f)
		w.painter.field(screen, w.places.beside, &w.beside)
	}
	if w.places.toLeft {
		w.left.leftColumn(&f, w.places.height)
		w.painter.column(screen, w.places.left, &w.left)
	}
	if w.places.toRight {
		w.right.rightColumn(f.Lab.Panel, w.places.height, wantLeft && !w.places.toLeft)
		w.painter.column(screen, w.places.right, &w.right)
	}

	cursor := ebiten.CursorModeVisible
	if w.app.atPlay() {
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

// LayoutF returns the size of the window in device pixels as the size of the screen, and lays out the picture in it.
func (w *window) LayoutF(outsideWidth, outsideHeight float64) (float64, float64) {
	density := ebiten.Monitor().DeviceScaleFactor()
	width, height := outsideWidth*density, outsideHeight*density
	w.size = [3]float64{width, height, density}
	if w.places.field.scale == 0 { // before the first frame
		w.places.field = fit(width, height, density)
	}
	return width, height
}

// Layout is required by ebiten.Game, which calls LayoutF instead.
func (w *window) Layout(int, int) (int, int) {
	panic("gui: Layout is not called where there is LayoutF")
}
