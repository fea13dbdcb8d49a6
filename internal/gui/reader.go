//go:build !nogui

package gui

import (
	"slices"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/inpututil"

	"pong/internal/client"
	"pong/internal/front"
)

// actionKeys are the keys with actions, which count in the frame in which they go down.
var actionKeys = map[ebiten.Key]front.Action{
	ebiten.KeyEnter: front.Enter, ebiten.KeyNumpadEnter: front.Enter, ebiten.KeyEscape: front.Back,
	ebiten.KeyArrowLeft: front.Left, ebiten.KeyArrowRight: front.Right, ebiten.KeyHome: front.Home,
	ebiten.KeyEnd: front.End, ebiten.KeySpace: front.Pause,
	ebiten.KeyComma: front.StepBack, ebiten.KeyPeriod: front.StepOn,
	ebiten.KeyDigit1: front.TakeLeft, ebiten.KeyNumpad1: front.TakeLeft,
	ebiten.KeyDigit2: front.TakeRight, ebiten.KeyNumpad2: front.TakeRight,
	ebiten.KeyTab: front.NextHUD, ebiten.KeyF3: front.NextHUD, ebiten.KeyF1: front.Glossary,
}

// commandKeys are the keys with commands for the window itself.
var commandKeys = map[ebiten.Key]command{
	ebiten.KeyF11: cmdFullscreen,
}

// places are the keys with a character, and the letter of a US keyboard at their place, or 0.
var places = map[ebiten.Key]rune{
	ebiten.KeyA: 'a', ebiten.KeyB: 'b', ebiten.KeyC: 'c', ebiten.KeyD: 'd', ebiten.KeyE: 'e', ebiten.KeyF: 'f',
	ebiten.KeyG: 'g', ebiten.KeyH: 'h', ebiten.KeyI: 'i', ebiten.KeyJ: 'j', ebiten.KeyK: 'k', ebiten.KeyL: 'l',
	ebiten.KeyM: 'm', ebiten.KeyN: 'n', ebiten.KeyO: 'o', ebiten.KeyP: 'p', ebiten.KeyQ: 'q', ebiten.KeyR: 'r',
	ebiten.KeyS: 's', ebiten.KeyT: 't', ebiten.KeyU: 'u', ebiten.KeyV: 'v', ebiten.KeyW: 'w', ebiten.KeyX: 'x',
	ebiten.KeyY: 'y', ebiten.KeyZ: 'z',
	ebiten.KeyBackquote: 0, ebiten.KeyBackslash: 0, ebiten.KeyBracketLeft: 0, ebiten.KeyBracketRight: 0,
	ebiten.KeyComma: 0, ebiten.KeyEqual: 0, ebiten.KeyIntlBackslash: 0, ebiten.KeyMinus: 0, ebiten.KeyPeriod: 0,
	ebiten.KeyQuote: 0, ebiten.KeySemicolon: 0, ebiten.KeySlash: 0,
	ebiten.KeyDigit0: 0, ebiten.KeyDigit1: 0, ebiten.KeyDigit2: 0, ebiten.KeyDigit3: 0, ebiten.KeyDigit4: 0,
	ebiten.KeyDigit5: 0, ebiten.KeyDigit6: 0, ebiten.KeyDigit7: 0, ebiten.KeyDigit8: 0, ebiten.KeyDigit9: 0,
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
	pressed  []ebiten.Key // that went down in this frame
	labels   [2]string    // of the keys that move the paddle
	frames   int
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
	r.pressed = inpututil.AppendJustPressedKeys(r.pressed[:0])
	c.labels = r.keyLabels()
	if chord() {
		c.readChord(r.letters())
	} else {
		c.readKeys(r.letters())
		c.typed = string(r.chars)
		if slices.Contains(r.chars, '?') {
			c.actions |= front.Explain
		}
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

// labelFrames is after how many frames the names of keys are asked for again. The layout may change at any time.
const labelFrames = 60

// keyLabels returns the names of the keys that move the paddle.
func (r *reader) keyLabels() [2]string {
	if r.frames%labelFrames == 0 {
		r.labels = labelsOf([2]string{ebiten.KeyName(ebiten.KeyW), ebiten.KeyName(ebiten.KeyS)})
	}
	r.frames++
	return r.labels
}

// letters returns the Latin letters of the keys that went down in this frame.
func (r *reader) letters() (letters []rune) {
	typed, keys := rune(0), 0
	for _, key := range r.pressed {
		if _, ok := places[key]; ok {
			keys++
		}
	}
	if keys == 1 && len(r.chars) == 1 {
		typed = r.chars[0]
	}
	for _, key := range r.pressed {
		if place, ok := places[key]; ok {
			letters = append(letters, letterOf(stroke{place, ebiten.KeyName(key)}, typed))
		}
	}
	return letters
}

// chord reports whether Ctrl or Cmd is held, so that letters are commands. Ctrl and Alt together are AltGr on Windows,
// with which characters are typed.
func chord() bool {
	return ebiten.IsKeyPressed(ebiten.KeyControl) && !ebiten.IsKeyPressed(ebiten.KeyAlt) ||
		ebiten.IsKeyPressed(ebiten.KeyMeta)
}

// readKeys reads the keys that are pressed alone, or with Shift or Alt, and the letters of this frame.
func (c *controls) readKeys(letters []rune) {
	for _, letter := range letters {
		c.actions |= letterActions[letter] | front.LetterAction(letter)
		c.commands |= letterCommands[letter]
	}
	for key, action := range actionKeys {
		if inpututil.IsKeyJustPressed(key) {
			c.actions |= action
		}
	}
	for key := ebiten.KeyDigit1; key <= ebiten.KeyDigit9; key++ {
		if inpututil.IsKeyJustPressed(key) {
			c.digit = int(key-ebiten.KeyDigit1) + 1
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
func (c *controls) readChord(letters []rune) {
	for _, letter := range letters {
		switch letter {
		case 'v':
			c.commands |= cmdPaste
		case 'c':
			c.actions |= front.Copy
		case 'u':
			c.actions |= front.Clear
		}
	}
}

// directions reads the keys that move the paddle. The letters count by their place, whatever is printed on them.
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
			c.actions |= front.NextHUD
		}
	}
}

// pointers adds the mouse and the touches.
func (r *reader) pointers(c *controls, l layout) {
	x, y := ebiten.CursorPositionF()
	c.pointer = l.toPicture(client.Point{X: x, Y: y})
	c.dragging = ebiten.IsMouseButtonPressed(ebiten.MouseButtonLeft)
	if inpututil.IsMouseButtonJustPressed(ebiten.MouseButtonLeft) {
		c.clicks = append(c.clicks, c.pointer)
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
