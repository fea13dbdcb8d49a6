package wire

import (
	"testing"

	"pong/internal/game"
	"pong/netcode"
)

func TestDatagram_ParseAndAppendAllocateNothing(t *testing.T) {
	room := make([]byte, 0, 100)
	var runs [MaxRuns]run
	var st State
	register := AppendRegister(nil, stamp, Register{PlayerID: 1, Token: token})
	input := AppendInput(nil, stamp, Input{Newest: 100, Runs: inputRuns})
	state := AppendState(nil, stamp, &fullState)
	ping := AppendPing(nil, stamp)
	for name, f := range map[string]func() error{
		"append REGISTER": func() error {
			AppendRegister(room, stamp,
				Register{PlayerID: 1, Token: token})
			return nil
		},
		"append INPUT": func() error { AppendInput(room, stamp, Input{Newest: 100, Runs: inputRuns}); return nil },
		"append STATE": func() error { AppendState(room, stamp, &fullState); return nil },
		"append PING":  func() error { AppendPing(room, stamp); return nil },
		"parse REGISTER": func() error {
			_, err := ParseType(register)
			_, _ = ParseRegister(register), ParseStamp(register)
			return err
		},
		"parse INPUT": func() error {
			_, err := ParseInput(input, runs[:0])
			return err
		},
		"parse STATE": func() error { return ParseState(state, &st) },
		"parse PING": func() error {
			_, err := ParseType(ping)
			_ = ParseStamp(ping)
			return err
		},
	} {
		if n := testing.AllocsPerRun(100, func() {
			if err := f(); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}); n != 0 {
			t.Errorf("%s allocates %v times, want 0", name, n)
		}
	}
}

func BenchmarkAppendState(b *testing.B) {
	room := make([]byte, 0, StateLen)
	b.ReportAllocs()
	for b.Loop() {
		AppendState(room, stamp, &fullState)
	}
}

func BenchmarkParseState(b *testing.B) {
	plain := AppendState(nil, stamp, &fullState)
	var st State
	b.ReportAllocs()
	for b.Loop() {
		if err := ParseState(plain, &st); err != nil {
			b.Fatal(err)
		}
	}
}

// benchInput is the largest INPUT: a key is pressed and released again and again while nothing is acknowledged.
func benchInput() Input {
	var log netcode.InputLog[game.Input]
	for t := range netcode.Tick(200) {
		log.Put(t, game.Input(t/8%3))
	}
	return Input{Newest: log.Newest(), Runs: log.AppendRuns(make([]run, 0, MaxRuns), LongestRun)}
}

func BenchmarkAppendInput(b *testing.B) {
	in, room := benchInput(), make([]byte, 0, InputLen)
	b.ReportAllocs()
	for b.Loop() {
		AppendInput(room, stamp, in)
	}
}

func BenchmarkParseInput(b *testing.B) {
	plain := AppendInput(nil, stamp, benchInput())
	var runs [MaxRuns]run
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseInput(plain, runs[:0]); err != nil {
			b.Fatal(err)
		}
	}
}
