package game

import (
	"bytes"
	"encoding/hex"
	"hash/fnv"
	"testing"
)

// vector is a state with a different value in every field, and vectorHex its bytes.
var vector = State{
	Tick: 0x01020304, Phase: Playing, Timer: 0, Round: 0x0506,
	Score: [2]uint16{0x0708, 0x090a}, Paddle: [2]Fixed{0x00b0c, 0x01d0e},
	Ball: Ball{X: -2, Y: 0x01112, VX: -0x0513, VY: 0x0214},
	Hits: 0x1516, Walls: 0x17, ServeTo: 1, Serve: 0, Winner: 0,
}

const vectorHex = "01020304" + "02" + "0000" + "0506" + "0708090a" + "000b0c001d0e" +
	"fffffe001112" + "faed0214" + "1516" + "17" + "01" + "00000000" + "00"

func TestState_Bytes(t *testing.T) {
	got := vector.Append([]byte("before"))
	if want := "before"; string(got[:6]) != want {
		t.Errorf("Append overwrites the bytes before: %q", got[:6])
	}
	got = got[6:]
	if hex.EncodeToString(got) != vectorHex || len(got) != StateLen {
		t.Errorf("Append gives\n%x, want\n%s", got, vectorHex)
	}
	parsed, err := ParseState(got)
	if err != nil || parsed != vector {
		t.Errorf("ParseState gives %+v, %v, want %+v", parsed, err, vector)
	}
	if StateLen > 40 {
		t.Errorf("StateLen is %d: 40 at most fits a STATE of 108 bytes", StateLen)
	}
}

func TestState_HashIsFNVOfTheBytes(t *testing.T) {
	sum := fnv.New64a()
	sum.Write(vector.Append(nil))
	if got := vector.Hash(); got != sum.Sum64() {
		t.Errorf("Hash is %x, want %x", got, sum.Sum64())
	}
}

func TestParseState_RefusesImpossibleStates(t *testing.T) {
	flying := rally(Ball{X: 400 * One, Y: 300 * One, VX: 6 * One, VY: One})
	resting := New(DefaultRules(), 7)
	with := func(s State, change func(*State)) State {
		change(&s)
		return s
	}
	over := func(s *State) { s.Phase, s.Winner = Over, 1 }
	tests := []struct {
		name  string
		state State
		want  error
	}{
		{"rally", flying, nil},
		{"rest", resting, nil},
		{"over", with(resting, over), nil},
		{"rally in a pause", with(flying, func(s *State) { s.Phase = Waiting }), nil},
		{"at the edge, resting", with(resting, func(s *State) { s.Ball.X = -BallSize - MaxSpeed }), nil},
		{"full speed", with(flying, func(s *State) { s.Ball.VX, s.Ball.VY = MaxSpeed, 0 }), nil},

		{"unknown phase", with(resting, func(s *State) { s.Phase = Over + 1 }), errPhase},
		{"timer while waiting", with(resting, func(s *State) { s.Timer = 1 }), errTimer},
		{"timer in a rally", with(flying, func(s *State) { s.Timer = 1 }), errTimer},
		{"countdown at its end", with(resting, func(s *State) { s.Phase = Countdown }), errTimer},
		{"countdown too long", with(resting, func(s *State) { s.Phase, s.Timer = Countdown, 181 }), errTimer},
		{"scored at its end", with(resting, func(s *State) { s.Phase = Scored }), errTimer},
		{"scored too long", with(resting, func(s *State) { s.Phase, s.Timer = Scored, 61 }), errTimer},
		{"left paddle above", with(resting, func(s *State) { s.Paddle[0] = -1 }), errPaddle},
		{"left paddle below", with(resting, func(s *State) { s.Paddle[0] = 500*One + 1 }), errPaddle},
		{"right paddle above", with(resting, func(s *State) { s.Paddle[1] = -1 }), errPaddle},
		{"right paddle below", with(resting, func(s *State) { s.Paddle[1] = 500*One + 1 }), errPaddle},
		{"ball above", with(resting, func(s *State) { s.Ball.Y = -1 }), errBall},
		{"ball below", with(resting, func(s *State) { s.Ball.Y = 590*One + 1 }), errBall},
		{"ball far left", with(resting, func(s *State) { s.Ball.X = -22*One - 1 }), errBall},
		{"ball far right", with(resting, func(s *State) { s.Ball.X = 812*One + 1 }), errBall},
		{"flying ball outside left", with(flying, func(s *State) { s.Ball.X = -10*One - 1 }), errBall},
		{"flying ball outside right", with(flying, func(s *State) { s.Ball.X = 800*One + 1 }), errBall},
		{"too fast across", with(flying, func(s *State) { s.Ball.VX, s.Ball.VY = -MaxSpeed-1, 0 }), errSpeed},
		{"too fast altogether", with(flying, func(s *State) { s.Ball.VX, s.Ball.VY = 9*One, 9*One }), errSpeed},
		{"fastest the bytes can say", with(flying, func(s *State) { s.Ball.VX, s.Ball.VY = -1<<15, -1<<15 }), errSpeed},
		{"too slow", with(flying, func(s *State) { s.Ball.VX = 1 }), errSpeed},
		{"up and down only", with(resting, func(s *State) { s.Ball.VY = 1 }), errSpeed},
		{"rally without a ball", with(flying, func(s *State) { s.Ball.VX, s.Ball.VY = 0, 0 }), errRally},
		{"scored with a ball", with(flying, func(s *State) { s.Phase, s.Timer = Scored, 1 }), errRally},
		{"over with a ball", with(flying, over), errRally},
		{"serve to nobody", with(resting, func(s *State) { s.ServeTo = 2 }), errServeTo},
		{"serve before a pause", with(resting, func(s *State) { s.Serve = 1 }), nil},
		{"serve in a rally", with(flying, func(s *State) { s.Serve = 1 }), errServe},
		{"serve in the pause of a rally", with(flying, func(s *State) { s.Phase, s.Serve = Waiting, 1 }), errServe},
		{"serve after a game", with(resting, func(s *State) { over(s); s.Serve = 1 }), errServe},
		{"winner too early", with(resting, func(s *State) { s.Winner = 1 }), errWinner},
		{"over without a winner", with(resting, func(s *State) { s.Phase = Over }), errWinner},
		{"third winner", with(resting, func(s *State) { s.Phase, s.Winner = Over, 3 }), errWinner},
	}
	for _, test := range tests {
		got, err := ParseState(test.state.Append(nil))
		if err != test.want {
			t.Errorf("%s: error %v, want %v", test.name, err, test.want)
		}
		if err == nil && got != test.state || err != nil && got != (State{}) {
			t.Errorf("%s: got %+v", test.name, got)
		}
	}
	for _, n := range []int{0, 1, StateLen - 1, StateLen + 1} {
		if _, err := ParseState(make([]byte, n)); err != errStateLen {
			t.Errorf("%d bytes: error %v, want %v", n, err, errStateLen)
		}
	}
}

func FuzzParseState(f *testing.F) {
	f.Add(vector.Append(nil))
	f.Add(New(DefaultRules(), 7).Append(nil))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ParseState(b)
		if err != nil {
			return
		}
		if got := s.Append(nil); !bytes.Equal(got, b) {
			t.Fatalf("%x parses as %+v, which is written as %x", b, s, got)
		}
	})
}

func BenchmarkParseState(b *testing.B) {
	room := vector.Append(nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseState(room); err != nil {
			b.Fatal(err)
		}
	}
}
