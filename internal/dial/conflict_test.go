package dial_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pong/internal/dial"
	"pong/internal/trust"
	"pong/internal/wire"
)

// A named transport reaches a server under a name, whatever its address is.
type named struct {
	dial.System
	address string
}

func (n named) Resolve(context.Context, string) ([]string, error) { return []string{n.address}, nil }

// TestDial_LinkAndPinDiffer joins with a link while another server is pinned for the address. At a public name the
// person decides, once, and a yes replaces the pin. At a local address the link decides, and a report says so.
func TestDial_LinkAndPinDiffer(t *testing.T) {
	for name, test := range map[string]struct {
		host          string
		ask, yes      bool
		joins, report bool
		questions     int
	}{
		"nobody to ask": {host: "pong.example"},
		"no":            {host: "pong.example", ask: true, questions: 1},
		"yes":           {host: "pong.example", ask: true, yes: true, joins: true, questions: 1},
		"at an address": {host: "203.0.113.7", ask: true, questions: 1},
		"in a house":    {host: "192.168.1.20", ask: true, joins: true, report: true},
		"a local name":  {host: "nas", joins: true, report: true},
	} {
		t.Run(name, func(t *testing.T) {
			f, other := serveTLS(t, nil, answers(line(welcome()))), newIdentity(t).Fingerprint()
			key, err := trust.ParseFingerprint(f.key())
			if err != nil {
				t.Fatal(err)
			}
			address := test.host + ":5555"
			link := trust.JoinLink{Address: address, Key: key, HasKey: true}.String()
			pins := trust.NewPins(filepath.Join(t.TempDir(), "known_servers"))
			if err := pins.Store(trust.Pin{Address: address, Key: other, Date: time.Now()}); err != nil {
				t.Fatal(err)
			}
			var asked []dial.Question
			var reports []string
			cfg := dial.Config{Address: link, PinFile: pins.Path(), Transport: named{address: f.address}}
			cfg.LinkDecided = func(address string) { reports = append(reports, address) }
			if test.ask {
				cfg.Ask = always(test.yes, &asked)
			}
			for range 2 { // the second time shows what has been stored
				if _, err = join(t, cfg); (err == nil) != test.joins {
					t.Fatalf("joined: %v, want %t", err, test.joins)
				}
			}
			want := other
			if test.yes {
				want = key
			}
			if got, err := pins.Lookup(address); err != nil || *got != want {
				t.Errorf("the pin is %v, %v; want %v", got, err, want)
			}
			if !test.joins && !test.ask {
				refused(t, err, other.String(), f.key(), "\n  pong trust forget "+address)
			}
			if n := test.questions; !test.yes && len(asked) != 2*n || test.yes && len(asked) != n {
				t.Errorf("the questions are %v, want %d until the answer is yes", asked, n)
			}
			for _, q := range asked {
				if q != (dial.Question{Host: address, Fingerprint: f.key(), Known: other.String()}) {
					t.Errorf("the question is %+v, want the server of the link and the known one", q)
				}
			}
			if (len(reports) == 2) != test.report {
				t.Errorf("the reports are %v, want one for each dial: %t", reports, test.report)
			}
			if !test.joins && len(f.received()) > 0 {
				t.Errorf("%d lines were sent to a server that is not trusted", len(f.received()))
			}
		})
	}
}

// TestDial_SeatSecretIsForOneServer joins a server with the note of a process that was killed. Another server at the
// same address does not get the secret.
func TestDial_SeatSecretIsForOneServer(t *testing.T) {
	held := dial.Config{Address: "192.168.1.20", Name: "ada", SeatDir: t.TempDir()}
	one, other := serveTLS(t, nil, answers(line(welcome()))), serveTLS(t, nil, answers(line(welcome())))
	at := func(f *fake, seats string) (resumed bool) {
		t.Helper()
		cfg := held
		cfg.Trust, cfg.Transport, cfg.SeatDir = f.key(), named{address: f.address}, seats
		if _, err := join(t, cfg); err != nil {
			t.Fatal(err)
		}
		for _, m := range f.received() {
			if m.Type == wire.Join {
				resumed = m.Resume == welcome().Resume
			}
		}
		return resumed
	}
	// The note of a killed process is one that nobody has locked.
	killed := func() (seats string) {
		t.Helper()
		seats = t.TempDir()
		notes, err := filepath.Glob(filepath.Join(held.SeatDir, "*-0"))
		if err != nil || len(notes) != 1 {
			t.Fatalf("the notes are %q, %v; want one", notes, err)
		}
		text, err := os.ReadFile(notes[0])
		if err == nil {
			err = os.WriteFile(filepath.Join(seats, filepath.Base(notes[0])), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		return seats
	}
	if at(one, held.SeatDir) {
		t.Error("the first JOIN has a resume secret")
	}
	if at(other, killed()) {
		t.Error("another server at the same address gets the secret of a seat")
	}
	if !at(one, killed()) {
		t.Error("the server of the seat does not get its secret")
	}
}
