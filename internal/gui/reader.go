//go:build !nogui

package gui

import (
	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/inpututil"

	"pong/internal/client"
	"pong/internal/front"
)

// actionKeys are the keys with actions, which count in the frame in which they go down.
var actionKeys = map[ebiten.Key]front.Action{
	ebiten.KeyEnter: front.Enter, ebiten.KeyNumpadEnter: front.Enter, ebiten.KeyEscape: front.Back,
	ebiten.KeyY: front.Yes, ebiten.KeyN: front.No, ebiten.KeyR: front.Again,
	ebiten.KeyV: front.NextView, ebiten.KeyC: front.Copy,
	ebiten.KeyArrowLeft: front.Left, ebiten.KeyArrowRight: front.Right, ebiten.KeyHome: front.Home,
	ebiten.KeyEnd: front.End,
}

// commandKeys are the keys with commands for the window itself.
var commandKeys = map[ebiten.Key]command{
	ebiten.KeyF3: cmdFigures, ebiten.KeyTab: cmdFigures, ebiten.KeyM: cmdMute, ebiten.KeyF11: cmdFullscreen,
}

// padButtons are the buttons of a gamepad with actions.
var padButtons = map[ebiten.StandardGamepadButton]front.Action{
	ebiten.StandardGamepadButtonRightBottom: front.Enter,
	ebiten.StandardGamepadButtonRightRight:  front.Back,
	ebiten.StandardGamepadButtonRightTop:    front.Yes,
	ebiten.StandardGamepadButtonRightLeft:   front.Again,
}

// A reader reads the controls from Ebitengine once a frame.
type reader struct {
	chars    []rune
	pads     []ebiten.GamepadID
	touches  []ebiten.TouchID
	hadFocus bool
}

// read returns the controls of this frame.
func (r *reader) read(l layout) controls {
	c := controls{focused: r.focused()}
	if !c.focused {
		return c
	}
	r.chars = ebiten.AppendInputChars(r.chars[:0])
	if chord() {
		c.readChord()
	} else {
		c.readKeys()
		c.typed = string(r.chars)
	}
	c.up, c.down = directions()
	r.gamepads(&c)
	r.pointers(&c, l)
	return c
}

// focused reports whether the window has the keyboard. Some systems never report it, so a window counts as focused
// until it has had the keyboard once.
func (r *reader) focused() bool {
	now := ebiten.IsFocused()
	r.hadFocus = r.hadFocus || now
	return now || !r.hadFocus
}

// chord reports whether Ctrl or Cmd is held, so that letters are commands.
func chord() bool {
	return ebiten.IsKeyPressed(ebiten.KeyControl) || ebiten.IsKeyPressed(ebiten.KeyMeta)
}

// readKeys reads the keys that are pressed alone, or with Shift or Alt.
func (c *controls) readKeys() {
	for key, action := range actionKeys {
		if inpututil.IsKeyJustPressed(key) {
			c.actions |= action
		}
	}
	for key, command := range commandKeys {
		if inpututil.IsKeyJustPressed(key) {
			c.commands |= command
		}
	}
	if c.actions.Has(front.Enter) && ebiten.IsKeyPressed(ebiten.KeyAlt) {
		c.actions, c.commands = c.actions&^front.Enter, c.commands|cmdFullscreen
	}
	if ebiten.IsKeyPressed(ebiten.KeyShift) && inpututil.IsKeyJustPressed(ebiten.KeyInsert) {
		c.commands |= cmdPaste
	}
	if ebiten.IsKeyPressed(ebiten.KeyBackspace) {
		c.actions |= front.Erase
	}
	if ebiten.IsKeyPressed(ebiten.KeyDelete) {
		c.actions |= front.Remove
	}
}

// readChord reads the letters that are pressed with Ctrl or Cmd.
func (c *controls) readChord() {
	if inpututil.IsKeyJustPressed(ebiten.KeyV) {
		c.commands |= cmdPaste
	}
	if inpututil.IsKeyJustPressed(ebiten.KeyC) {
		c.actions |= front.Copy
	}
	if inpututil.IsKeyJustPressed(ebiten.KeyU) {
		c.actions |= front.Clear
	}
}

// directions reads the keys that move the paddle.
func directions() (up, down held) {
	for _, k := range []struct {
		key ebiten.Key
		bit held
		set *held
	}{
		{ebiten.KeyW, heldLetter, &up},
		{ebiten.KeyArrowUp, heldArrow, &up},
		{ebiten.KeyS, heldLetter, &down},
		{ebiten.KeyArrowDown, heldArrow, &down},
	} {
		if ebiten.IsKeyPressed(k.key) {
			*k.set |= k.bit
		}
	}
	return up, down
}

// gamepads adds the controls of all gamepads that have the standard layout.
func (r *reader) gamepads(c *controls) {
	r.pads = ebiten.AppendGamepadIDs(r.pads[:0])
	for _, id := range r.pads {
		if !ebiten.IsStandardGamepadLayoutAvailable(id) {
			continue
		}
		if ebiten.IsStandardGamepadButtonPressed(id, ebiten.StandardGamepadButtonLeftTop) {
			c.up |= heldPad
		}
		if ebiten.IsStandardGamepadButtonPressed(id, ebiten.StandardGamepadButtonLeftBottom) {
			c.down |= heldPad
		}
		up, down := stick(ebiten.StandardGamepadAxisValue(id, ebiten.StandardGamepadAxisLeftStickVertical))
		c.up, c.down = c.up|up, c.down|down
		for button, action := range padButtons {
			if inpututil.IsStandardGamepadButtonJustPressed(id, button) {
				c.actions |= action
			}
		}
		if inpututil.IsStandardGamepadButtonJustPressed(id, ebiten.StandardGamepadButtonCenterLeft) {
			c.commands |= cmdFigures
		}
	}
}

// pointers adds the mouse and the touches.
func (r *reader) pointers(c *controls, l layout) {
	if inpututil.IsMouseButtonJustPressed(ebiten.MouseButtonLeft) {
		x, y := ebiten.CursorPositionF()
		c.clicks = append(c.clicks, l.toPicture(client.Point{X: x, Y: y}))
	}
	r.touches = ebiten.AppendTouchIDs(r.touches[:0])
	for _, id := range r.touches {
		x, y := ebiten.TouchPositionF(id)
		at := l.toPicture(client.Point{X: x, Y: y})
		c.fingers = append(c.fingers, at)
		if inpututil.TouchPressDuration(id) == 1 {
			c.clicks = append(c.clicks, at)
		}
	}
}
