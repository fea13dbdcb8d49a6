package client

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// A far is the server's end of a session, as far as a test plays it: it has the keys and a game, and takes what the
// session sends. Nothing is on its way: what one side sends the other has at once.
type far struct {
	t     testing.TB
	s     *Session
	keys  *sealed.Session
	now   time.Time
	start time.Time // of tick 0
	state game.State
	rules game.Rules
	took  [][]byte // plaintexts of the session, in order
	echo  netcode.Echo
	input netcode.InputBuffer[game.Input]
	other game.Input                   // of the other player
	last  [wire.HistoryLen]game.Inputs // applied
	early netcode.InputReport          // of the session's inputs since the last STATE
	lose  bool                         // STATEs are lost
	mute  bool                         // what the session sends is lost
}

func newFar(t testing.TB, player int) *far {
	f := &far{t: t, now: time.Unix(0, 0), start: time.Unix(0, 0), rules: game.DefaultRules()}
	id, secret := sealed.ID{1}, make([]byte, 32)
	f.keys, _ = sealed.FromSecret(sealed.Server, wire.KeyLabel, 0x1301, secret, id)
	keys, err := sealed.FromSecret(sealed.Client, wire.KeyLabel, 0x1301, secret, id)
	if err != nil {
		t.Fatal(err)
	}
	f.state = game.New(f.rules, 1)
	f.s = NewSession(f.now, SessionConfig{
		Welcome: wire.WelcomeFields{Player: player - 1, Match: "m1", Rules: f.rules, Token: [wire.TokenLen]byte{7}}, Sealed: keys,
		Send: f.take,
	})
	f.s.Control(wire.Message{Type: wire.Presence, PlayerID: 3 - player, Name: "Anna", Status: wire.StatusOnline})
	f.s.Control(wire.Message{Type: wire.Presence, PlayerID: player, Name: "me", Status: wire.StatusOnline})
	for i := range f.last {
		f.last[i] = game.Inputs{game.Away, game.Away}
	}
	return f
}

// take is what the session sends.
func (f *far) take(b []byte) {
	plain, number, err := f.keys.Open(nil, b)
	if err != nil {
		f.t.Fatalf("the session has sent what does not open: %v", err)
	}
	kind, err := wire.ParseType(plain)
	if err != nil || !kind.Upward() {
		f.t.Fatalf("the session has sent type %d: %v", plain[0], err)
	}
	f.took = append(f.took, plain)
	if f.mute {
		return
	}
	f.echo.Receive(f.now, number, wire.ParseStamp(plain))
	if kind != wire.TypeInput {
		return
	}
	in, err := wire.ParseInput(plain, make([]netcode.Run[game.Input], 0, wire.MaxRuns))
	if err != nil {
		f.t.Fatal(err)
	}
	t := in.Newest
	for _, run := range in.Runs {
		for range run.N {
			if fate := f.input.Put(t, run.Input); fate == netcode.Fresh || fate == netcode.TooLate {
				if early := float64(t) - float64(f.state.Tick) + 1; !f.early.Valid || early < f.early.Min {
					f.early.Min, f.early.Valid = early, true
				}
			}
			t--
		}
	}
}

// send seals a plaintext for the session.
func (f *far) send(plain []byte) {
	b, err := f.keys.Seal(nil, plain)
	if err != nil {
		f.t.Fatal(err)
	}
	f.s.Receive(f.now, b)
}

// tell sends the game as it stands.
func (f *far) tell(reason wire.Reason) {
	st := wire.State{Reason: reason, Game: f.state, Applied: f.last, Margin: wire.Margin{Valid: f.early.Valid, Min: f.early.Min}}
	f.early = netcode.InputReport{}
	st.Acked = [2]netcode.Tick{f.input.Acked(), f.input.Acked()}
	f.send(wire.AppendState(nil, f.echo.Stamp(f.now), &st))
}

// tick plays a tick of the game with inputs.
func (f *far) tick(in game.Inputs) {
	f.state = game.Step(f.rules, f.state, in)
	copy(f.last[1:], f.last[:])
	f.last[0] = in
}

// run plays for a while at 60 ticks and frames a second, the session holding a key.
func (f *far) run(span time.Duration, in game.Input) (v Frame) {
	for end := f.now.Add(span); f.now.Before(end); {
		f.now = f.now.Add(period)
		mine, _ := f.input.Take()
		inputs := game.Inputs{f.other, f.other}
		inputs[f.s.me] = mine
		f.tick(inputs)
		if !f.lose && f.state.Tick%wire.StateEvery == 0 {
			f.tell(wire.ReasonRegular)
		}
		f.s.Update(f.now, in)
		v = f.s.Frame(f.now)
	}
	return v
}

// play begins a game and runs until the ball flies.
func (f *far) play() Frame {
	f.t.Helper()
	for range 5 {
		if v := f.run(time.Second, game.None); v.Stage == StagePlaying {
			return v
		}
	}
	f.t.Fatalf("five seconds on, the stage is %v", f.s.Frame(f.now).Stage)
	return Frame{}
}

// sent counts the plaintexts of a type since the last call.
func (f *far) sent(kind wire.Type) (n int) {
	for _, plain := range f.took {
		if wire.Type(plain[0]) == kind {
			n++
		}
	}
	f.took = nil
	return n
}

func TestSession_RegistersUntilAStateArrives(t *testing.T) {
	f := newFar(t, 1)
	for range 60 {
		f.now = f.now.Add(period)
		f.s.Update(f.now, game.Up)
	}
	r := wire.ParseRegister(f.took[0])
	if r.PlayerID != 1 || r.Token != [wire.TokenLen]byte{7} {
		t.Errorf("REGISTER is %+v", r)
	}
	if n := f.sent(wire.TypeRegister); n < 8 || n > 11 {
		t.Errorf("%d REGISTERs in a second, want 10", n)
	}
	f.tell(wire.ReasonRegular)
	for range 60 {
		f.now = f.now.Add(period)
		f.s.Update(f.now, game.Up)
	}
	took := f.took
	if n := f.sent(wire.TypeRegister); n > 0 {
		t.Errorf("%d REGISTERs after a STATE", n)
	}
	f.took = took
	if n := f.sent(wire.TypePing); n < 8 || n > 11 {
		t.Errorf("%d PINGs in a second of waiting, want 10", n)
	}
}

func TestSession_SendsAnInputEveryTick(t *testing.T) {
	for _, key := range []game.Input{game.None, game.Down} {
		f := newFar(t, 2)
		f.play()
		f.took = nil
		f.run(time.Second, key)
		for _, plain := range f.took {
			if len(plain) != wire.InputLen {
				t.Errorf("while playing, %d bytes of type %d were sent", len(plain), plain[0])
			}
		}
		if n := f.sent(wire.TypeInput); n < 58 || n > 62 {
			t.Errorf("key %v: %d INPUTs in a second, want 60", key, n)
		}
	}
}

func TestSession_RepeatsInputsUntilAcknowledged(t *testing.T) {
	f := newFar(t, 1)
	f.play()
	f.mute, f.lose = true, true
	f.took = nil
	for i := range 10 {
		f.run(period, game.Input(1+i%2))
	}
	in, err := wire.ParseInput(f.took[len(f.took)-1], make([]netcode.Run[game.Input], 0, wire.MaxRuns))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, run := range in.Runs {
		n += run.N
	}
	if n < 10 || len(in.Runs) < 8 {
		t.Errorf("after ten ticks without an answer an INPUT carries %d ticks in %d runs", n, len(in.Runs))
	}
	f.mute, f.lose = false, false
	f.run(10*period, game.None)
	in, _ = wire.ParseInput(f.took[len(f.took)-1], in.Runs)
	if n = 0; true {
		for _, run := range in.Runs {
			n += run.N
		}
	}
	if n > 10 {
		t.Errorf("when STATEs come again an INPUT still carries %d ticks", n)
	}
}

func TestSession_TakesUnknownInputsForNone(t *testing.T) {
	f := newFar(t, 1)
	f.play()
	before := f.state.Paddle[0]
	f.run(time.Second/2, game.Away) // a screen must not be able to say it
	f.run(time.Second/2, 200)
	if f.state.Paddle[0] != before {
		t.Error("what is no key has moved the paddle")
	}
}

func TestSession_IgnoresOldRepeatedAndForgedDatagrams(t *testing.T) {
	f := newFar(t, 1)
	f.play()
	old := wire.State{Game: f.state}
	old.Game.Tick, old.Game.Score = old.Game.Tick-10, [2]uint16{9, 9}
	old.Acked = [2]netcode.Tick{1, 1}
	f.send(wire.AppendState(nil, f.echo.Stamp(f.now), &old))
	newer, _ := f.keys.Seal(nil, wire.AppendState(nil, f.echo.Stamp(f.now), &wire.State{Game: f.state}))
	forged := bytes.Clone(newer)
	forged[30] ^= 1
	before := f.s.stats.refused
	f.s.Receive(f.now, forged)
	f.s.Receive(f.now, newer)
	f.s.Receive(f.now, newer)
	f.s.Receive(f.now, nil)
	if got := f.s.stats.refused - before; got != 3 {
		t.Errorf("%d datagrams were refused, want 3", got)
	}
	v := f.run(time.Second/2, game.None)
	if v.Score != [2]int{} || v.Stage != StagePlaying {
		t.Errorf("an old STATE has changed the game: %v at %v", v.Stage, v.Score)
	}
}

func TestSession_AnswersAChallengeAtOnce(t *testing.T) {
	f := newFar(t, 1)
	f.play()
	f.took = nil
	data := [8]byte{1, 2, 3}
	f.send(wire.AppendChallenge(nil, f.echo.Stamp(f.now), data))
	if len(f.took) != 1 || wire.Type(f.took[0][0]) != wire.TypeResponse || wire.ParseChallenge(f.took[0]) != data {
		t.Errorf("a CHALLENGE is answered with %x", f.took)
	}
	f.took = nil
	f.send(wire.AppendPing(nil, f.echo.Stamp(f.now)))
	f.send([]byte{1, 2, 3})
	f.send(wire.AppendResponse(nil, f.echo.Stamp(f.now), data))
	if len(f.took) > 0 {
		t.Errorf("%d datagrams were sent in answer to what asks nothing", len(f.took))
	}
}

func TestSession_SurvivesAnyServer(t *testing.T) {
	f := newFar(t, 2)
	f.mute = true
	r := rand.New(rand.NewPCG(1, 1))
	var st wire.State
	for range 20000 {
		f.now = f.now.Add(time.Duration(r.IntN(40)) * time.Millisecond)
		switch r.IntN(4) {
		case 0: // a STATE with anything in it that can be read
			b := make([]byte, wire.StateLen)
			for i := range b {
				b[i] = byte(r.Uint32())
			}
			b[0], b[13] = byte(wire.TypeState), byte(r.IntN(4))
			f.send(b)
		case 1: // a true one, at any tick, in any phase
			st.Game = f.state
			st.Game.Tick = r.Uint32() % (1 << 31)
			if r.IntN(2) == 0 {
				st.Game.Tick = uint32(int(f.s.newest.Tick)+r.IntN(400)-200) % (1 << 31)
			}
			st.Acked = [2]netcode.Tick{netcode.Tick(st.Game.Tick), netcode.Tick(st.Game.Tick)}
			st.Reason = wire.Reason(r.IntN(4))
			f.send(wire.AppendState(nil, netcode.Stamp{TS: r.Uint32(), Echo: r.Uint32(), Hold: r.Uint32()}, &st))
		case 2:
			f.tick(game.Inputs{game.Input(r.IntN(4)), game.Input(r.IntN(4))})
			f.s.SetView(View(r.IntN(2)))
		case 3:
			f.s.Control(wire.Message{
				Type:     []string{wire.Presence, wire.Start, wire.End, wire.Rematch, wire.Pong, "?"}[r.IntN(6)],
				PlayerID: r.IntN(5) - 1, Winner: r.IntN(5) - 1, Status: []string{"left", "silent", "x", ""}[r.IntN(4)],
			})
		}
		f.s.Update(f.now, game.Input(r.IntN(5)))
		_ = f.s.Frame(f.now).Stage.String()
	}
}

func TestSession_ClosesWhenItsKeysAreUsedUp(t *testing.T) {
	f := newFar(t, 1)
	var out [64]byte
	for range sealed.MaxPackets {
		if _, err := f.s.cfg.Sealed.Seal(out[:0], []byte{1}); err != nil {
			break
		}
	}
	f.s.Update(f.now.Add(time.Second), game.None)
	if v := f.s.Frame(f.now.Add(time.Second)); v.Stage != StageClosed || v.Reason != ReasonKeysUsedUp {
		t.Errorf("with all packet numbers used the stage is %v: %v", v.Stage, v.Reason)
	}
}

func TestSession_ConfirmedKnowsItsLimits(t *testing.T) {
	f := newFar(t, 1)
	f.play()
	newest := f.s.newest.Tick
	if s, ok := f.s.Confirmed(newest); !ok || s.Tick != newest {
		t.Error("the newest tick is not confirmed")
	}
	if _, ok := f.s.Confirmed(newest + 1); ok {
		t.Error("a predicted tick is taken for confirmed")
	}
	f.lose = true
	f.run(30*period, game.None) // more than a STATE's history
	f.lose = false
	f.run(wire.StateEvery*period, game.None)
	if _, ok := f.s.Confirmed(newest + 5); ok {
		t.Error("a tick that no STATE has told of is taken for confirmed")
	}
	if s, ok := f.s.Confirmed(f.s.newest.Tick); !ok || s != f.state {
		t.Errorf("after a gap the newest tick is %+v (%v), want %+v", s, ok, f.state)
	}
	if !f.s.SyncTest(30) {
		t.Error("the prediction comes out otherwise the second time")
	}
}

func TestSession_AllocatesNothingForAStateAndAFrame(t *testing.T) {
	f := newFar(t, 1)
	f.play()
	f.s.cfg.Send = func([]byte) {}
	out, plain, st := make([]byte, sealed.MaxDatagram), make([]byte, wire.StateLen), new(wire.State)
	n := testing.AllocsPerRun(60, func() {
		for range wire.StateEvery {
			f.now = f.now.Add(period)
			f.tick(game.Inputs{})
			f.s.Update(f.now, game.Up)
			f.s.drawn.events.events = f.s.drawn.events.events[:0]
		}
		*st = wire.State{Game: f.state, Applied: f.last}
		st.Acked = [2]netcode.Tick{netcode.Tick(f.state.Tick), netcode.Tick(f.state.Tick)}
		b, err := f.keys.Seal(out[:0], wire.AppendState(plain[:0], f.echo.Stamp(f.now), st))
		if err != nil {
			t.Fatal(err)
		}
		f.s.Receive(f.now, b)
	})
	if n > 0 {
		t.Errorf("%v allocations for a STATE and three frames", n)
	}
}

func TestSession_SendsNothingOnceItHasEnded(t *testing.T) {
	for name, end := range map[string]func(f *far){
		"an ERROR":     func(f *far) { f.s.Control(wire.Message{Type: wire.Error, Code: wire.CodeSeat}) },
		"Fail":         func(f *far) { f.s.Fail(errors.New("another server")) },
		"its patience": func(f *far) { f.now = f.now.Add(2 * goneAfter); f.s.lastUpdate = f.now },
	} {
		for _, played := range []bool{false, true} {
			f := newFar(t, 1)
			if played {
				f.play()
			}
			end(f)
			f.took = nil
			for range int(10 * time.Second / period) {
				f.now = f.now.Add(period)
				f.s.Update(f.now, game.Up)
			}
			if v := f.s.Frame(f.now); v.Stage != StageClosed || len(f.took) != 0 {
				t.Errorf("%s, played %v: at stage %v it has sent %d datagrams, want none at %v", name, played, v.Stage, len(f.took), StageClosed)
			}
		}
	}
}
