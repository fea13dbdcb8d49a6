package front

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pong/internal/trust"
)

// testLink is a join link with a key.
const testLink = "pong://192.168.1.20:5555/#k=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// day returns a day of a month.
func day(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }

// addressesOf returns the addresses of servers.
func addressesOf(all []KnownServer) (addresses []string) {
	for _, k := range all {
		addresses = append(addresses, k.Address)
	}
	return addresses
}

func TestStore_ServersAreListedNewestFirst(t *testing.T) {
	dir := t.TempDir()
	s := Store{Dir: filepath.Join(dir, "pong"), Pins: filepath.Join(dir, "known_servers")}
	if got := s.Servers(); got != nil {
		t.Errorf("the servers of a new player are %v", got)
	}
	for i, address := range []string{testLink, "H.example", "[2001:db8::1]:7", "h.example:5555"} {
		if err := s.KeepServer(address, day(i+1).Add(23*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	pins := trust.NewPins(s.Pins)
	for address, date := range map[string]time.Time{"pinned.example:5555": day(2), "h.example:5555": day(9)} {
		if err := pins.Store(trust.Pin{Address: address, Date: date}); err != nil {
			t.Fatal(err)
		}
	}
	want := []KnownServer{
		{"h.example:5555", day(4)}, {"[2001:db8::1]:7", day(3)}, {"pinned.example:5555", day(2)}, {testLink, day(1)},
	}
	if got := s.Servers(); !slices.Equal(got, want) {
		t.Errorf("the servers are %v, want %v", got, want)
	}
	if found, err := s.ForgetServer("192.168.1.20:5555"); !found || err != nil {
		t.Errorf("forgetting the server of a link: %v, %v", found, err)
	}
	if found, err := s.ForgetServer("192.168.1.20:5555"); found || err != nil {
		t.Errorf("forgetting it again: %v, %v", found, err)
	}
	if got := addressesOf(s.Servers()); slices.Contains(got, testLink) || len(got) != 3 {
		t.Errorf("after one of four was forgotten the servers are %v", got)
	}
}

func TestStore_ServersAreLimited(t *testing.T) {
	s := Store{Dir: t.TempDir()}
	host := strings.Repeat(strings.Repeat("h", 62)+".", 3) + strings.Repeat("h", 59)
	for i := range 2 * mostServers {
		link := "pong://" + string(rune('a'+i)) + host + ":55555/" + testLink[strings.Index(testLink, "#"):]
		if err := s.KeepServer(link, day(1)); err != nil {
			t.Fatal(err)
		}
	}
	all := s.Servers()
	if len(all) != mostServers || !strings.HasPrefix(all[0].Address, "pong://"+string(rune('a'+2*mostServers-1))) {
		t.Errorf("%d servers, first %s; want the newest %d", len(all), all[0].Address, mostServers)
	}
}

func TestStore_SpoiledServersAreNoError(t *testing.T) {
	s := Store{Dir: t.TempDir()}
	if err := os.WriteFile(filepath.Join(s.Dir, "servers"),
		[]byte("yesterday h\n2026-11-23\n2026-11-23 what is this\n\n2026-11-23 h:7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := addressesOf(s.Servers()); !slices.Equal(got, []string{"h:7"}) {
		t.Errorf("the servers are %v, want h:7", got)
	}
	if err := (Store{}).KeepServer("h", day(1)); err != nil || (Store{}).Servers() != nil {
		t.Errorf("a store without a directory returns %v and %v", err, (Store{}).Servers())
	}
}

// knows returns a Config whose person has used servers.
func knows(addresses ...string) Config {
	return Config{Servers: func() (all []KnownServer) {
		for _, address := range addresses {
			all = append(all, KnownServer{address, day(23)})
		}
		return all
	}}
}

func TestFlow_UsedServersCanBeChosen(t *testing.T) {
	for name, test := range map[string]struct {
		inputs []Input
		want   string
	}{
		"nothing":        {nil, "localhost"},
		"down":           {[]Input{{Actions: Down}}, testLink},
		"down twice":     {[]Input{{Actions: Down}, {Actions: Down}}, "h.example:7"},
		"round":          {[]Input{{Actions: Down}, {Actions: Down}, {Actions: Down}}, "localhost"},
		"up":             {[]Input{{Actions: Up}}, "h.example:7"},
		"down, up":       {[]Input{{Actions: Down}, {Actions: Up}}, "localhost"},
		"down, typed":    {[]Input{{Actions: Down}, {Text: "other"}}, "other"},
		"typed, down":    {[]Input{{Text: "other"}, {Actions: Down}}, testLink},
		"typed, round":   {[]Input{{Text: "other"}, {Actions: Down}, {Actions: Up}}, "other"},
		"down, erased":   {[]Input{{Text: "other"}, {Actions: Down}, {Actions: Erase}}, "localhost"},
		"row not there":  {[]Input{{Row: 3}}, "localhost"},
		"down, no input": {[]Input{{Actions: Down}, {}}, testLink},
	} {
		t.Run(name, func(t *testing.T) {
			try(t, knows(testLink, "h.example:7"), func(p *person) {
				for _, in := range test.inputs {
					p.do(in)
				}
				c := p.screen().Card
				shown := Server(c.Field.Placeholder)
				if c.Field.Text != "" {
					shown = c.Field.Text
				}
				if shown != Server(test.want) && shown != test.want {
					t.Errorf("the line shows %q, and Enter takes %q", shown, test.want)
				}
				p.press(Enter)
				if p.want(CardMenu); p.flow.want.Address != test.want {
					t.Errorf("Enter connects to %s, want %s", p.flow.want.Address, test.want)
				}
			})
		})
	}
	try(t, knows(testLink, "h.example:7"), func(p *person) {
		if s := p.says(); !strings.Contains(s, "192.168.1.20:5555 | last used on 2026-11-23 | h.example:7") ||
			strings.Contains(s, "#k=") {
			t.Errorf("the page says %s, want both servers without their keys", s)
		}
		p.do(Input{Row: 2}) // a click
		if p.want(CardMenu); p.flow.want.Address != "h.example:7" {
			t.Errorf("a click connects to %s", p.flow.want.Address)
		}
		p.press(Back)
		p.want(CardAddress)
		if c := p.screen().Card; c.At != 1 {
			t.Errorf("back at the address row %d is marked, want 1, from which the person comes", c.At)
		}
	})
}

// TestFlow_ConnectConnects has no menu for a server that does not answer.
func TestFlow_ConnectConnects(t *testing.T) {
	try(t, Config{}, func(p *person) {
		p.err = os.ErrDeadlineExceeded
		p.write("h")
		p.press(Enter)
		if p.want(CardFailed); p.lists != 1 || p.dials != nil {
			t.Errorf("Connect has asked for %d lists and joined %v, want one list", p.lists, p.dials)
		}
		p.err = nil
		p.press(Again)
		if p.want(CardMenu); p.lists != 2 || p.dials != nil {
			t.Errorf("Try again has asked for %d lists in all and joined %v, want two", p.lists, p.dials)
		}
	})
}

// TestStore_KeepsLongLinks: the file of ten servers with the longest links can be read again.
func TestStore_KeepsLongLinks(t *testing.T) {
	store := Store{Dir: t.TempDir()}
	long := strings.Repeat(strings.Repeat("a", 62)+".", 4)[:249] + ".b"
	for i := range mostServers {
		l := trust.JoinLink{Address: fmt.Sprintf("%d%s:5555", i, long), Key: trust.Fingerprint{1}, HasKey: true}
		l = l.WithFurther([]string{"b" + long + ":1", "c" + long + ":1", "d" + long + ":1", "e" + long + ":1"})
		if err := store.KeepServer(l.String(), time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if got := store.Servers(); len(got) != mostServers {
		t.Errorf("%d servers are kept, want %d", len(got), mostServers)
	}
	const short = "pong://192.168.1.20:5555/#k=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8&also=[2001:db8::7]:5555"
	if err := store.KeepServer(short, time.Now()); err != nil || store.Servers()[0].Address != short {
		t.Errorf("kept %q, error %v; want %q", store.Servers()[0].Address, err, short)
	}
}
