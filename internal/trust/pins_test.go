package trust

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

var pinTime = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

// newPins returns pins in a file of the test that does not exist yet.
func newPins(t testing.TB) *Pins {
	t.Helper()
	return NewPins(filepath.Join(t.TempDir(), "new", "known_servers"))
}

// store stores a pin.
func store(t testing.TB, p *Pins, address string, key Fingerprint) {
	t.Helper()
	if err := p.Store(Pin{Address: address, Key: key, Date: pinTime}); err != nil {
		t.Fatalf("store %s: %v", address, err)
	}
}

// wantPin expects an address to have a pin, or no pin if key is nil.
func wantPin(t testing.TB, p *Pins, address string, key *Fingerprint) {
	t.Helper()
	got, err := p.Lookup(address)
	if err != nil || (got == nil) != (key == nil) || got != nil && *got != *key {
		t.Errorf("%s: pin %v, error %v; want %v", address, got, err, key)
	}
}

func TestPins_StoreAndForget(t *testing.T) {
	a, b := Fingerprint{1}, Fingerprint{2}
	p := newPins(t)
	wantPin(t, p, "a.example:5555", nil)
	store(t, p, "a.example:5555", a)
	store(t, p, "[::1]:7000", b)
	store(t, p, "a.example:5555", a) // again, which changes nothing
	wantPin(t, p, "a.example:5555", &a)
	wantPin(t, p, "A.Example.:5555", &a) // another spelling does not evade a pin
	wantPin(t, p, "[0::1]:7000", &b)
	wantPin(t, p, "[::1]:5555", nil) // another port, another server
	if pins, err := p.List(); err != nil || len(pins) != 2 || pins[0] != (Pin{"a.example:5555", a, pinTime}) {
		t.Errorf("list: %v, error %v", pins, err)
	}
	wantMode(t, p.path, 0o600)
	if found, err := p.Forget("A.example:5555"); !found || err != nil {
		t.Errorf("forget: %t, %v", found, err)
	}
	if found, err := p.Forget("a.example:5555"); found || err != nil {
		t.Errorf("forget again: %t, %v", found, err)
	}
	wantPin(t, p, "a.example:5555", nil)
	wantPin(t, p, "[::1]:7000", &b)
}

func TestPins_NeverReplaced(t *testing.T) {
	a, b := Fingerprint{1}, Fingerprint{2}
	p := newPins(t)
	store(t, p, "a.example:5555", a)
	if err := p.Store(Pin{Address: "a.example:5555", Key: b, Date: pinTime}); err == nil {
		t.Error("another fingerprint replaced the first")
	}
	wantPin(t, p, "a.example:5555", &a)
}

// Lines that a person has written into the file are kept.
func TestPins_KeepComments(t *testing.T) {
	p := NewPins(filepath.Join(t.TempDir(), "pins"))
	line := func(address string) string { return Pin{address, Fingerprint{7}, pinTime}.String() }
	write(t, p.path, []byte("# mine\r\n\r\n  "+line("a.example:1")+"\r\n# more\n"+line("b.example:1")), 0o600)
	store(t, p, "c.example:1", Fingerprint{8})
	if found, err := p.Forget("a.example:1"); !found || err != nil {
		t.Fatalf("forget: %t, %v", found, err)
	}
	want := "# mine\r\n\r\n# more\n" + line("b.example:1") + "\n" +
		Pin{"c.example:1", Fingerprint{8}, pinTime}.String() + "\n"
	if got := string(read(t, p.path)); got != want {
		t.Errorf("the file holds\n%q, want\n%q", got, want)
	}
}

// Notepad writes a byte order mark, or UTF-16. A pin that is added afterwards must not mix the encodings.
func TestPins_FromEditors(t *testing.T) {
	line := Pin{"a.example:5555", Fingerprint{1}, pinTime}.String() + "\r\n"
	wide := []byte{0xff, 0xfe}
	for _, r := range line {
		wide = append(wide, byte(r), 0)
	}
	for name, text := range map[string][]byte{"UTF-8": []byte("\xef\xbb\xbf" + line), "UTF-16": wide} {
		p := NewPins(filepath.Join(t.TempDir(), "pins"))
		write(t, p.path, text, 0o600)
		wantPin(t, p, "a.example:5555", &Fingerprint{1})
		store(t, p, "b.example:5555", Fingerprint{2})
		wantPin(t, p, "a.example:5555", &Fingerprint{1})
		wantPin(t, p, "b.example:5555", &Fingerprint{2})
		if got := string(read(t, p.path)); !strings.HasPrefix(got, line) {
			t.Errorf("%s: the file begins with %.30q, want the line in UTF-8", name, got)
		}
	}
}

func TestPins_FileErrors(t *testing.T) {
	good := Pin{"a.example:5555", Fingerprint{1}, pinTime}.String()
	f := Fingerprint{1}.String()
	for _, test := range []struct{ name, text, word string }{
		{"two words", "# x\na.example:5555 " + f, "line 2"},
		{"four words", good + " x", "line 1"},
		{"bad fingerprint", "\n\na.example:5555 " + f[1:] + " 2026-11-23", "line 3"},
		{"bad date", "a.example:5555 " + f + " yesterday", "date"},
		{"bad host", "a..example:5555 " + f + " 2026-11-23", "host name"},
		{"bad port", "a.example:0 " + f + " 2026-11-23", "port"},
		{"twice", good + "\n" + good, "line 2: a.example:5555 is already on line 1"},
		{"twice in two spellings", good + "\nA" + good[1:], "line 2: a.example:5555 is already on line 1"},
		{"zeros after a power failure", string(make([]byte, 100)), "line 1"},
	} {
		p := NewPins(filepath.Join(t.TempDir(), "pins"))
		write(t, p.path, []byte(test.text), 0o600)
		wantPinsRefuse(t, test.name, p, test.word)
		if string(read(t, p.path)) != test.text {
			t.Errorf("%s: the file was modified", test.name)
		}
	}
	_, err := os.ReadFile(t.TempDir())
	var reason syscall.Errno // in the words of the system
	if !errors.As(err, &reason) {
		t.Fatalf("read a folder: %v, want an error of the system", err)
	}
	wantPinsRefuse(t, "a folder", NewPins(t.TempDir()), reason.Error())
}

// wantPinsRefuse expects every use of a pin file to fail, in particular a decision.
func wantPinsRefuse(t *testing.T, name string, p *Pins, word string) {
	t.Helper()
	server := newServer(t)
	key := server.Fingerprint()
	_, lookup := p.Lookup("z.example:5555")
	_, forget := p.Forget("z.example:5555")
	verdict, _, decide := p.Decide(day0, "z.example:5555", &key, chainOf(t, server, day0))
	for use, err := range map[string]error{
		"lookup": lookup, "forget": forget, "decide": decide,
		"store": p.Store(Pin{"z.example:5555", key, pinTime}),
	} {
		if err == nil || !strings.Contains(err.Error(), word) || !strings.Contains(err.Error(), p.path) {
			t.Errorf("%s, %s: error %v; want one with %q and the file", name, use, err, word)
		}
	}
	if verdict != Refused {
		t.Errorf("%s: the verdict is %v, want refused", name, verdict)
	}
}

func TestPins_Decide(t *testing.T) {
	server, other := newServer(t), newServer(t)
	key := server.Fingerprint()
	p := newPins(t)
	for name, pins := range map[string]*Pins{"unknown": p, "nil pins": nil} {
		if verdict, got, err := pins.Decide(day0, address, nil, chainOf(t, server, day0)); verdict != Ask ||
			got != key {
			t.Errorf("%s: %v, %v; want ask", name, verdict, err)
		}
	}
	store(t, p, address, key)
	if verdict, _, err := p.Decide(day0, address, nil, chainOf(t, server, day0)); verdict != Trusted {
		t.Errorf("known: %v, %v", verdict, err)
	}
	verdict, _, err := p.Decide(day0, address, nil, chainOf(t, other, day0))
	if verdict != Refused || err == nil || !strings.HasSuffix(err.Error(), "\n  pong trust forget "+address) {
		t.Errorf("changed: %v, %v; want a refusal that ends with the command to forget the pin", verdict, err)
	}
	if found, err := p.Forget(address); !found || err != nil {
		t.Errorf("forget: %t, %v", found, err)
	}
	if verdict, _, err := p.Decide(day0, address, nil, chainOf(t, other, day0)); verdict != Ask {
		t.Errorf("forgotten: %v, %v", verdict, err)
	}
}

func TestDefaultPinFile(t *testing.T) {
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "AppData", "home"} {
		t.Setenv(name, t.TempDir())
	}
	if path, err := DefaultPinFile(); err != nil || filepath.Base(filepath.Dir(path)) != "pong" {
		t.Errorf("the file is %s, error %v", path, err)
	}
}

func FuzzParsePins(f *testing.F) {
	f.Add([]byte("# comment\n\na.example:5555 " + abcString + " 2026-11-23\n"))
	f.Add([]byte("[::1]:1 " + abcBase64 + " 2026-11-23\r\nb:2 " + abcHex + " 2000-02-29"))
	f.Fuzz(func(t *testing.T, text []byte) {
		pins, err := ParsePins(text)
		if err != nil {
			return
		}
		var written strings.Builder
		for _, pin := range pins {
			written.WriteString(pin.String() + "\n")
		}
		again, err := ParsePins([]byte(written.String()))
		if err != nil || len(again) != len(pins) {
			t.Fatalf("%q is written %q, and that has %d pins, error %v", text, written.String(), len(again), err)
		}
		for i := range pins {
			if again[i] != pins[i] {
				t.Fatalf("%+v is written %q and read as %+v", pins[i], pins[i], again[i])
			}
		}
	})
}
