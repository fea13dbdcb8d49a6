//go:build !nogui

package gui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
)

// match is a made-up session.
type match struct {
	view    client.Frame
	inputs  []game.Input
	modes   []client.View
	rematch int
	closed  bool
}

func (m *match) Update(_ time.Time, in game.Input) { m.inputs = append(m.inputs, in) }
func (m *match) Frame(time.Time) client.Frame      { return m.view }
func (m *match) Rematch()                          { m.rematch++ }
func (m *match) SetView(v client.View)             { m.modes = append(m.modes, v) }
func (m *match) Close() error                      { m.closed = true; return nil }

// desk is a person in front of the window.
type desk struct {
	t     *testing.T
	app   *app
	now   time.Time
	match *match
	err   error         // that dialing ends with
	ask   dial.Question // that dialing asks, if it has a host
	yes   []bool        // the answers
	dials []front.Want
	lists int          // how often the matches were asked for
	games []dial.Match // that are being played
	hang  bool         // dialing does not end by itself
}

// sit runs a script in a bubble, where every goroutine has settled after each step.
func sit(t *testing.T, cfg Config, script func(d *desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		d := &desk{t: t, now: time.Unix(0, 0), match: &match{view: rally()}}
		script(d.open(ctx, cfg))
		cancel()
		d.app.close()
	})
}

func (d *desk) open(ctx context.Context, cfg Config) *desk {
	d.app = newApp(ctx, cfg, server{d.dial, d.list}, d.now)
	return d
}

func (d *desk) list(ctx context.Context, address string, ask Ask) ([]dial.Match, error) {
	d.lists++
	if d.ask.Host != "" {
		yes := ask(ctx, d.ask)
		if d.yes = append(d.yes, yes); !yes {
			return nil, errors.New("not trusted")
		}
	}
	return d.games, d.err
}

func (d *desk) dial(ctx context.Context, want front.Want, ask Ask) (session, error) {
	d.dials = append(d.dials, want)
	if d.ask.Host != "" {
		d.yes = append(d.yes, ask(ctx, d.ask))
	}
	if d.hang {
		<-ctx.Done()
	}
	if d.err != nil {
		return nil, d.err
	}
	return d.match, nil
}

// do lets a frame pass with some controls, and another one so that what follows is seen.
func (d *desk) do(c controls) {
	c.focused = true
	d.frame(c)
	synctest.Wait()
	d.frame(controls{focused: true})
}

func (d *desk) frame(c controls) {
	d.app.step(d.now, c)
	d.now = d.now.Add(time.Second / 60)
}

func (d *desk) press(c command) { d.do(controls{commands: c}) }

func (d *desk) want(s scene) {
	d.t.Helper()
	if d.app.scene != s {
		d.t.Fatalf("the window shows scene %d, want %d; it says: %s", d.app.scene, s, texts(d.app.frame(d.now)))
	}
}

func TestTypeAnAddressAndPlay(t *testing.T) {
	sit(t, Config{View: client.ViewInterp}, func(d *desk) {
		d.want(sceneAddress)
		d.do(controls{typed: "10.0.0.7"})
		d.press(cmdConfirm)
		d.want(sceneMenu)
		d.press(cmdConfirm)
		d.want(scenePlaying)
		if !slices.Equal(d.dials, []front.Want{{Kind: front.Quick, Address: "10.0.0.7"}}) {
			t.Errorf("dialed %+v, want a quick match at what was typed", d.dials)
		}
		if !slices.Equal(d.match.modes, []client.View{client.ViewInterp}) {
			t.Errorf("the session was told to draw %v, want interp", d.match.modes)
		}
	})
}

func TestAnEmptyAddressIsTheDefault(t *testing.T) {
	sit(t, Config{Default: "lan.example"}, func(d *desk) {
		d.press(cmdConfirm)
		d.press(cmdConfirm)
		if len(d.dials) != 1 || d.dials[0].Address != "lan.example" {
			t.Errorf("dialed %+v, want the default", d.dials)
		}
	})
}

func TestAGivenAddressIsDialedAtOnce(t *testing.T) {
	sit(t, Config{Want: front.Want{Address: "h"}}, func(d *desk) {
		d.want(sceneConnecting)
		d.press(0)
		d.want(scenePlaying)
		if d.dials[0].Kind != front.Quick {
			t.Errorf("dialed %+v, want a quick match", d.dials)
		}
	})
}

func TestConnectingCanBeCancelled(t *testing.T) {
	sit(t, Config{}, func(d *desk) {
		d.hang = true
		d.press(cmdConfirm)
		d.press(cmdConfirm)
		d.want(sceneConnecting)
		d.press(cmdBack)
		d.want(sceneMenu)
		synctest.Wait()
		if !d.match.closed {
			t.Error("the session that came too late was not left")
		}
	})
}

func TestAnUnknownServerIsRefusedUnlessThePersonSaysYes(t *testing.T) {
	for name, c := range map[string]struct {
		press command
		want  bool
	}{
		"enter": {cmdConfirm, false}, "escape": {cmdBack, false}, "n": {cmdNo, false},
		"y": {cmdYes, true}, "y and enter": {cmdYes | cmdConfirm, false},
	} {
		t.Run(name, func(t *testing.T) {
			sit(t, Config{}, func(d *desk) {
				d.ask = dial.Question{Host: "h:5555", Fingerprint: "aaaa:bbbb:cccc"}
				d.press(cmdConfirm)
				d.press(cmdConfirm)
				d.want(sceneTrust)
				d.press(cmdRematch | cmdMute) // neither yes nor no
				d.want(sceneTrust)
				d.press(c.press)
				if !slices.Equal(d.yes, []bool{c.want}) {
					t.Errorf("the answer was %v, want %v", d.yes, c.want)
				}
			})
		})
	}
}

func TestAFailureIsShownWithAWayBack(t *testing.T) {
	sit(t, Config{}, func(d *desk) {
		d.err = errors.New("dial h: connection refused")
		d.do(controls{typed: "h"})
		d.press(cmdConfirm)
		d.press(cmdConfirm)
		d.want(sceneFailed)
		if said := texts(d.app.frame(d.now)); !strings.Contains(said, "connection refused") {
			t.Errorf("the window says %s, want the error", said)
		}
		d.press(cmdRematch) // try again
		d.want(sceneFailed)
		d.press(cmdConfirm)
		d.want(sceneAddress)
		if got := d.app.entry.String(); got != "h" || len(d.dials) != 2 {
			t.Errorf("back at the prompt it reads %q after %d attempts, want what was typed and 2", got, len(d.dials))
		}
		d.press(cmdBack)
		if !d.app.quit {
			t.Error("Escape at the prompt does not close the window")
		}
	})
}

func TestKeysReachTheSessionOnceAFrame(t *testing.T) {
	sit(t, Config{Want: front.Want{Address: "h"}}, func(d *desk) {
		d.press(0)
		d.match.inputs = nil
		d.frame(controls{focused: true, up: heldLetter})
		d.frame(controls{focused: true, up: heldLetter, down: heldArrow})
		d.frame(controls{up: heldLetter}) // the window has lost the keyboard
		d.frame(controls{focused: true, fingers: []client.Point{{X: 10, Y: 500}}})
		want := []game.Input{game.Up, game.Down, game.None, game.Down}
		if !slices.Equal(d.match.inputs, want) {
			t.Errorf("the session was given %v, want %v", d.match.inputs, want)
		}
	})
}

func TestLeavingIsAskedFirst(t *testing.T) {
	sit(t, Config{Want: front.Want{Address: "h"}}, func(d *desk) {
		d.press(0)
		for _, stay := range []command{cmdBack, cmdNo, cmdConfirm} {
			d.press(cmdBack)
			if !d.app.leaving {
				t.Fatal("Escape in a match does not ask")
			}
			d.match.inputs = nil
			d.do(controls{up: heldArrow})
			if !slices.Contains(d.match.inputs, game.Up) {
				t.Error("while the question stands the paddle cannot be moved")
			}
			d.press(stay)
			d.want(scenePlaying)
			if d.app.leaving || d.match.closed {
				t.Fatalf("after command %v the match is left", stay)
			}
		}
		d.press(cmdBack)
		d.press(cmdYes)
		d.want(sceneMenu)
		synctest.Wait()
		if !d.match.closed {
			t.Error("leaving did not close the session")
		}
	})
}

func TestRematchIsAskedForOnlyAfterTheGame(t *testing.T) {
	sit(t, Config{Want: front.Want{Address: "h"}}, func(d *desk) {
		d.press(0)
		d.press(cmdRematch | cmdConfirm)
		if d.match.rematch != 0 {
			t.Error("R asked for a rematch in the middle of a game")
		}
		d.match.view.Stage = client.StageOver
		d.press(cmdRematch)
		d.press(cmdConfirm)
		if d.match.rematch != 2 {
			t.Errorf("R and Enter after the game asked %d times, want twice", d.match.rematch)
		}
	})
}

func TestASessionThatHasEndedLeadsBack(t *testing.T) {
	sit(t, Config{Want: front.Want{Address: "h"}}, func(d *desk) {
		d.press(0)
		d.press(cmdBack) // the question must not stand in the way
		d.match.view.Stage, d.match.view.Reason, d.match.view.Code = client.StageClosed, client.ReasonRefused, "full"
		d.press(0)
		d.want(sceneClosed)
		if said := texts(d.app.frame(d.now)); !strings.Contains(said, "The server is full.") {
			t.Errorf("the window says %s, want the reason", said)
		}
		d.press(cmdRematch)
		d.match.view.Stage = client.StagePlaying
		d.press(0)
		d.want(scenePlaying)
		if len(d.dials) != 2 || d.dials[1] != d.dials[0] {
			t.Errorf("to join again dialed %+v, want the same twice", d.dials)
		}
		d.match.view.Stage = client.StageClosed
		d.press(0)
		d.press(cmdConfirm)
		d.want(sceneMenu)
	})
}

func TestSwitches(t *testing.T) {
	sit(t, Config{Want: front.Want{Address: "h"}}, func(d *desk) {
		d.press(0)
		for range 3 {
			d.press(cmdView)
		}
		d.press(cmdFigures | cmdMute)
		want := []client.View{client.ViewFilter, client.ViewPredict, client.ViewInterp, client.ViewFilter}
		if !slices.Equal(d.match.modes, want) || !d.app.detail || !d.app.muted {
			t.Errorf("views %v, detail %v, mute %v; want %v and both", d.match.modes, d.app.detail, d.app.muted, want)
		}
	})
}

func TestSceneAgeBeginsWithTheScene(t *testing.T) {
	sit(t, Config{Want: front.Want{Address: "h"}}, func(d *desk) {
		d.press(0)
		d.now = d.now.Add(time.Minute)
		d.match.view.Stage = client.StageScored
		d.frame(controls{})
		if age := d.app.frame(d.now).age; age > time.Second {
			t.Errorf("a frame after the point its scene is %v old", age)
		}
	})
}

func TestTheEndOfTheContextLeavesTheMatch(t *testing.T) {
	var m *match
	sit(t, Config{Want: front.Want{Address: "h"}}, func(d *desk) {
		d.press(0)
		m = d.match
	})
	if !m.closed {
		t.Error("the session was not left")
	}
}
