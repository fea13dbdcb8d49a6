package front

import (
	"errors"
	"strings"
	"testing"

	"pong/internal/client"
	"pong/internal/replay"
)

// A madeUpReplay is a recording of a test.
type madeUpReplay struct {
	madeUp
	track Track
	did   []Action
}

func (m *madeUpReplay) Do(a Action)  { m.did = append(m.did, a) }
func (m *madeUpReplay) Track() Track { return m.track }

// inReplay is a person for whom a recording is played.
func inReplay(t *testing.T, script func(p *person, m *madeUpReplay)) {
	t.Helper()
	m := &madeUpReplay{madeUp: madeUp{frame: rally()}, track: Track{At: 90, Of: 600, Speed: "1"}}
	tryAt(t, person{plays: m}, Config{Want: Want{Address: "replay", Kind: Watch}}, func(p *person) {
		p.wait(0)
		p.want(NoCard)
		script(p, m)
	})
}

func TestReplay_HasItsOwnKeys(t *testing.T) {
	inReplay(t, func(p *person, m *madeUpReplay) {
		views := len(m.views)
		for _, a := range []Action{
			Pause, Left, Right, Up, Down, Home, End, StepBack, StepOn, TakeLeft, TakeRight, UseBot, NextView,
		} {
			m.did = nil
			p.atOnce(Input{Actions: a | Copy})
			if len(m.did) != 1 || m.did[0] != a {
				t.Errorf("action %b reaches the recording as %b", a, m.did)
			}
		}
		if len(m.views) > views {
			t.Error("the view of a recording is switched")
		}
	})
}

// No stage of a recorded game has a card: the person looks at the game, and has paused or finished nothing.
func TestReplay_HasNoCards(t *testing.T) {
	inReplay(t, func(p *person, m *madeUpReplay) {
		for stage := client.StageWaiting; stage <= client.StageClosed; stage++ {
			m.frame.Stage = stage
			p.wait(0)
			p.want(NoCard)
			if s := p.screen(); s.Track == nil || s.Track.At != 90 || s.Aside != "" {
				t.Errorf("stage %v: track %+v, aside %q", stage, s.Track, s.Aside)
			}
		}
	})
}

func TestReplay_EscLeavesAtOnce(t *testing.T) {
	inReplay(t, func(p *person, _ *madeUpReplay) {
		p.press(Back)
		if !p.flow.Left() {
			t.Errorf("Esc does not leave: %s", p.says())
		}
	})
}

func TestTrack_Line(t *testing.T) {
	for want, track := range map[string]Track{
		"0:01.5 of 0:10.0": {At: 90, Of: 600, Speed: "1"},

		"0:01.5 of 0:10.0, speed 1/4, paused": {At: 90, Of: 600, Speed: "1/4", Paused: true},

		"0:01.5 of 0:10.0, 2 gaps, cut off": {At: 90, Of: 600, Speed: "1", Gaps: 2, Cut: true},

		"You play the right paddle against a bot, from 0:01.5 on": {At: 90, Of: 600, Taken: 2, Bot: true},

		"You play the left paddle against the recording, from 0:01.5 on": {At: 90, Of: 600, Taken: 1},
	} {
		if got := track.Line(); got != want {
			t.Errorf("%+v: %q, want %q", track, got, want)
		}
	}
}

func TestOver_ReplayCanBeSavedOnce(t *testing.T) {
	saves, fails := 0, error(nil)
	cfg := Config{Want: Want{Address: "h"}}
	cfg.SaveReplay = func() (string, error) { saves++; return "/home/ann/a", fails }
	try(t, cfg, func(p *person) {
		p.wait(0)
		p.match.frame.Winner = 0
		p.became(client.StageOver)
		p.press(Save)
		p.press(Save)
		if saves != 1 || !strings.Contains(p.says(), "Saved as /home/ann/a") {
			t.Errorf("saved %d times; the card says %s", saves, p.says())
		}
		p.became(client.StagePlaying)
		p.became(client.StageOver)
		fails = errors.New("the disk is full")
		p.press(Save)
		if !strings.Contains(p.says(), "cannot be saved: the disk is full") {
			t.Errorf("the card says %s", p.says())
		}
	})
}

func TestLinkProblem_SaysWhatHelps(t *testing.T) {
	for err, want := range map[error]string{
		replay.ErrForeign: "the link has no recording in it: copy it again as a whole, up to the end",
		replay.ErrCut:     "the recording is cut off: copy the link again as a whole, up to the end",
		replay.ErrVersion: "the recording was made by another version of Pong: use the version with which it was " +
			"recorded",
		&replay.DamageError{Tick: 90, Err: replay.ErrDamaged}: "the recording is damaged or was altered after 0:01.5 " +
			"of play: copy the link again as a whole, up to the end",
		replay.ErrTooLong: "the recording is too long",
	} {
		if got := LinkProblem(err); got != want {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
}
