package wire_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// A codec turns the fields of an example into bytes, and back.
type codec struct {
	encode func(*testing.T, fields) []byte
	decode func(*testing.T, []byte) fields
}

var codecs = map[string]codec{
	"REGISTER":   {encodeRegister, decodeRegister},
	"INPUT":      {encodeInput, decodeInput},
	"STATE":      {encodeState, decodeState},
	"PING":       {encodePing, decodeStamp},
	"CHALLENGE":  {encodeChallenge, decodeChallenge},
	"RESPONSE":   {encodeResponse, decodeChallenge},
	"game-state": {encodeGame, decodeGame},
}

func (c codec) check(t *testing.T, lines []string) {
	for _, f := range groups(lines) {
		want := f.bytes(t, "hex")
		if got := c.encode(t, f); !bytes.Equal(got, want) {
			t.Errorf("the fields are encoded as\n%x, the document says\n%x", got, want)
		}
		delete(f, "hex")
		if got := c.decode(t, want); !reflect.DeepEqual(got, f) {
			t.Errorf("the bytes are decoded as\n%v, the document says\n%v", got, f)
		}
	}
}

func (f fields) stamp(t *testing.T) netcode.Stamp {
	return netcode.Stamp{TS: uint32(f.int(t, "ts")), Echo: uint32(f.int(t, "echo")), Hold: uint32(f.int(t, "hold"))}
}

func decodeStamp(t *testing.T, plain []byte) fields {
	t.Helper()
	if _, err := wire.ParseType(plain); err != nil {
		t.Fatal(err)
	}
	f, s := fields{}, wire.ParseStamp(plain)
	f.set("ts", s.TS)
	f.set("echo", s.Echo)
	f.set("hold", s.Hold)
	return f
}

func encodePing(t *testing.T, f fields) []byte { return wire.AppendPing(nil, f.stamp(t)) }

func encodeRegister(t *testing.T, f fields) []byte {
	return wire.AppendRegister(nil, f.stamp(t), wire.Register{
		PlayerID: uint8(f.int(t, "player_id")), Token: [wire.TokenLen]byte(f.bytes(t, "token")),
	})
}

func decodeRegister(t *testing.T, plain []byte) fields {
	f, r := decodeStamp(t, plain), wire.ParseRegister(plain)
	f.set("player_id", r.PlayerID)
	f["token"] = hex.EncodeToString(r.Token[:])
	return f
}

func encodeChallenge(t *testing.T, f fields) []byte {
	return wire.AppendChallenge(nil, f.stamp(t), [8]byte(f.bytes(t, "data")))
}

func encodeResponse(t *testing.T, f fields) []byte {
	return wire.AppendResponse(nil, f.stamp(t), [8]byte(f.bytes(t, "data")))
}

func decodeChallenge(t *testing.T, plain []byte) fields {
	f, data := decodeStamp(t, plain), wire.ParseChallenge(plain)
	f["data"] = hex.EncodeToString(data[:])
	return f
}

func encodeInput(t *testing.T, f fields) []byte {
	in := wire.Input{Newest: netcode.Tick(f.int(t, "newest"))}
	for pair := range slices.Chunk(f.ints(t, "runs", -1), 2) {
		in.Runs = append(in.Runs, netcode.Run[game.Input]{Input: game.Input(pair[0]), N: int(pair[1])})
	}
	return wire.AppendInput(nil, f.stamp(t), in)
}

func decodeInput(t *testing.T, plain []byte) fields {
	f := decodeStamp(t, plain)
	in, err := wire.ParseInput(plain, nil)
	if err != nil {
		t.Fatal(err)
	}
	var runs []string
	for _, r := range in.Runs {
		runs = append(runs, fmt.Sprintf("%d*%d", r.Input, r.N))
	}
	f.set("newest", in.Newest)
	f["runs"] = strings.Join(runs, " ")
	return f
}

func (f fields) game(t *testing.T) game.State {
	score, paddle, ball := f.ints(t, "score", 2), f.ints(t, "paddle", 2), f.ints(t, "ball", 4)
	return game.State{
		Tick: uint32(f.int(t, "tick")), Phase: game.Phase(f.int(t, "phase")), Timer: uint16(f.int(t, "timer")),
		Round: uint16(f.int(t, "round")), Score: [2]uint16{uint16(score[0]), uint16(score[1])},
		Paddle: [2]game.Fixed{game.Fixed(paddle[0]), game.Fixed(paddle[1])},
		Ball: game.Ball{X: game.Fixed(ball[0]), Y: game.Fixed(ball[1]), VX: game.Fixed(ball[2]),
			VY: game.Fixed(ball[3])},
		Hits: uint16(f.int(t, "hits")), Walls: uint8(f.int(t, "walls")), ServeTo: uint8(f.int(t, "serve_to")),
		Serve: uint32(f.int(t, "serve")), Winner: uint8(f.int(t, "winner")),
	}
}

func (f fields) setGame(s game.State) {
	f.set("tick", s.Tick)
	f.set("phase", s.Phase)
	f.set("timer", s.Timer)
	f.set("round", s.Round)
	f.set("score", s.Score[0], s.Score[1])
	f.set("paddle", s.Paddle[0], s.Paddle[1])
	f.set("ball", s.Ball.X, s.Ball.Y, s.Ball.VX, s.Ball.VY)
	f.set("hits", s.Hits)
	f.set("walls", s.Walls)
	f.set("serve_to", s.ServeTo)
	f.set("serve", s.Serve)
	f.set("winner", s.Winner)
}

func encodeGame(t *testing.T, f fields) []byte { return f.game(t).Append(nil) }

func decodeGame(t *testing.T, b []byte) fields {
	s, err := game.ParseState(b)
	if err != nil {
		t.Fatal(err)
	}
	f := fields{}
	f.setGame(s)
	return f
}

func encodeState(t *testing.T, f fields) []byte {
	st := wire.State{Reason: wire.Reason(f.int(t, "reason")), Game: f.game(t)}
	for i, acked := range f.ints(t, "acked", 2) {
		st.Acked[i] = netcode.Tick(acked)
	}
	for i, pair := range f.ints(t, "applied", wire.HistoryLen) {
		st.Applied[i] = game.Inputs{game.Input(pair / 10), game.Input(pair % 10)}
	}
	seats, rematch, pauses := f.ints(t, "seats", 2), f.ints(t, "rematch", 2), f.ints(t, "pauses", 2)
	st.Standing = wire.Standing{
		Lineup: uint8(f.int(t, "lineup")), Game: uint8(f.int(t, "game")), Player: uint8(f.int(t, "player_id")),
		Seats:   [2]wire.SeatStatus{wire.SeatStatus(seats[0]), wire.SeatStatus(seats[1])},
		Rematch: [2]bool{rematch[0] == 1, rematch[1] == 1}, PauseLeft: [2]uint8{uint8(pauses[0]), uint8(pauses[1])},
	}
	st.Margin = wire.Margin{
		Valid: true, Min: float64(f.int(t, "least")) / 8, Base: float64(f.int(t, "base")) / 8,
		Missed: int(f.int(t, "missed")), TailMS: int(f.int(t, "tail_ms")), Loss: float64(f.int(t, "loss")) / 255,
	}
	for _, in := range f.ints(t, "ahead", -1) {
		st.Ahead.Inputs[st.Ahead.N] = game.Input(in)
		st.Ahead.N++
	}
	return wire.AppendState(nil, f.stamp(t), &st)
}

func decodeState(t *testing.T, plain []byte) fields {
	f := decodeStamp(t, plain)
	var st wire.State
	if err := wire.ParseState(plain, &st); err != nil {
		t.Fatal(err)
	}
	var applied []string
	for _, in := range st.Applied {
		applied = append(applied, fmt.Sprintf("%d%d", in[0], in[1]))
	}
	f.set("reason", st.Reason)
	f.set("pauses", st.Standing.PauseLeft[0], st.Standing.PauseLeft[1])
	f.setGame(st.Game)
	f.set("acked", st.Acked[0], st.Acked[1])
	f["applied"] = strings.Join(applied, " ")
	number := map[bool]int{true: 1}
	f.set("lineup", st.Standing.Lineup)
	f.set("game", st.Standing.Game)
	f.set("seats", st.Standing.Seats[0], st.Standing.Seats[1])
	f.set("rematch", number[st.Standing.Rematch[0]], number[st.Standing.Rematch[1]])
	f.set("player_id", st.Standing.Player)
	f.set("least", math.Round(st.Margin.Min*8))
	f.set("base", math.Round(st.Margin.Base*8))
	f.set("missed", st.Margin.Missed)
	f.set("tail_ms", st.Margin.TailMS)
	f.set("loss", math.Round(st.Margin.Loss*255))
	var ahead []string
	for _, in := range st.Ahead.Inputs[:st.Ahead.N] {
		ahead = append(ahead, fmt.Sprint(in))
	}
	f["ahead"] = strings.Join(ahead, " ")
	return f
}
