package wire

import (
	"encoding/hex"
	"errors"
	"testing"

	"pong/netcode"
)

var (
	stamp    = netcode.Stamp{TS: 0x01020304, Echo: 0x05060708, Hold: 0x090a0b0c}
	stampHex = "0102030405060708090a0b0c"
	token    = [TokenLen]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
)

// types repeats the properties of each type by hand.
var types = []struct {
	kind     Type
	length   int
	up, down bool
}{
	{TypeRegister, 30, true, false},
	{TypeInput, 33, true, false},
	{TypeState, 77, false, true},
	{TypePing, 13, true, true},
	{TypeChallenge, 21, false, true},
	{TypeResponse, 21, true, false},
}

func TestType_LengthsAndDirections(t *testing.T) {
	known := make(map[Type]bool)
	for _, c := range types {
		known[c.kind] = true
		if got := c.kind.Length(); got != c.length {
			t.Errorf("type %d has %d bytes, want %d", c.kind, got, c.length)
		}
		if c.kind.Upward() != c.up || c.kind.Downward() != c.down {
			t.Errorf("type %d: up %v, down %v; want %v, %v", c.kind, c.kind.Upward(), c.kind.Downward(), c.up, c.down)
		}
		for n := range 100 {
			plain := make([]byte, n)
			if n > 0 {
				plain[0] = byte(c.kind)
			}
			got, err := ParseType(plain)
			if ok := n == c.length; ok != (err == nil) || ok && got != c.kind {
				t.Errorf("type %d of %d bytes is parsed as %d, %v", c.kind, n, got, err)
			}
		}
	}
	for k := range 256 {
		kind := Type(k)
		if known[kind] {
			continue
		}
		if kind.Length() != 0 || kind.Upward() || kind.Downward() {
			t.Errorf("type %d is unknown and has length %d, up %v, down %v", k, kind.Length(), kind.Upward(),
				kind.Downward())
		}
		for _, n := range []int{1, 13, 21, 30, 33, 68, 1171} {
			plain := make([]byte, n)
			plain[0] = byte(k)
			if _, err := ParseType(plain); !errors.Is(err, ErrDatagram) {
				t.Errorf("type %d of %d bytes: error %v, want %v", k, n, err, ErrDatagram)
			}
		}
	}
	if _, err := ParseType(nil); !errors.Is(err, ErrDatagram) {
		t.Errorf("an empty plaintext: error %v, want %v", err, ErrDatagram)
	}
}

// wantBytes checks the bytes that an Append function appends, and that it keeps the bytes before them.
func wantBytes(t *testing.T, name string, appendTo func(dst []byte) []byte, want string) []byte {
	t.Helper()
	got := appendTo([]byte("before"))
	if string(got[:6]) != "before" {
		t.Fatalf("%s overwrites what was there: %q", name, got)
	}
	got = got[6:]
	if hex.EncodeToString(got) != want {
		t.Fatalf("%s is\n%x, want\n%s", name, got, want)
	}
	if _, err := ParseType(got); err != nil {
		t.Fatalf("%s is not a datagram: %v", name, err)
	}
	if s := ParseStamp(got); s != stamp {
		t.Fatalf("%s has the stamp %+v, want %+v", name, s, stamp)
	}
	return got
}

func TestRegister_Bytes(t *testing.T) {
	want := Register{PlayerID: 2, Token: token}
	plain := wantBytes(t, "REGISTER", func(dst []byte) []byte { return AppendRegister(dst, stamp, want) },
		"01"+stampHex+"02"+"000102030405060708090a0b0c0d0e0f")
	if got := ParseRegister(plain); got != want {
		t.Errorf("REGISTER is parsed as %+v, want %+v", got, want)
	}
}

func TestPing_Bytes(t *testing.T) {
	wantBytes(t, "PING", func(dst []byte) []byte { return AppendPing(dst, stamp) }, "04"+stampHex)
}

func TestChallenge_Bytes(t *testing.T) {
	data := [8]byte{0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7}
	for _, plain := range [][]byte{
		wantBytes(t, "CHALLENGE", func(dst []byte) []byte { return AppendChallenge(dst, stamp, data) },
			"05"+stampHex+"c0c1c2c3c4c5c6c7"),
		wantBytes(t, "RESPONSE", func(dst []byte) []byte { return AppendResponse(dst, stamp, data) },
			"06"+stampHex+"c0c1c2c3c4c5c6c7"),
	} {
		if got := ParseChallenge(plain); got != data {
			t.Errorf("the bytes of type %d are %x, want %x", plain[0], got, data)
		}
	}
}

// FuzzParseType treats a plaintext as a receiver does: if it can be parsed, encoding it again must give the same bytes.
func FuzzParseType(f *testing.F) {
	f.Add(AppendRegister(nil, stamp, Register{PlayerID: 1, Token: token}))
	f.Add(AppendInput(nil, stamp, Input{Newest: 9, Runs: inputRuns}))
	f.Add(AppendState(nil, stamp, &fullState))
	f.Add(AppendPing(nil, stamp))
	f.Add(AppendChallenge(nil, stamp, [8]byte{1}))
	f.Add(AppendResponse(nil, stamp, [8]byte{2}))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, plain []byte) {
		kind, err := ParseType(plain)
		if err != nil {
			if !errors.Is(err, ErrDatagram) {
				t.Errorf("%x: error %v, want %v", plain, err, ErrDatagram)
			}
			return
		}
		if !kind.Upward() && !kind.Downward() {
			t.Errorf("type %d goes no way", kind)
		}
		if again, err := rewrite(kind, plain); err == nil && string(again) != string(plain) {
			t.Errorf("type %d: written again as\n%x, was\n%x", kind, again, plain)
		} else if err != nil && !errors.Is(err, ErrDatagram) {
			t.Errorf("type %d: error %v, want %v", kind, err, ErrDatagram)
		}
	})
}

// rewrite parses a plaintext and appends it again.
func rewrite(kind Type, plain []byte) ([]byte, error) {
	s := ParseStamp(plain)
	switch kind {
	case TypeRegister:
		return AppendRegister(nil, s, ParseRegister(plain)), nil
	case TypeInput:
		in, err := ParseInput(plain, nil)
		if err != nil {
			return nil, err
		}
		return AppendInput(nil, s, in), nil
	case TypeState:
		var st State
		if err := ParseState(plain, &st); err != nil {
			return nil, err
		}
		return AppendState(nil, s, &st), nil
	case TypeChallenge:
		return AppendChallenge(nil, s, ParseChallenge(plain)), nil
	case TypeResponse:
		return AppendResponse(nil, s, ParseChallenge(plain)), nil
	}
	return AppendPing(nil, s), nil
}

// A STATE carries the inputs of 24 ticks, so there must be one every 15.
func TestCheckStateRate(t *testing.T) {
	for rate, good := range map[int]bool{
		20: true, 60: true, 30: true, 4: true, 3: false, 1: false, 0: false, -20: false, 25: false, 120: false,
	} {
		if err := CheckStateRate(rate); (err == nil) != good {
			t.Errorf("%d STATEs a second: %v, want accepted: %v", rate, err, good)
		}
	}
}
