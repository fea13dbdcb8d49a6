package client

import (
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// shows fails the test unless the frame is of a stage, for a reason.
func (f *peer) shows(stage Stage, reason Reason) Frame {
	f.t.Helper()
	v := f.s.Frame(f.now)
	if v.Stage != stage || v.Reason != reason {
		f.t.Errorf("the stage is %v (%v), want %v (%v)", v.Stage, v.Reason, stage, reason)
	}
	return v
}

// presence changes how the server sees the other player.
func (f *peer) presence(status string) {
	other := 1 - f.s.control.me
	f.s.Control(wire.Message{Type: wire.Presence, PlayerID: other + 1, Name: "Anna", Status: status})
	f.standing.Seats[other] = map[string]wire.SeatStatus{
		wire.StatusJoined: wire.SeatJoined, wire.StatusOnline: wire.SeatOnline, wire.StatusSilent: wire.SeatSilent,
	}[status]
	f.stand()
}

// stand has the session take the standing, as of a STATE.
func (f *peer) stand() { f.s.control.takeStanding(f.now, f.standing) }

// A peer is the server's end of a session under test: it has the keys and a game, and receives the session's
// datagrams. They arrive at once in both directions.
type peer struct {
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
	ahead wire.Ahead                   // in the next STATEs
	lose  bool                         // STATEs are lost
	mute  bool                         // what the session sends is lost

	standing wire.Standing
}

func newPeer(t testing.TB, player int) *peer {
	f := &peer{t: t, now: time.Unix(0, 0), start: time.Unix(0, 0), rules: game.DefaultRules()}
	id, secret := sealed.ID{1}, make([]byte, 32)
	f.keys, _ = sealed.FromSecret(sealed.Server, wire.KeyLabel, 0x1301, secret, id)
	keys, err := sealed.FromSecret(sealed.Client, wire.KeyLabel, 0x1301, secret, id)
	if err != nil {
		t.Fatal(err)
	}
	f.state = game.New(f.rules, 1)
	f.standing = wire.Standing{Player: uint8(player), Seats: [2]wire.SeatStatus{wire.SeatOnline, wire.SeatOnline}}
	f.s = NewSession(f.now, SessionConfig{
		Welcome: wire.WelcomeFields{
			Player: player - 1, Match: "m1", Rules: f.rules, Token: [wire.TokenLen]byte{7},
		},
		Sealed: keys, Send: f.take,
	})
	f.s.Control(wire.Message{Type: wire.Presence, PlayerID: 3 - player, Name: "Anna", Status: wire.StatusOnline})
	f.s.Control(wire.Message{Type: wire.Presence, PlayerID: player, Name: "me", Status: wire.StatusOnline})
	for i := range f.last {
		f.last[i] = game.Inputs{game.Away, game.Away}
	}
	return f
}

// take receives a datagram of the session.
func (f *peer) take(b []byte) {
	plain, number, err := f.keys.Open(nil, b)
	if err != nil {
		f.t.Fatalf("a datagram of the session cannot be opened: %v", err)
	}
	kind, err := wire.ParseType(plain)
	if err != nil || !kind.Upward() {
		f.t.Fatalf("the session has sent a datagram of type %d: %v", plain[0], err)
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

// send seals a plaintext and has the session receive it.
func (f *peer) send(plain []byte) {
	b, err := f.keys.Seal(nil, plain)
	if err != nil {
		f.t.Fatal(err)
	}
	f.s.Receive(f.now, b)
}

// sendState sends the game as a STATE.
func (f *peer) sendState(reason wire.Reason) {
	st := wire.State{
		Reason: reason, Game: f.state, Applied: f.last, Standing: f.standing,
		Margin: wire.Margin{Valid: f.early.Valid, Min: f.early.Min, Base: f.early.Min}, Ahead: f.ahead,
	}
	f.early = netcode.InputReport{}
	st.Acked = [2]netcode.Tick{f.input.Acked(), f.input.Acked()}
	f.send(wire.AppendState(nil, f.echo.Stamp(f.now), &st))
}

// tick plays a tick of the game with inputs.
func (f *peer) tick(in game.Inputs) {
	f.state = game.Step(f.rules, f.state, in, f.state.SeededServe(1))
	copy(f.last[1:], f.last[:])
	f.last[0] = in
}

// run plays for a while at 60 ticks and frames a second, while a key is held at the session.
func (f *peer) run(span time.Duration, in game.Input) (v Frame) {
	for end := f.now.Add(span); f.now.Before(end); {
		f.now = f.now.Add(period)
		mine, _ := f.input.Take()
		inputs := game.Inputs{f.other, f.other}
		inputs[f.s.control.me] = mine
		f.tick(inputs)
		if !f.lose && f.state.Tick%wire.StateEvery == 0 {
			f.sendState(wire.ReasonRegular)
		}
		f.s.Update(f.now, in)
		v = f.s.Frame(f.now)
	}
	return v
}

// play begins a game and runs until the ball is in play.
func (f *peer) play() Frame {
	f.t.Helper()
	for range 5 {
		if v := f.run(time.Second, game.None); v.Stage == StagePlaying {
			return v
		}
	}
	f.t.Fatalf("after five seconds the stage is %v, want playing", f.s.Frame(f.now).Stage)
	return Frame{}
}

// sent counts the plaintexts of a type since the last call.
func (f *peer) sent(kind wire.Type) (n int) {
	for _, plain := range f.took {
		if wire.Type(plain[0]) == kind {
			n++
		}
	}
	f.took = nil
	return n
}
