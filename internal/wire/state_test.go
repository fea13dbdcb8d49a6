package wire

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pong/internal/game"
	"pong/netcode"
)

// fullState has a different value in every field.
var fullState = State{
	Reason: ReasonNews,
	Game: game.State{
		Tick: 0x01020304, Phase: game.Playing, Round: 0x0506,
		Score: [2]uint16{0x0708, 0x090a}, Paddle: [2]game.Fixed{0x00b0c, 0x01d0e},
		Ball: game.Ball{X: -2, Y: 0x01112, VX: -0x0513, VY: 0x0214},
		Hits: 0x1516, Walls: 0x17, ServeTo: 1,
	},
	Acked: [2]netcode.Tick{0x01020304 + 5, 0x01020304 - 1},
	Applied: [HistoryLen]game.Inputs{
		{game.None, game.Up}, {game.Down, game.Away}, {game.Up, game.Up}, {game.None, game.None},
		{game.Down, game.None}, {game.None, game.Down},
		15: {game.Away, game.Down},
	},
	Standing: Standing{
		Lineup: 0x1d, Game: 0x1e, Player: 2,
		Seats: [2]SeatStatus{SeatSilent, SeatHidden}, Rematch: [2]bool{true, false}, PauseLeft: [2]uint8{5, 6},
	},
	Margin: Margin{Valid: true, Min: -1.5, Base: 2.125, Missed: 3, TailMS: 40, Loss: 51.0 / 255},
	Ahead:  Ahead{N: 3, Inputs: [MaxAhead]game.Input{game.Down, game.None, game.Up}},
}

const fullStateHex = "d5" + // reason, pauses
	"01020304" + "02" + "0000" + "0506" + "0708090a" + "000b0c001d0e" + "fffffe001112" + "faed0214" + "1516" + "17" +
	"01" + "00000000" + "00" +
	"05ff" + // acknowledged
	"1b50820000" + "00000e00000000" + // applied
	"1d" + "5c" + "9e" + // standing
	"f4" + "11" + "03" + "28" + "33" +
	"384000" // ahead

func TestState_Bytes(t *testing.T) {
	plain := wantBytes(t, "STATE", func(dst []byte) []byte { return AppendState(dst, stamp, &fullState) },
		"03"+stampHex+fullStateHex)
	var got State
	if err := ParseState(plain, &got); err != nil || got != fullState {
		t.Errorf("STATE is parsed as %+v, %v; want %+v", got, err, fullState)
	}
}

// TestAppendState_ClampsValues: a value out of range becomes the nearest one that fits.
func TestAppendState_ClampsValues(t *testing.T) {
	st, tick := fullState, netcode.Tick(fullState.Game.Tick)
	st.Acked = [2]netcode.Tick{tick + 1000, tick - 1000}
	st.Margin = Margin{Valid: true, Min: -1000, Base: 1000, Missed: 1000, TailMS: 1000, Loss: 2}
	got := reparsed(t, st)
	if want := [2]netcode.Tick{tick + 127, tick - 128}; got.Acked != want {
		t.Errorf("acknowledged %v, want %v", got.Acked, want)
	}
	if want := (Margin{Valid: true, Min: -127.0 / 8, Base: 127.0 / 8, Missed: 255, TailMS: 255,
		Loss: 1}); got.Margin != want {
		t.Errorf("margin %+v, want %+v", got.Margin, want)
	}
	st.Margin = Margin{Min: 3, Base: 4, Missed: -1, TailMS: -1, Loss: -1} // not Valid
	if got := reparsed(t, st).Margin; got != (Margin{}) {
		t.Errorf("margin %+v, want none", got)
	}
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300} {
		st.Margin = Margin{Valid: true, Min: x, Base: x, Loss: x}
		AppendState(nil, stamp, &st) // any number will do, a panic will not
	}
}

func reparsed(t *testing.T, st State) State {
	t.Helper()
	var got State
	if err := ParseState(AppendState(nil, stamp, &st), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestMargin_RoundsDown(t *testing.T) {
	st := fullState
	st.Margin.Min, st.Margin.Base = 1.99, -0.01 // early by less is the safe side
	if got := reparsed(t, st).Margin; got.Min != 1.875 || got.Base != -0.125 {
		t.Errorf("margins %v and %v, want 1.875 and -0.125", got.Min, got.Base)
	}
}

func TestParseState_RefusesInvalidStates(t *testing.T) {
	change := func(offset int, to ...byte) []byte {
		plain := AppendState(nil, stamp, &fullState)
		copy(plain[offset:], to)
		return plain
	}
	const end = 14 + game.StateLen
	early := fullState
	early.Game.Tick, early.Acked = 5, [2]netcode.Tick{5, 5}
	beforeZero := AppendState(nil, stamp, &early)
	beforeZero[end] = 0xfa // -6
	for name, plain := range map[string][]byte{
		"too long a pause":          change(13, 0x1c),
		"another such pause":        change(13, 0xe0),
		"unknown phase":             change(18, 5),
		"a serve in a rally":        change(14+33, 0, 0, 0, 1),
		"tick out of range":         change(14, 0x80, 0, 0, 0),
		"last tick":                 change(14, 0xff, 0xff, 0xff, 0xff),
		"acknowledged before 0":     beforeZero,
		"a status of no seat":       change(end+15, 0x05),
		"another such status":       change(end+15, 0x38),
		"a player id of no player":  change(end+16, 0xc0),
		"a base without inputs":     change(end+17, 0x80, 0x01),
		"no base, but a least":      change(end+17, 0x01, 0x80),
		"no base and no least":      change(end+17, 0x80, 0x80),
		"too many inputs ahead":     change(end+22, 0xb0, 0, 0),
		"Away ahead":                change(end+22, 0x2c, 0, 0),
		"a bit after the inputs":    change(end+22, 0x28, 0, 0x01),
		"inputs for a watcher":      change(end+16, 0x1e),
		"a paddle out of the field": change(14+13, 0xff, 0xff, 0xff),
	} {
		if _, err := ParseType(plain); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		st := State{Reason: ReasonReset, Acked: [2]netcode.Tick{7, 8}}
		before := st
		if err := ParseState(plain, &st); !errors.Is(err, ErrDatagram) ||
			!strings.Contains(err.Error(), ErrDatagram.Error()) {
			t.Errorf("%s: error %v, want %v", name, err, ErrDatagram)
		}
		if st != before {
			t.Errorf("%s: refused, and yet the state was changed to %+v", name, st)
		}
	}
}

func FuzzParseState(f *testing.F) {
	body := func(st State) []byte { return AppendState(nil, stamp, &st)[1+stampLen:] }
	f.Add(body(fullState))
	waiting := State{Game: game.New(game.DefaultRules(), 1)}
	for i := range waiting.Applied {
		waiting.Applied[i] = game.Inputs{game.Away, game.Away}
	}
	f.Add(body(waiting))
	full := fullState
	full.Ahead.N, full.Ahead.Inputs[MaxAhead-1] = MaxAhead, game.Down
	f.Add(body(full))
	f.Fuzz(func(t *testing.T, body []byte) {
		plain := append(AppendPing(nil, stamp), body...)
		plain[0] = byte(TypeState)
		if _, err := ParseType(plain); err != nil {
			return
		}
		var st State
		if err := ParseState(plain, &st); err != nil {
			if !errors.Is(err, ErrDatagram) || st != (State{}) {
				t.Errorf("error %v, state %+v; want %v and nothing changed", err, st, ErrDatagram)
			}
			return
		}
		for _, acked := range st.Acked {
			if d := int64(acked) - int64(st.Game.Tick); d < -128 || d > 127 {
				t.Errorf("tick %d acknowledges %d", st.Game.Tick, acked)
			}
		}
		if again := AppendState(nil, stamp, &st); string(again) != string(plain) {
			t.Errorf("written again as\n%x, was\n%x", again, plain)
		}
		for _, in := range st.Applied { // what is taken can be played
			st.Game = game.Step(game.DefaultRules(), st.Game, in, 1)
		}
	})
}

// A STATE that is encoded without a receiver and then readdressed equals one that is encoded for this receiver.
func TestReaddress(t *testing.T) {
	want := AppendState(nil, stamp, &fullState)
	st := fullState
	st.Margin, st.Standing.Player = Margin{Valid: true, Min: -3, Base: 7, Missed: 9, TailMS: 1, Loss: 1}, 1
	st.Ahead = Ahead{N: MaxAhead, Inputs: [MaxAhead]game.Input{9: game.Up}}
	got := AppendState(nil, netcode.Stamp{TS: 1, Echo: 2, Hold: 3}, &st)
	Readdress(got, stamp, fullState.Standing.Player, fullState.Reason, &fullState.Margin, &fullState.Ahead)
	if string(got) != string(want) {
		t.Errorf("a STATE given to another receiver is\n%x, want\n%x", got, want)
	}
}
