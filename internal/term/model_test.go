//go:build !js

package term

import (
	"context"
	"image/color"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/front/fronttest"
	"pong/internal/game"
)

// A match is a session of a test.
type match struct{ frame client.Frame }

func (m *match) Update(time.Time, game.Input) {}
func (m *match) Frame(time.Time) client.Frame { return m.frame }
func (m *match) Rematch()                     {}
func (m *match) Accept()                      {}
func (m *match) Refuse()                      {}
func (m *match) SetSettings(client.Settings)  {}
func (m *match) Inspect(time.Time, *client.Frame) client.Inspection {
	return client.Inspection{}
}
func (m *match) Close() error { return nil }

// A person sits at a terminal of 80 by 24.
type person struct {
	*model
	match *match
}

// sit runs a script in a bubble. With an address the person is in a match.
func sit(t *testing.T, address string, script func(d *person)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		d := &person{match: &match{fronttest.Rally()}}
		flow := front.New(ctx, time.Now(), front.Config{
			Want: front.Want{Address: address, Name: "ada"},
			Dial: func(context.Context, front.Want, front.Ask) (front.Session, error) { return d.match, nil },
			List: func(context.Context, string, front.Ask) ([]dial.Match, error) { return nil, nil },
		})
		defer flow.Close()
		defer cancel()
		d.model = newModel(time.Now(), flow)
		d.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
		d.pass(time.Second)
		script(d)
	})
}

// pass lets some time pass, a frame at a time.
func (d *person) pass(t time.Duration) {
	for range t / frameTime {
		synctest.Wait()
		d.Update(frame(d.now.Add(frameTime)))
	}
}

// press presses keys, with a second after each, and returns the command of the last one.
func (d *person) press(keys ...tea.Key) (cmd tea.Cmd) {
	for _, k := range keys {
		_, cmd = d.Update(tea.KeyPressMsg(k))
		d.pass(time.Second)
	}
	return cmd
}

// quits reports whether a command ends the program.
func quits(cmd tea.Cmd) bool {
	if cmd == nil {
		return false
	}
	_, ok := cmd().(tea.QuitMsg)
	return ok
}

var (
	enter  = tea.Key{Code: tea.KeyEnter}
	escape = tea.Key{Code: tea.KeyEscape}
	ctrlC  = tea.Key{Code: 'c', Mod: tea.ModCtrl}
)

func char(c rune) tea.Key { return tea.Key{Code: c, Text: string(c)} }

func TestModel_KeysLeadToAMatch(t *testing.T) {
	sit(t, "", func(d *person) {
		d.press(char('q'), char('.'), char('x'), tea.Key{Code: tea.KeyBackspace}, char('y'), enter)
		if d.screen.Card.Kind != front.CardMenu || !strings.Contains(d.draw(), "Server: q.y:5555") {
			t.Fatalf("an address with letters that are keys elsewhere leads to\n%s", d.draw())
		}
		d.press(char('j'), tea.Key{Code: tea.KeyTab}, tea.Key{Code: tea.KeyTab, Mod: tea.ModShift}, char('k'), enter)
		if !d.screen.Match || !strings.Contains(d.draw(), "Grace") {
			t.Errorf("Enter on the first row leads to\n%s", d.draw())
		}
	})
}

func TestModel_PasteIsTyped(t *testing.T) {
	sit(t, "", func(d *person) {
		d.Update(tea.PasteMsg{Content: " pong://a:1\r\n"})
		d.press(tea.Key{Code: 'u', Mod: tea.ModCtrl})
		d.Update(tea.PasteMsg{Content: " pong://b:1\r\n"})
		if got := d.screen.Card.Field.Text; got != "pong://b:1" {
			t.Errorf("pasting gives %q", got)
		}
	})
}

func TestModel_CtrlCAndQQuit(t *testing.T) {
	for _, address := range []string{"", "h"} {
		sit(t, address, func(d *person) {
			if !quits(d.press(ctrlC)) {
				t.Errorf("Ctrl-C does not quit\n%s", d.draw())
			}
		})
	}
	sit(t, "h", func(d *person) {
		if !quits(d.press(char('q'))) {
			t.Error("q does not quit a match")
		}
	})
	sit(t, "", func(d *person) {
		if quits(d.press(char('q'))) {
			t.Error("q quits although it is typed")
		}
	})
}

func TestModel_KeysSteer(t *testing.T) {
	sit(t, "h", func(d *person) {
		if d.press(char('w')); d.stick.input != game.Up || !strings.Contains(d.draw(), latched.help()) {
			t.Errorf("w gives %v on\n%s", d.stick.input, d.draw())
		}
		d.press(char('v'), escape) // these are for the flow
		if d.stick.input != game.Up || !strings.Contains(d.draw(), "Leave the match?") {
			t.Errorf("after other keys the paddle gets %v on\n%s", d.stick.input, d.draw())
		}
		if d.press(char('s')); d.stick.input != game.None {
			t.Errorf("the opposite key gives %v while the question stands, want a stop", d.stick.input)
		}
		d.press(enter)
		d.Update(tea.KeyboardEnhancementsMsg{Flags: 1}) // no event types
		if d.stick.steering != latched {
			t.Error("a terminal without event types is taken for one with them")
		}
		d.Update(tea.KeyboardEnhancementsMsg{Flags: 1 | 2})
		if d.stick.steering != held || d.stick.input != game.None || !strings.Contains(d.draw(), held.help()) {
			t.Errorf("steering %d with %v, want held, at rest", d.stick.steering, d.stick.input)
		}
		if d.press(char('s')); d.stick.input != game.Down {
			t.Errorf("s gives %v", d.stick.input)
		}
		if d.Update(tea.BlurMsg{}); d.stick.input != game.None {
			t.Error("the paddle goes on although the window has lost the keyboard")
		}
		d.press(char('w'))
		d.match.frame.Watching = true
		d.pass(time.Second)
		if d.press(char('s')); d.stick.input == game.Down {
			t.Error("a watcher's key steers")
		}
		if d.press(escape); d.stick.input != game.None {
			t.Error("in the menu a paddle is steered")
		}
	})
}

func TestModel_LettersAreReportedAsKeysOnlyInAMatch(t *testing.T) {
	for address, want := range map[string]bool{"": false, "h": true} {
		sit(t, address, func(d *person) {
			if v := d.View(); v.KeyboardEnhancements.ReportAllKeysAsEscapeCodes != want ||
				!v.KeyboardEnhancements.ReportEventTypes {
				t.Errorf("address %q: letters are reported as keys: %v",
					address, v.KeyboardEnhancements.ReportAllKeysAsEscapeCodes)
			}
		})
	}
}

func TestModel_CopyGoesToTheTerminal(t *testing.T) {
	sit(t, "192.168.1.20", func(d *person) {
		v := &d.match.frame
		v.Stage, v.Room, v.Presence[1] = client.StageWaiting, "maple-42", client.Absent
		d.pass(time.Second)
		cmd := d.press(char('c'))
		if cmd == nil || !strings.Contains(d.draw(), "sent to the clipboard") {
			t.Errorf("c gives the command %v and\n%s", cmd, d.draw())
		}
	})
}

func TestModel_BackgroundChoosesThePalette(t *testing.T) {
	sit(t, "", func(d *person) {
		d.Update(tea.BackgroundColorMsg{Color: color.White})
		if d.look.palette.ground != lightGround {
			t.Errorf("on white the palette is %v", d.look.palette)
		}
		d.Update(tea.BackgroundColorMsg{Color: color.Black})
		if d.look.palette != (palette{ground: darkGround}) {
			t.Errorf("on black the palette is %v", d.look.palette)
		}
		d.Update(tea.ColorProfileMsg{Profile: colorprofile.ANSI})
		if d.look.palette != (palette{ground: darkGround, few: true}) {
			t.Errorf("with 16 colours the palette is %v", d.look.palette)
		}
		d.look.palette = plainPalette
		if d.Update(tea.BackgroundColorMsg{Color: color.Black}); d.look.palette != plainPalette {
			t.Error("a person who wants no colours gets them")
		}
	})
}

// TestModel_FramesKeepTheirPace: 60 a second in the long run, although each timer is
// late, and no burst after a stall.
func TestModel_FramesKeepTheirPace(t *testing.T) {
	sit(t, "", func(d *person) {
		start := d.now.Add(time.Hour)
		now := start
		for range 600 {
			d.next(now)
			now = d.due.Add(3 * time.Millisecond)
		}
		if took := now.Sub(start); took < 9900*time.Millisecond || took > 10100*time.Millisecond {
			t.Errorf("600 frames took %v, want 10 s", took)
		}
		now = now.Add(5 * time.Second)
		d.next(now)
		if wait := d.due.Sub(now); wait != frameTime {
			t.Errorf("the frame after a stall comes in %v, want %v", wait, frameTime)
		}
	})
}

// TestModel_PlayGoesOnWhenTooSmall: only the picture is missing.
func TestModel_PlayGoesOnWhenTooSmall(t *testing.T) {
	sit(t, "h", func(d *person) {
		d.Update(tea.WindowSizeMsg{Width: 30, Height: 8})
		if !strings.Contains(d.draw(), "needs 48 x 14") {
			t.Errorf("it shows\n%s", d.draw())
		}
		if _, cmd := d.Update(frame(d.now.Add(frameTime))); cmd == nil {
			t.Error("no frame follows")
		}
		d.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
		if strings.Contains(d.draw(), "too small") {
			t.Error("it stays too small")
		}
	})
}

func TestModel_FarewellTellsTheScore(t *testing.T) {
	sit(t, "", func(d *person) {
		if got := d.farewell(); got != "" {
			t.Errorf("without a match: %q", got)
		}
	})
	sit(t, "h", func(d *person) {
		d.match.frame.Names[1] = "B\x1b[2Jo"
		d.pass(time.Second)
		if got := d.farewell(); got != "Ada 7 : 10 B[2Jo" {
			t.Errorf("after a match: %q", got)
		}
	})
}
