package trust

import (
	"path/filepath"
	"testing"
	"time"
)

// FuzzPinsEdit moves and forgets the first server of any valid file, and expects all other pins to stay as they are.
func FuzzPinsEdit(f *testing.F) {
	f.Add([]byte("# comment\r\n\r\n  a.example:5555 "+abcString+" 2026-11-23\r\n#\n[::1]:1 "+abcBase64+" 2026-11-23"),
		true)
	f.Add([]byte("A.example "+abcHex+" 2000-02-29"), false)
	f.Fuzz(func(t *testing.T, text []byte, move bool) {
		before, err := ParsePins(text)
		if err != nil || len(before) == 0 {
			return
		}
		p := NewPins(filepath.Join(t.TempDir(), "pins"))
		write(t, p.path, text, 0o600)
		want := before[1:]
		if move {
			moved := Pin{before[0].Address, Fingerprint{9}, time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC)}
			err = p.edit(moved.Address, &moved)
			want = append([]Pin{moved}, want...)
		} else {
			_, err = p.Forget(before[0].Address)
		}
		if err != nil {
			t.Fatal(err)
		}
		after, err := p.List()
		if err != nil || len(after) != len(want) {
			t.Fatalf("%q becomes %q: %v, %v", text, read(t, p.path), after, err)
		}
		for i := range want {
			if after[i] != want[i] {
				t.Fatalf("%q becomes %q: pin %d is %v, want %v", text, read(t, p.path), i, after[i], want[i])
			}
		}
	})
}
