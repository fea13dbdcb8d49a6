package wire

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pong/internal/game"
	"pong/netcode"
)

type run = netcode.Run[game.Input]

var inputRuns = []run{{Input: game.Up, N: 3}, {Input: game.None, N: 4}, {Input: game.Down, N: 1}}

// mustPlain decodes hex, with spaces anywhere.
func mustPlain(t testing.TB, text string) []byte {
	t.Helper()
	plain, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func TestInput_Bytes(t *testing.T) {
	full := make([]run, MaxRuns)
	for i := range full {
		full[i] = run{Input: game.Input(i % 3), N: 8}
	}
	for _, c := range []struct {
		name string
		in   Input
		body string
	}{
		{"runs", Input{0x00012345, inputRuns}, "00012345" + "430481" + strings.Repeat("00", 13)},
		{"nothing new", Input{0x7fffffff, nil}, "7fffffff" + strings.Repeat("00", 16)},
		{"tick 0", Input{0, []run{{Input: game.Down, N: 1}}}, "00000000" + "81" + strings.Repeat("00", 15)},
		{"longest run", Input{62, []run{{Input: game.None, N: 63}}}, "0000003e" + "3f" + strings.Repeat("00", 15)},
		{"all runs, all ticks", Input{127, full}, "0000007f" + "0848880848880848880848880848880" + "8"},
	} {
		plain := wantBytes(t, c.name, func(dst []byte) []byte { return AppendInput(dst, stamp, c.in) },
			"02"+stampHex+c.body)
		got, err := ParseInput(plain, nil)
		if err != nil || got.Newest != c.in.Newest || !slices.Equal(got.Runs, c.in.Runs) {
			t.Errorf("%s: parsed as %+v, %v; want %+v", c.name, got, err, c.in)
		}
	}
}

func TestParseInput_RefusesInvalidRuns(t *testing.T) {
	for name, body := range map[string]string{
		"Away":                         "00000100 c1" + strings.Repeat("00", 15),
		"Up for no tick":               "00000100 40" + strings.Repeat("00", 15),
		"Down for no tick":             "00000100 80" + strings.Repeat("00", 15),
		"Away for no tick":             "00000100 c0" + strings.Repeat("00", 15),
		"a run after the end":          "00000100 0100 01" + strings.Repeat("00", 13),
		"a run in the last byte":       "00000100" + strings.Repeat("00", 15) + "01",
		"all bits":                     "00000100" + strings.Repeat("ff", 16),
		"before tick 0":                "00000000 02" + strings.Repeat("00", 15),
		"far before tick 0":            "0000003d 3f" + strings.Repeat("00", 15),
		"more ticks than kept":         "00001000 3f3f03" + strings.Repeat("00", 13),
		"as many ticks as can be said": "00001000" + strings.Repeat("3f", 16),
		"tick out of range":            "80000000" + strings.Repeat("00", 16),
		"last tick":                    "ffffffff 01" + strings.Repeat("00", 15),
	} {
		plain := mustPlain(t, "02"+stampHex+body)
		if _, err := ParseType(plain); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if in, err := ParseInput(plain, nil); !errors.Is(err, ErrDatagram) || len(in.Runs) != 0 {
			t.Errorf("%s: parsed as %+v, %v; want %v", name, in, err, ErrDatagram)
		}
	}
}

func TestAppendInput_PanicsOnRunsThatDoNotFit(t *testing.T) {
	for name, runs := range map[string][]run{
		"17 runs":  slices.Repeat([]run{{Input: game.None, N: 1}}, MaxRuns+1),
		"64 ticks": {{Input: game.None, N: 64}},
		"no tick":  {{Input: game.Up, N: 0}},
		"backward": {{Input: game.Up, N: -1}},
		"Away":     {{Input: game.Away, N: 1}},
		"unknown":  {{Input: 4, N: 1}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: AppendInput has written it, want a panic", name)
				}
			}()
			AppendInput(nil, stamp, Input{Newest: 200, Runs: runs})
		}()
	}
}

// TestInput_CarriesTheInputsOfALog sends random logs: the server must read the same inputs for the same ticks, and as
// many as fit, newest first.
func TestInput_CarriesTheInputsOfALog(t *testing.T) {
	for seed := range uint64(2000) {
		chance := rand.New(rand.NewPCG(seed, 1))
		var log netcode.InputLog[game.Input]
		told := make(map[netcode.Tick]game.Input)
		tick, steady := netcode.Tick(chance.IntN(300)), 1+chance.IntN(80)
		input := game.None
		for range chance.IntN(300) {
			if chance.IntN(steady) == 0 {
				input = game.Input(chance.IntN(3))
			}
			log.Put(tick, input)
			told[tick] = input
			tick++
			if chance.IntN(40) == 0 {
				log.Ack(tick - netcode.Tick(min(chance.IntN(150), int(tick))))
			}
		}
		var room [MaxRuns]run
		runs := log.AppendRuns(room[:0], LongestRun)
		in, err := ParseInput(AppendInput(nil, stamp, Input{Newest: log.Newest(), Runs: runs}), nil)
		if err != nil {
			t.Fatalf("seed %d: %d runs up to tick %d are refused: %v", seed, len(runs), log.Newest(), err)
		}
		n, at := 0, in.Newest
		for _, r := range in.Runs {
			for range r.N {
				if got := told[at]; got != r.Input {
					t.Fatalf("seed %d: tick %d is told as %d, was %d", seed, at, r.Input, got)
				}
				at--
				n++
			}
		}
		if n != log.Unacknowledged() && len(in.Runs) != MaxRuns {
			t.Fatalf("seed %d: %d of %d inputs in only %d runs", seed, n, log.Unacknowledged(), len(in.Runs))
		}
	}
}

func FuzzParseInput(f *testing.F) {
	body := func(in Input) []byte { return AppendInput(nil, stamp, in)[1+stampLen:] }
	f.Add(body(Input{100, inputRuns}))
	f.Add(body(Input{0, nil}))
	f.Add(body(Input{MaxTick, []run{{Input: game.Down, N: LongestRun}}}))
	f.Add(append(binary.BigEndian.AppendUint32(nil, 500), make([]byte, MaxRuns)...))
	f.Fuzz(func(t *testing.T, body []byte) {
		plain := append(AppendPing(nil, stamp), body...)
		plain[0] = byte(TypeInput)
		if _, err := ParseType(plain); err != nil {
			return
		}
		var room [MaxRuns]run
		in, err := ParseInput(plain, room[:0])
		if err != nil {
			if !errors.Is(err, ErrDatagram) {
				t.Errorf("error %v, want %v", err, ErrDatagram)
			}
			return
		}
		ticks := int64(0)
		for _, r := range in.Runs {
			if r.N < 1 || r.N > LongestRun || r.Input >= game.Away {
				t.Errorf("run %+v came through", r)
			}
			ticks += int64(r.N)
		}
		if in.Newest > MaxTick || ticks > MaxInputs || ticks > int64(in.Newest)+1 || len(in.Runs) > MaxRuns {
			t.Errorf("%d inputs in %d runs up to tick %d came through", ticks, len(in.Runs), in.Newest)
		}
		if again := AppendInput(nil, stamp, in); string(again) != string(plain) {
			t.Errorf("written again as\n%x, was\n%x", again, plain)
		}
	})
}
