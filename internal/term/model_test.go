//go:build !js

package term

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
)

// newTestModel returns the screen of a person who gave that address, at 80 x 24.
func newTestModel(t *testing.T, address string) *model {
	t.Helper()
	cfg := Config{
		Want: front.Want{Address: address, Name: "ada"},
		Dial: func(context.Context, front.Want, Asker) (*dial.Client, error) {
			return nil, errors.New("not to be dialled here")
		},
		List: func(context.Context, string, Asker) ([]dial.Match, error) {
			return []dial.Match{{Name: "m7", Names: [2]string{"Ann", "Bo"}, Score: [2]int{3, 7}, Watchers: 2}}, nil
		},
	}
	m := newModel(cfg, newLine(t.Context(), cfg))
	m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	return m
}

// press presses keys, and returns the command of the last one.
func press(m *model, keys ...tea.Key) tea.Cmd {
	var cmd tea.Cmd
	for _, k := range keys {
		_, cmd = m.Update(tea.KeyPressMsg(k))
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

func TestAddressIsAskedForAgainAfterAFailure(t *testing.T) {
	m := newTestModel(t, "")
	press(m, char('q'), enter)
	if m.screen != screenMenu {
		t.Fatalf("screen %d, want the menu", m.screen)
	}
	press(m, enter)
	if m.screen != screenDialling || m.want.Address != "q" {
		t.Fatalf("screen %d with address %q, want it dialling q", m.screen, m.want.Address)
	}
	_, cmd := m.Update(answered{call: m.call, err: errors.New("no such host")})
	if m.screen != screenAddress || quits(cmd) || !strings.Contains(m.draw(), "no such host") || !strings.Contains(m.draw(), "> q") {
		t.Errorf("after a failure screen %d shows\n%s", m.screen, m.draw())
	}
	if m.failure != nil {
		t.Error("a failure that the person has seen is also an error of Run")
	}
}

func TestFailureEndsAGivenAddress(t *testing.T) {
	m := newTestModel(t, "pong.example.org")
	if m.screen != screenDialling || !strings.Contains(m.draw(), "pong.example.org") {
		t.Fatalf("screen %d shows\n%s", m.screen, m.draw())
	}
	why := errors.New("no such host")
	_, cmd := m.Update(answered{call: m.call, err: why})
	if !quits(cmd) || m.failure != why {
		t.Errorf("failure %v, want %v and the end", m.failure, why)
	}
}

func TestQuestionIsNoByDefault(t *testing.T) {
	tests := []struct {
		key       tea.Key
		taken, is bool
	}{
		{char('y'), true, true},
		{tea.Key{Code: 'y', Text: "Y", Mod: tea.ModShift}, true, true},
		{enter, true, false},
		{escape, true, false},
		{char('n'), true, false},
		{char('q'), true, false},
		{char('w'), false, false},
		{char(' '), false, false},
	}
	for _, test := range tests {
		m := newTestModel(t, "pong.example.org")
		answer := make(chan bool, 1)
		m.Update(question{unknown, m.call, answer})
		if !strings.Contains(m.draw(), unknown.Host) || !strings.Contains(m.draw(), unknown.Fingerprint) {
			t.Fatalf("the question does not show host and fingerprint:\n%s", m.draw())
		}
		press(m, test.key)
		select {
		case got := <-answer:
			if !test.taken || got != test.is {
				t.Errorf("key %v answers %v", test.key, got)
			}
		default:
			if test.taken {
				t.Errorf("key %v answers nothing", test.key)
			}
		}
		if test.taken && m.screen != screenDialling {
			t.Errorf("after key %v screen %d, want it dialling: a second answer would block", test.key, m.screen)
		}
	}
}

func TestCtrlCQuitsEverywhere(t *testing.T) {
	for s := screenAddress; s <= screenPlay; s++ {
		m := newTestModel(t, "")
		m.toMenu()
		m.screen = s
		if !quits(press(m, ctrlC)) {
			t.Errorf("Ctrl-C does not quit screen %d", s)
		}
	}
	m := newTestModel(t, "")
	m.screen = screenPlay
	if !quits(press(m, char('q'))) {
		t.Error("q does not quit a match")
	}
}

func TestPlayKeys(t *testing.T) {
	m := newTestModel(t, "")
	m.screen = screenPlay
	if press(m, char('w')); m.stick.input != game.Up || !strings.Contains(m.draw(), latched.help()) {
		t.Errorf("w gives %v on\n%s", m.stick.input, m.draw())
	}
	m.Update(tea.KeyboardEnhancementsMsg{Flags: 1}) // no event types
	if m.stick.steering != latched {
		t.Error("a terminal without event types is taken for one with them")
	}
	m.Update(tea.KeyboardEnhancementsMsg{Flags: 1 | 2})
	if m.stick.steering != held || m.stick.input != game.None || !strings.Contains(m.draw(), held.help()) {
		t.Errorf("steering %d with %v, want held, at rest", m.stick.steering, m.stick.input)
	}
	if press(m, char('s')); m.stick.input != game.Down {
		t.Errorf("s gives %v", m.stick.input)
	}
	if m.Update(tea.BlurMsg{}); m.stick.input != game.None {
		t.Error("the paddle goes on although the window has lost the keyboard")
	}
}

// TestFramesKeepTheirPace: 60 a second in the long run, although each timer is
// late, and no burst after a stall.
func TestFramesKeepTheirPace(t *testing.T) {
	m := newTestModel(t, "")
	start := time.Unix(1000, 0)
	now := start
	for range 600 {
		m.next(now)
		now = m.due.Add(3 * time.Millisecond)
	}
	if d := now.Sub(start); d < 9900*time.Millisecond || d > 10100*time.Millisecond {
		t.Errorf("600 frames took %v, want 10 s", d)
	}
	now = now.Add(5 * time.Second)
	m.next(now)
	if wait := m.due.Sub(now); wait != frameTime {
		t.Errorf("the frame after a stall comes in %v, want %v", wait, frameTime)
	}
}

// TestPlayGoesOnWhenTooSmall: only the picture is missing.
func TestPlayGoesOnWhenTooSmall(t *testing.T) {
	m := newTestModel(t, "")
	m.screen = screenPlay
	m.Update(tea.WindowSizeMsg{Width: 30, Height: 8})
	if !strings.Contains(m.draw(), "needs 48 x 14") {
		t.Errorf("it shows\n%s", m.draw())
	}
	if _, cmd := m.Update(frame(time.Unix(1000, 0))); cmd == nil {
		t.Error("no frame follows")
	}
	m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	if strings.Contains(m.draw(), "too small") {
		t.Error("it stays too small")
	}
}

func TestFarewellTellsTheScore(t *testing.T) {
	m := newTestModel(t, "")
	if got := m.farewell(); got != "" {
		t.Errorf("without a match: %q", got)
	}
	m.view = with(func(v *client.Frame) { v.Names[1] = "B\x1b[2Jo" })
	if got := m.farewell(); got != "Ann (you) 3 : 7 B[2Jo" {
		t.Errorf("after a match: %q", got)
	}
}
