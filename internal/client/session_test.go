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

func TestSession_RegistersUntilAStateArrives(t *testing.T) {
	f := newPeer(t, 1)
	for range 60 {
		f.now = f.now.Add(period)
		f.s.Update(f.now, game.Up)
	}
	r := wire.ParseRegister(f.took[0])
	if r.PlayerID != 1 || r.Token != [wire.TokenLen]byte{7} {
		t.Errorf("REGISTER is %+v, want player 1 and token 7", r)
	}
	if n := f.sent(wire.TypeRegister); n < 8 || n > 11 {
		t.Errorf("%d REGISTERs in a second, want 10", n)
	}
	f.sendState(wire.ReasonRegular)
	for range 60 {
		f.now = f.now.Add(period)
		f.s.Update(f.now, game.Up)
	}
	took := f.took
	if n := f.sent(wire.TypeRegister); n > 0 {
		t.Errorf("%d REGISTERs after a STATE, want none", n)
	}
	f.took = took
	if n := f.sent(wire.TypePing); n < 8 || n > 11 {
		t.Errorf("%d PINGs in a second of waiting, want 10", n)
	}
}

func TestSession_SendsAnInputEveryTick(t *testing.T) {
	for _, key := range []game.Input{game.None, game.Down} {
		f := newPeer(t, 2)
		f.play()
		f.took = nil
		f.run(time.Second, key)
		for _, plain := range f.took {
			if len(plain) != wire.InputLen {
				t.Errorf("while playing, a datagram of %d bytes and type %d was sent, want %d",
					len(plain), plain[0], wire.InputLen)
			}
		}
		if n := f.sent(wire.TypeInput); n < 58 || n > 62 {
			t.Errorf("key %v: %d INPUTs in a second, want 60", key, n)
		}
	}
}

func TestSession_RepeatsInputsUntilAcknowledged(t *testing.T) {
	f := newPeer(t, 1)
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
		t.Errorf("after ten ticks without a STATE an INPUT has %d ticks in %d runs, want at least 10 in 8",
			n, len(in.Runs))
	}
	f.mute, f.lose = false, false
	f.run(10*period, game.None)
	in, _ = wire.ParseInput(f.took[len(f.took)-1], in.Runs)
	n = 0
	for _, run := range in.Runs {
		n += run.N
	}
	if n > 10 {
		t.Errorf("when STATEs arrive again an INPUT has %d ticks, want at most 10", n)
	}
}

func TestSession_TakesUnknownInputsForNone(t *testing.T) {
	f := newPeer(t, 1)
	f.play()
	before := f.state.Paddle[0]
	f.run(time.Second/2, game.Away) // only the server may apply it
	f.run(time.Second/2, 200)
	if f.state.Paddle[0] != before {
		t.Errorf("an unknown input has moved the paddle from %v to %v", before, f.state.Paddle[0])
	}
}

func TestSession_IgnoresOldRepeatedAndForgedDatagrams(t *testing.T) {
	f := newPeer(t, 1)
	f.play()
	old := wire.State{Game: f.state}
	old.Game.Tick, old.Game.Score = old.Game.Tick-10, [2]uint16{9, 9}
	old.Acked = [2]netcode.Tick{1, 1}
	f.send(wire.AppendState(nil, f.echo.Stamp(f.now), &old))
	newer, _ := f.keys.Seal(nil, wire.AppendState(nil, f.echo.Stamp(f.now), &wire.State{Game: f.state}))
	forged := bytes.Clone(newer)
	forged[30] ^= 1
	before := f.s.channel.refused
	f.s.Receive(f.now, forged)
	f.s.Receive(f.now, newer)
	f.s.Receive(f.now, newer)
	f.s.Receive(f.now, nil)
	if got := f.s.channel.refused - before; got != 3 {
		t.Errorf("%d datagrams were refused, want 3", got)
	}
	v := f.run(wire.StateEvery*period, game.None)
	if v.Score != [2]int{} || v.Stage != StagePlaying {
		t.Errorf("after an old STATE the stage is %v at %v, want playing at [0 0]", v.Stage, v.Score)
	}
}

func TestSession_AnswersAChallengeAtOnce(t *testing.T) {
	f := newPeer(t, 1)
	f.play()
	f.took = nil
	data := [8]byte{1, 2, 3}
	f.send(wire.AppendChallenge(nil, f.echo.Stamp(f.now), data))
	if len(f.took) != 1 || wire.Type(f.took[0][0]) != wire.TypeResponse || wire.ParseChallenge(f.took[0]) != data {
		t.Errorf("a CHALLENGE is answered with %x, want a RESPONSE with %x", f.took, data)
	}
	f.took = nil
	f.send(wire.AppendPing(nil, f.echo.Stamp(f.now)))
	f.send([]byte{1, 2, 3})
	f.send(wire.AppendResponse(nil, f.echo.Stamp(f.now), data))
	if len(f.took) > 0 {
		t.Errorf("%d datagrams were sent in answer to datagrams that need none", len(f.took))
	}
}

func TestSession_SurvivesAnyServer(t *testing.T) {
	f := newPeer(t, 2)
	f.mute = true
	r := rand.New(rand.NewPCG(1, 1))
	var st wire.State
	for range 20000 {
		f.now = f.now.Add(time.Duration(r.IntN(40)) * time.Millisecond)
		switch r.IntN(4) {
		case 0: // a STATE of random bytes
			b := make([]byte, wire.StateLen)
			for i := range b {
				b[i] = byte(r.Uint32())
			}
			b[0], b[13] = byte(wire.TypeState), byte(r.IntN(4))
			f.send(b)
		case 1: // a valid one, at any tick
			st.Game = f.state
			st.Game.Tick = r.Uint32() % (1 << 31)
			if r.IntN(2) == 0 {
				st.Game.Tick = uint32(int(f.s.simulation.newest.Tick)+r.IntN(400)-200) % (1 << 31)
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
	f := newPeer(t, 1)
	var out [64]byte
	for range sealed.MaxPackets {
		if _, err := f.s.channel.keys.Seal(out[:0], []byte{1}); err != nil {
			break
		}
	}
	f.s.Update(f.now.Add(time.Second), game.None)
	if v := f.s.Frame(f.now.Add(time.Second)); v.Stage != StageClosed || v.Reason != ReasonKeysUsedUp {
		t.Errorf("with all packet numbers used the stage is %v (%v), want %v (%v)",
			v.Stage, v.Reason, StageClosed, ReasonKeysUsedUp)
	}
}

func TestSession_ConfirmedKnowsItsLimits(t *testing.T) {
	f := newPeer(t, 1)
	f.play()
	newest := f.s.simulation.newest.Tick
	if s, ok := f.s.Confirmed(newest); !ok || s.Tick != newest {
		t.Error("the newest tick is not confirmed")
	}
	if _, ok := f.s.Confirmed(newest + 1); ok {
		t.Error("a predicted tick is confirmed")
	}
	f.lose = true
	f.run(7*wire.StateEvery*period, game.None) // more than a STATE's history
	f.lose = false
	f.run(wire.StateEvery*period, game.None)
	if _, ok := f.s.Confirmed(newest + 5); ok {
		t.Error("a tick that no STATE covers is confirmed")
	}
	if s, ok := f.s.Confirmed(f.s.simulation.newest.Tick); !ok || s != f.state {
		t.Errorf("after a gap the newest tick is %+v (%v), want %+v", s, ok, f.state)
	}
	if !f.s.SyncTest(30) {
		t.Error("the second replay of the predicted ticks differs")
	}
}

func TestSession_AllocatesNothingForAStateAndAFrame(t *testing.T) {
	f := newPeer(t, 1)
	f.play()
	f.s.channel.out = func([]byte) {}
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
		t.Errorf("%v allocations for a STATE and three frames, want none", n)
	}
}

func TestSession_SendsNothingOnceItHasEnded(t *testing.T) {
	for name, end := range map[string]func(f *peer){
		"an ERROR":     func(f *peer) { f.s.Control(wire.Message{Type: wire.Error, Code: wire.CodeSeat}) },
		"Fail":         func(f *peer) { f.s.Fail(errors.New("another server")) },
		"its patience": func(f *peer) { f.now = f.now.Add(2 * goneAfter); f.s.health.lastUpdate = f.now },
	} {
		for _, played := range []bool{false, true} {
			f := newPeer(t, 1)
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
				t.Errorf("after %s (played: %v) %d datagrams at stage %v, want none at %v",
					name, played, len(f.took), v.Stage, StageClosed)
			}
		}
	}
}
