package portmap

import (
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// longest is how long a test waits for what takes milliseconds on an idle machine.
const longest = 60 * time.Second

// aWhile is how long answers are waited for in tests in which some do not come.
const aWhile = 4 * time.Second

// begin starts a Mapper at a gateway, and returns it with its first verdict.
func (g *fakeGateway) begin(t *testing.T, cfg Config) (*Mapper, State) {
	t.Helper()
	m := g.launch(t, cfg)
	return m, verdict(t, m)
}

// verdict waits for the first verdict.
func verdict(t *testing.T, m *Mapper) State {
	t.Helper()
	select {
	case <-m.Answered():
	case <-time.After(longest):
		t.Fatalf("no verdict within %v", longest)
	}
	return m.State()
}

// launch starts a Mapper at a gateway.
func (g *fakeGateway) launch(t *testing.T, cfg Config) *Mapper {
	t.Helper()
	if cfg.network = g.network; cfg.network.within == 0 {
		cfg.network.within = longest
	}
	if cfg.Wants == nil {
		cfg.Wants = standardWants()
	}
	m := Start(cfg)
	t.Cleanup(m.Close)
	return m
}

// TestMapper_OpensAndCloses over sockets, by each protocol.
func TestMapper_OpensAndCloses(t *testing.T) {
	for _, p := range []Protocol{PCP, NATPMP, UPnP} {
		t.Run(p.String(), func(t *testing.T) {
			t.Parallel()
			g := newFakeGateway(t, p)
			dir := t.TempDir()
			m, s := g.begin(t, Config{Note: dir})
			all := slices.Equal(s.Outside, []uint16{5555, 5556, 5555})
			if s.Verdict != Mapped || s.Protocol != p || s.External != public || s.Own != loopback || !all {
				t.Errorf("got %+v, want all ports open by %v", s, p)
			}
			if n := g.mappings(); n != 3 {
				t.Errorf("the router has %d mappings, want 3", n)
			}
			if left := readNote(filepath.Join(dir, notePrefix+"a")); len(left) != 3 {
				t.Errorf("the note has %v, want three mappings", left)
			}
			m.Close()
			if n := g.mappings(); n != 0 {
				t.Errorf("after Close the router has %d mappings, want none", n)
			}
			if _, err := os.Stat(filepath.Join(dir, notePrefix+"a")); err == nil {
				t.Error("after Close there is a note")
			}
		})
	}
}

// TestMapper_NothingAnswers: no router, one that is silent, and one that has no public address.
func TestMapper_NothingAnswers(t *testing.T) {
	t.Parallel()
	silent, behindAnother, none := newFakeGateway(t), newFakeGateway(t, NATPMP, UPnP), newFakeGateway(t)
	behindAnother.change(func(r *madeUpRouter) { r.external = behind })
	silent.network.within, behindAnother.network.within = answerWithin, aWhile
	none.network.gateway = func() (netip.Addr, bool) { return netip.Addr{}, false }
	for name, test := range map[string]struct {
		*fakeGateway
		want Verdict
	}{"silent": {silent, Closed}, "shared": {behindAnother, Shared}, "no router": {none, Closed}} {
		m := test.launch(t, Config{})
		defer func() {
			if s := verdict(t, m); s.Verdict != test.want || test.mappings() > 0 {
				t.Errorf("%s: got %+v and %d mappings, want %v and none", name, s, test.mappings(), test.want)
			}
		}()
	}
}

// TestMapper_LostRequestIsRepeated as often as needed.
func TestMapper_LostRequestIsRepeated(t *testing.T) {
	t.Parallel()
	g := newFakeGateway(t, NATPMP)
	g.change(func(*madeUpRouter) { g.lose = 3 })
	if _, s := g.begin(t, Config{}); s.Verdict != Mapped {
		t.Errorf("got %+v, want the ports open", s)
	}
}

// TestMapper_ListensOnWhatIsGranted has the program listen on the port that a shard gets outside.
func TestMapper_ListensOnWhatIsGranted(t *testing.T) {
	t.Parallel()
	g := newFakeGateway(t, NATPMP)
	g.change(func(r *madeUpRouter) { r.others[mapping{udp: true, outside: 5556}] = true })
	bound := make(chan string, mostTries)
	m, s := g.begin(t, Config{Bind: func(want int, port uint16) bool {
		bound <- fmt.Sprint(want, port)
		return true
	}})
	if got := <-bound; s.Verdict != Mapped || s.Outside[1] != 5557 || got != "1 5557" {
		t.Errorf("got %+v, and it listens for %s; want 5557 for the shard", s, got)
	}
	if m.Close(); g.mappings() != 0 {
		t.Errorf("after Close the router has %d mappings", g.mappings())
	}
}

// TestMapper_RemovesWhatAKilledProcessHasLeft, before it opens its own.
func TestMapper_RemovesWhatAKilledProcessHasLeft(t *testing.T) {
	for _, p := range []Protocol{PCP, NATPMP, UPnP} {
		t.Run(p.String(), func(t *testing.T) {
			t.Parallel()
			g := newFakeGateway(t, p)
			dir, copied := t.TempDir(), t.TempDir()
			wants := []Want{{Inside: 7000}, {UDP: true, Inside: 7001, Same: true}}
			first, _ := g.begin(t, Config{Note: dir, Wants: wants})
			if err := os.CopyFS(copied, os.DirFS(dir)); err != nil { // the lock is that of a process that lives
				t.Fatal(err)
			}
			second, _ := g.begin(t, Config{Note: dir})
			if n := g.mappings(); n != 5 {
				t.Errorf("beside a process that lives the router has %d mappings, want 2 and 3", n)
			}
			second.Close()
			elsewhere := []noted{{Protocol: "UPnP", Gateway: gatewayIP, Own: own, Inside: 1, Outside: 2}}
			text := strings.Replace(string(must(os.ReadFile(filepath.Join(copied, notePrefix+"a")))), "[", "["+
				`{"Protocol":"UPnP","Gateway":"192.168.1.1","Own":"192.168.1.20","Inside":1,"Outside":2},`, 1)
			if err := os.WriteFile(filepath.Join(copied, notePrefix+"a"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			third, _ := g.begin(t, Config{Note: copied, Wants: standardWants()})
			if n := g.mappings(); n != 3 {
				t.Errorf("after a process that was killed the router has %d mappings, want the 3 of the new one", n)
			}
			third.Close()
			if left := readNote(filepath.Join(copied, notePrefix+"a")); !slices.Equal(left, elsewhere) {
				t.Errorf("the note has %+v, want what is at another router: %+v", left, elsewhere)
			}
			first.Close()
		})
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// TestUPnP_LeavesOtherMappingsAlone: those to other machines, and those that a person has set up.
func TestUPnP_LeavesOtherMappingsAlone(t *testing.T) {
	t.Parallel()
	g := newFakeGateway(t, UPnP)
	game, control := mapping{udp: true, outside: 5556}, mapping{outside: 5555}
	before := map[mapping]entry{
		game: {"5556", "192.168.1.66", "1", "Pong", "0"}, control: {"5555", "127.0.0.1", "1", "by hand", "0"},
	}
	g.change(func(*madeUpRouter) { g.entries = maps.Clone(before) })
	m, s := g.begin(t, Config{Bind: func(int, uint16) bool { return true }})
	if s.Verdict != Mapped || s.Outside[0] != 5555 || s.Outside[1] < 49152 {
		t.Errorf("got %+v, want the port by hand, and another one for the shard", s)
	}
	m.Close()
	if g.change(func(*madeUpRouter) {}); !maps.Equal(g.entries, before) {
		t.Errorf("after Close the router has %v, want %v", g.entries, before)
	}
}

// TestUPnP_ServiceThatMoves is found again, as after a restart of the router.
func TestUPnP_ServiceThatMoves(t *testing.T) {
	t.Parallel()
	g := newFakeGateway(t, UPnP)
	r := newUPnP(loopback, loopback, g.search, longest)
	r.service = service{connectionServices[1], "http://127.0.0.1:1/ctl"} // where nothing listens
	got := r.do(t.Context(), ask{by: UPnP, op: poll, mappings: []mapping{mappedTCP}})
	if want := (answer{failure: lost, external: public}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestUPnP_Faults that routers have.
func TestUPnP_Faults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		faults map[string]int
		want   Verdict
	}{
		"only permanent leases": {map[string]int{"lease": upnpOnlyPermanent}, Mapped},
		"no public address":     {map[string]int{"GetExternalIPAddress": upnpActionFailed}, Shared},
		"not authorized":        {map[string]int{"AddPortMapping": 606}, Closed},
		"cannot tell":           {map[string]int{"GetSpecificPortMappingEntry": upnpInvalidAction}, Mapped},
	} {
		g := newFakeGateway(t, UPnP)
		g.change(func(*madeUpRouter) { g.fault = test.faults })
		if test.want != Mapped {
			g.network.within = aWhile
		}
		m := g.launch(t, Config{})
		defer func() {
			if s := verdict(t, m); s.Verdict != test.want {
				t.Errorf("%s: got %+v, want %v", name, s, test.want)
			}
			g.change(func(*madeUpRouter) {
				for _, e := range g.entries {
					if endless := e.NewLeaseDuration == "0"; endless != (g.fault["lease"] != 0) {
						t.Errorf("%s: a mapping is %+v", name, e)
					}
				}
			})
			if m.Close(); g.mappings() != 0 {
				t.Errorf("%s: after Close the router has %v", name, g.entries)
			}
		}()
	}
}

// TestUPnP_FollowsNothingElsewhere: no redirect, and no answer that is long.
func TestUPnP_FollowsNothingElsewhere(t *testing.T) {
	t.Parallel()
	for name, serve := range map[string]func(http.ResponseWriter, string) bool{
		"a redirect of the description": func(w http.ResponseWriter, path string) bool {
			if path == "/igd.xml" {
				w.Header().Set("Location", "/other.xml")
				w.WriteHeader(http.StatusFound)
			}
			return path == "/igd.xml"
		},
		"a redirect of the service": func(w http.ResponseWriter, path string) bool {
			if path == "/ctl" {
				w.Header().Set("Location", "/other")
				w.WriteHeader(http.StatusTemporaryRedirect)
			}
			return path == "/ctl"
		},
		"a description that is long": func(w http.ResponseWriter, path string) bool {
			if path == "/igd.xml" {
				fmt.Fprint(w, strings.Repeat(" ", maxDescription), description("", "/ctl"))
			}
			return path == "/igd.xml"
		},
	} {
		g := newFakeGateway(t, UPnP)
		g.change(func(*madeUpRouter) { g.serve = serve })
		g.network.within = aWhile
		m := g.launch(t, Config{})
		defer func() {
			if s := verdict(t, m); s.Verdict != Closed || len(g.actions) > 0 {
				t.Errorf("%s: got %+v after the actions %v, want Closed", name, s, g.actions)
			}
		}()
	}
}
