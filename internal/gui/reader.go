//go:build !nogui

package gui

import (
	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/inpututil"

	"pong/internal/client"
)

// pressed are the keys that count in the frame in which they go down.
var pressed = []struct {
	key     ebiten.Key
	command command
}{
	{ebiten.KeyEnter, cmdConfirm},
	{ebiten.KeyNumpadEnter, cmdConfirm},
	{ebiten.KeyEscape, cmdBack},
	{ebiten.KeyY, cmdYes},
	{ebiten.KeyN, cmdNo},
	{ebiten.KeyR, cmdRematch},
	{ebiten.KeyF3, cmdFigures},
	{ebiten.KeyTab, cmdFigures},
	{ebiten.KeyV, cmdView},
	{ebiten.KeyM, cmdMute},
	{ebiten.KeyC, cmdCopy},
	{ebiten.KeyF11, cmdFullscreen},
	{ebiten.KeyArrowLeft, cmdLeft},
	{ebiten.KeyArrowRight, cmdRight},
	{ebiten.KeyHome, cmdHome},
	{ebiten.KeyEnd, cmdEnd},
}

// padPressed are the buttons of a gamepad that do.
var padPressed = []struct {
	button  ebiten.StandardGamepadButton
	command command
}{
	{ebiten.StandardGamepadButtonRightBottom, cmdConfirm},
	{ebiten.StandardGamepadButtonRightRight, cmdBack},
	{ebiten.StandardGamepadButtonRightTop, cmdYes},
	{ebiten.StandardGamepadButtonRightLeft, cmdRematch},
	{ebiten.StandardGamepadButtonCenterLeft, cmdFigures},
}

// reader asks Ebitengine once a frame what the person does.
type reader struct {
	chars    []rune
	pads     []ebiten.GamepadID
	touches  []ebiten.TouchID
	hadFocus bool
}

// read returns the controls of this frame, with places in pixels of the picture.
func (r *reader) read(l layout) controls {
	c := controls{focused: r.focused()}
	if !c.focused {
		return c
	}
	r.chars = ebiten.AppendInputChars(r.chars[:0])
	c.commands = r.keys()
	if !c.commands.has(cmdPaste | cmdClear) {
		c.typed = string(r.chars)
	}
	c.up, c.down = directions()
	r.gamepads(&c)
	r.pointers(&c, l)
	return c
}

// focused reports whether the window has the keyboard. A window that never had it is taken to have it: there are
// systems on which that is never reported.
func (r *reader) focused() bool {
	now := ebiten.IsFocused()
	r.hadFocus = r.hadFocus || now
	return now || !r.hadFocus
}

// chord reports whether a key is held that makes letters into commands.
func chord() bool {
	return ebiten.IsKeyPressed(ebiten.KeyControl) || ebiten.IsKeyPressed(ebiten.KeyMeta)
}

func (r *reader) keys() command {
	if chord() {
		return chordKeys()
	}
	var c command
	for _, p := range pressed {
		if inpututil.IsKeyJustPressed(p.key) {
			c |= p.command
		}
	}
	if c.has(cmdConfirm) && ebiten.IsKeyPressed(ebiten.KeyAlt) {
		c = c&^cmdConfirm | cmdFullscreen
	}
	if ebiten.IsKeyPressed(ebiten.KeyShift) && inpututil.IsKeyJustPressed(ebiten.KeyInsert) {
		c |= cmdPaste
	}
	if ebiten.IsKeyPressed(ebiten.KeyBackspace) {
		c |= cmdErase
	}
	if ebiten.IsKeyPressed(ebiten.KeyDelete) {
		c |= cmdRemove
	}
	return c
}

// chordKeys reads the letters that are pressed together with Ctrl or Cmd.
func chordKeys() command {
	var c command
	if inpututil.IsKeyJustPressed(ebiten.KeyV) {
		c |= cmdPaste
	}
	if inpututil.IsKeyJustPressed(ebiten.KeyC) {
		c |= cmdCopy
	}
	if inpututil.IsKeyJustPressed(ebiten.KeyU) {
		c |= cmdClear
	}
	return c
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

// gamepads adds what any gamepad with a known layout does.
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
		for _, p := range padPressed {
			if inpututil.IsStandardGamepadButtonJustPressed(id, p.button) {
				c.commands |= p.command
			}
		}
	}
}

// pointers adds the mouse and the fingers.
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
