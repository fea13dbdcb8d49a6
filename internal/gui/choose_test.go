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

// atMenu is a person who has typed an address, and is called ada.
func atMenu(t *testing.T, script func(d *desk)) {
	t.Helper()
	sit(t, Config{Want: front.Want{Name: "ada"}}, func(d *desk) {
		d.do(controls{typed: "h"})
		d.press(cmdConfirm)
		d.want(sceneMenu)
		script(d)
	})
}

// down moves the choice by a row.
func (d *desk) down(by held) {
	d.do(controls{down: by})
	d.do(controls{})
}

func (d *desk) wantDial(want front.Want) {
	d.t.Helper()
	if len(d.dials) == 0 || d.dials[len(d.dials)-1] != want {
		d.t.Errorf("dialed %+v, want %+v at last", d.dials, want)
	}
}

// said is what the window says.
func (d *desk) said() string { return texts(d.app.frame(d.now)) }

func TestAFriendIsMetByKeyboard(t *testing.T) {
	atMenu(t, func(d *desk) {
		d.down(heldArrow)
		d.press(cmdConfirm)
		d.do(controls{typed: "maple-4ws", down: heldLetter}) // W and S are letters here
		d.press(cmdErase)
		d.press(cmdErase)
		d.do(controls{typed: "2"})
		d.press(cmdConfirm)
		d.wantDial(front.Want{Kind: front.Friend, Address: "h", Name: "ada", Room: "maple-42"})
		d.want(scenePlaying)
	})
}

func TestAGamepadIsEnoughForAFriend(t *testing.T) {
	atMenu(t, func(d *desk) {
		d.down(heldPad)
		d.press(cmdConfirm)
		d.down(heldStick) // to "Another code"
		d.press(cmdConfirm)
		d.down(heldPad) // round, to "Meet here"
		code := d.app.menu.Show().Text
		d.press(cmdConfirm)
		d.wantDial(front.Want{Kind: front.Friend, Address: "h", Name: "ada", Room: code})
	})
}

func TestAClickIsEnoughForPractice(t *testing.T) {
	atMenu(t, func(d *desk) {
		click := func(row string) {
			var p picture
			p.compose(d.app.frame(d.now))
			at := slices.IndexFunc(p.shapes, func(g shape) bool { return g.text == row })
			d.press(p.hit(client.Point{X: middle, Y: p.shapes[at].y}))
		}
		click("Practice")
		click("Hard")
		d.wantDial(front.Want{Kind: front.Practice, Address: "h", Name: "ada", Level: front.Hard})
	})
}

func TestTheListIsRenewedWhileItIsLookedAt(t *testing.T) {
	atMenu(t, func(d *desk) {
		d.app.menu.Open(front.PageWatch)
		d.press(0)
		if said := d.said(); d.lists != 1 || !strings.Contains(said, "No match is being played now.") {
			t.Errorf("asked %d times, and it says %s", d.lists, said)
		}
		d.games = []dial.Match{{Name: "m7", Names: [2]string{"Ann", "Bo"}, Score: [2]int{3, 7}}}
		for range 60 + 5 { // a second
			d.frame(controls{focused: true})
			synctest.Wait()
		}
		if said := d.said(); d.lists != 2 || !strings.Contains(said, "Ann  3 : 7  Bo") {
			t.Errorf("a second later asked %d times, want 2; it says %s", d.lists, said)
		}
		d.press(cmdConfirm)
		d.wantDial(front.Want{Kind: front.Watch, Address: "h", Name: "ada", Match: "m7"})
		asked := d.lists
		d.now = d.now.Add(time.Minute)
		d.press(0)
		if d.lists != asked {
			t.Error("the list is asked for although a match is on the screen")
		}
	})
}

func TestARefusedListIsNotAskedForAgain(t *testing.T) {
	for _, yes := range []bool{true, false} {
		atMenu(t, func(d *desk) {
			d.ask = dial.Question{Host: "h:5555", Fingerprint: "aaaa:bbbb:cccc"}
			d.app.menu.Open(front.PageWatch)
			d.press(0)
			d.want(sceneTrust)
			d.ask = dial.Question{}
			if yes {
				d.press(cmdYes)
			} else {
				d.press(cmdNo)
			}
			d.want(sceneMenu)
			d.now = d.now.Add(time.Minute)
			d.press(0)
			d.want(sceneMenu)
			if page := d.app.menu.Show().Page; (page == front.PageWatch) != yes || !slices.Equal(d.yes, []bool{yes}) {
				t.Errorf("after %v the menu is at page %d, and the answers were %v", yes, page, d.yes)
			}
		})
	}
}

func TestWhatWasSaidBeforehandIsNotAskedFor(t *testing.T) {
	want := front.Want{Kind: front.Watch, Name: "ada", Match: "m7"}
	sit(t, Config{Want: want}, func(d *desk) {
		d.do(controls{typed: "h"})
		d.press(cmdConfirm)
		want.Address = "h"
		d.wantDial(want)
		d.want(scenePlaying)
	})
}

func TestOneWhoLooksOnMovesNothingAndLeavesAtOnce(t *testing.T) {
	sit(t, Config{Want: front.Want{Kind: front.Watch, Address: "h"}}, func(d *desk) {
		d.match.view.Watching = true
		d.press(0)
		d.match.inputs = nil
		d.do(controls{up: heldLetter})
		d.do(controls{fingers: []client.Point{{X: 10, Y: 500}}})
		if slices.ContainsFunc(d.match.inputs, func(in game.Input) bool { return in != game.None }) {
			t.Errorf("a watcher's keys were given to the session: %v", d.match.inputs)
		}
		d.press(cmdBack)
		d.want(sceneMenu)
		synctest.Wait()
		if !d.match.closed || d.app.leaving {
			t.Error("leaving asks, or does not close the session")
		}
	})
}

func TestAfterAMatchAnotherCanBeWatched(t *testing.T) {
	for _, stage := range []client.Stage{client.StageOver, client.StageWaiting, client.StageClosed} {
		sit(t, Config{Want: front.Want{Kind: front.Watch, Address: "h"}}, func(d *desk) {
			d.match.view.Watching = true
			d.press(0)
			d.press(cmdConfirm) // nothing, while the ball is in play
			d.want(scenePlaying)
			d.match.view.Stage = stage
			d.press(0)
			d.press(cmdConfirm | cmdRematch)
			if page := d.app.menu.Show().Page; d.app.scene != sceneMenu || page != front.PageWatch || d.match.rematch != 0 {
				t.Errorf("%v: Enter leads to scene %d, page %d, want the list; %d asked for a rematch", stage, d.app.scene, page, d.match.rematch)
			}
		})
	}
}

func TestLeavingIsAskedOnlyWhereSomethingIsAtStake(t *testing.T) {
	for stage := client.StageWaiting; stage <= client.StageClosed; stage++ {
		sit(t, Config{Want: front.Want{Address: "h"}}, func(d *desk) {
			d.match.view.Stage = stage
			d.press(0)
			d.press(cmdBack)
			free := stage == client.StageWaiting || stage == client.StageOver || stage == client.StageClosed
			if d.app.leaving == free || (d.app.scene == sceneMenu) != free {
				t.Errorf("%v: Escape asks: %v, scene %d", stage, d.app.leaving, d.app.scene)
			}
		})
	}
}

// TestTheWayBackFromAFailure is to the menu where the server has answered, and else to the address.
func TestTheWayBackFromAFailure(t *testing.T) {
	for want, err := range map[scene]error{
		sceneAddress: errors.New("connection refused"),
		sceneMenu:    &dial.RefusedError{Code: "room", Message: "two are playing in this room already"},
	} {
		atMenu(t, func(d *desk) {
			d.err = err
			d.press(cmdConfirm)
			d.want(sceneFailed)
			d.press(cmdConfirm)
			d.want(want)
		})
	}
}

func TestANewNameIsPlayedUnder(t *testing.T) {
	atMenu(t, func(d *desk) {
		d.app.menu.Open(front.PageName)
		d.do(controls{typed: "Grace"})
		d.press(cmdConfirm)
		d.press(cmdBack)
		d.want(sceneAddress)
		d.do(controls{typed: "2"})
		d.press(cmdConfirm)
		d.press(cmdConfirm)
		d.wantDial(front.Want{Kind: front.Quick, Address: "h2", Name: "Grace"})
	})
}

func TestAServerOfOnesOwnOffersPracticeAlone(t *testing.T) {
	sit(t, Config{Want: front.Want{Kind: front.Practice, Address: "h", Level: front.Normal}, Alone: true}, func(d *desk) {
		d.press(0)
		d.press(cmdBack)
		d.press(cmdYes)
		d.want(sceneMenu)
		if said := d.said(); !strings.Contains(said, "Hard") || strings.Contains(said, "friend") {
			t.Errorf("the menu says %s", said)
		}
		d.press(cmdBack)
		d.want(sceneAddress)
	})
}

// TestCopyingSaysWhatHasComeOfIt, also where there is no program for it.
func TestCopyingSaysWhatHasComeOfIt(t *testing.T) {
	t.Setenv("PATH", "")
	want := front.Want{Kind: front.Friend, Address: "h", Room: "maple-42"}
	a := newApp(t.Context(), Config{Want: want}, server{dial: func(context.Context, front.Want, Ask) (session, error) {
		return &match{view: client.Frame{Stage: client.StageWaiting, Room: "maple-42"}}, nil
	}}, time.Now())
	defer a.close()
	for deadline := time.Now().Add(10 * time.Second); a.copy == "" && time.Now().Before(deadline); {
		a.step(time.Now(), controls{focused: true, commands: cmdCopy})
		a.work.Wait() // there is no dialing, and no tool to wait for
	}
	if said := texts(a.frame(time.Now())); !strings.Contains(said, "no program for the clipboard") {
		t.Errorf("the window says %s", said)
	}
}
