package server_test

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/deny"
	"pong/internal/dial"
	"pong/internal/server"
	"pong/internal/shard"
	"pong/internal/wire"
)

// operated lets a test act as the operator of the server of a rig, with a deny list that has no file.
func operated(t *testing.T, s *settings) *server.Monitor {
	t.Helper()
	list, err := deny.Open("")
	if err != nil {
		t.Fatal(err)
	}
	s.Monitor, s.Deny = new(server.Monitor), list
	return s.Monitor
}

// ended reports whether a player's program has ended the session because of an ERROR with a code, and shows that.
func ended(p *player, code string) func() bool {
	return func() bool {
		if p.view.Stage != client.StageClosed {
			return false
		}
		var refused *dial.RefusedError // of an attempt to take the seat again
		return p.view.Reason == client.ReasonRefused && p.view.Code == code ||
			p.view.Reason == client.ReasonRedialFailed && errors.As(p.view.Err, &refused) && refused.Code == code
	}
}

// TestKick_PlayerDoesNotComeBackByItself: a player who is kicked reads why, and no program joins again without a
// person, also if the control connection is lost at that moment.
func TestKick_PlayerDoesNotComeBackByItself(t *testing.T) {
	for _, lost := range []bool{false, true} {
		var monitor *server.Monitor
		bubble(t, func(s *settings) { monitor = operated(t, s) }, func(r *rig) {
			left, right := r.joinTwo()
			r.want(10*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
			row, ok := monitor.Match("m1")
			if !ok || row.Seats[1].Name != "right" || row.Seats[1].From != netip.MustParseAddr("198.51.100.2") {
				r.Fatalf("Match(m1) = %+v, %v, want right at 198.51.100.2", row, ok)
			}
			if lost {
				r.net.Streams()[1].Close()
			}
			if !monitor.Kick(row.Seats[1].Session) || monitor.Kick(row.Seats[1].Session) {
				r.Error("Kick finds the player not once, but never or twice")
			}
			r.want(5*time.Second, "the player reads who did it", ended(right, wire.CodeKicked))
			r.want(5*time.Second, "the other player sees it",
				func() bool { return left.view.Presence[1] == client.Left })
			r.run(3 * time.Minute)
			snap := monitor.Look(0, 1)
			if sum := snap.Sum(); sum.Counts.Joins != 2 || sum.Counts.Players != 1 {
				r.Errorf("lost %v: after three minutes %d have joined and %d are there, want 2 and 1", lost,
					sum.Counts.Joins, sum.Counts.Players)
			}
			again := r.joinAs(r.config("right", "198.51.100.2"))
			r.want(10*time.Second, "the player joins again and plays", at(client.StagePlaying, left, again))
		})
	}
}

// TestKick_LeavesNoNoteOfTheSeat, so that the person's next program asks for a new seat.
func TestKick_LeavesNoNoteOfTheSeat(t *testing.T) {
	dir := t.TempDir()
	for _, lost := range []bool{false, true} {
		var monitor *server.Monitor
		bubble(t, func(s *settings) { monitor = operated(t, s) }, func(r *rig) {
			r.join("left")
			cfg := r.config("right", "198.51.100.2")
			cfg.SeatDir = dir
			right := r.joinAs(cfg)
			r.want(10*time.Second, "the ball is in play", at(client.StagePlaying, right))
			if lost {
				r.net.Streams()[1].Close()
			}
			row, _ := monitor.Match("m1")
			monitor.Kick(row.Seats[1].Session)
			r.want(5*time.Second, "the player reads who did it", ended(right, wire.CodeKicked))
			right.Close()
			if notes, err := os.ReadDir(dir); len(notes) != 0 || err != nil {
				r.Errorf("lost %v: the folder of notes has %v (%v), want none", lost, notes, err)
			}
		})
	}
}

// TestBan_EndsAnAddress: its players, those who wait in a connection, its next connections and JOINs; nobody else.
func TestBan_EndsAnAddress(t *testing.T) {
	var monitor *server.Monitor
	bubble(t, func(s *settings) { monitor = operated(t, s) }, func(r *rig) {
		left, right := r.joinTwo()
		r.want(10*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		waiting := r.dialTLS("198.51.100.2")
		prefix := netip.MustParsePrefix("198.51.100.2/32")
		if n := monitor.CountFrom(prefix); n != (shard.From{Players: 1}) {
			r.Errorf("CountFrom(%v) = %+v, want 1 player", prefix, n)
		}
		if n, err := monitor.Ban(prefix); n != (shard.From{Players: 1}) || err != nil {
			r.Errorf("Ban(%v) = %+v, %v, want 1 player", prefix, n, err)
		}
		r.want(5*time.Second, "the player reads why", ended(right, wire.CodeDenied))
		_ = waiting.SetReadDeadline(time.Now().Add(time.Second))
		if _, err := waiting.lines.ReadByte(); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			r.Errorf("a connection of the address that has not joined gives %v, want it closed", err)
		}
		start := time.Now()
		_, err := dial.Dial(r.Context(), r.config("right", "198.51.100.2"))
		if err == nil || !strings.Contains(err.Error(), "the operator of this server does not admit your address") {
			r.Errorf("the address joins again with %v, want an error that says why", err)
		}
		if refused := new(dial.RefusedError); errors.As(err, &refused) {
			r.Error("the address is refused after a handshake, want it refused before the server has computed one")
		}
		if took := time.Since(start); took > time.Second {
			r.Errorf("the client has tried for %v, want to end at once", took)
		}
		refused := monitor.Look(0, 0).Refused[wire.CodeDenied]
		if refused < 2 {
			r.Errorf("%d were counted as denied, want both connections", refused)
		}
		r.run(3 * time.Minute)
		if n := monitor.Look(0, 0).Refused[wire.CodeDenied]; n != refused {
			r.Errorf("%d more connections came in three minutes, want none", n-refused)
		}
		other := r.joinAs(r.config("other", "198.51.100.3"))
		r.want(10*time.Second, "another address plays", at(client.StagePlaying, left, other))

		if found, still, err := monitor.Unban(prefix); !found || still.IsValid() || err != nil {
			r.Errorf("Unban(%v) = %v, %v, %v", prefix, found, still, err)
		}
		r.joinAs(r.config("right", "198.51.100.2"))
		if e := r.logged.entries("banned until the server ends"); len(e) != 1 || e[0]["addr"] != "198.51.100.2" ||
			e[0]["players"] != float64(1) {
			r.Errorf("the log has %v, want the address and 1 player", e)
		}
	})
}

// TestBan_OfAConnectionThatJoins is noticed at its JOIN: it was accepted before.
func TestBan_OfAConnectionThatJoins(t *testing.T) {
	var list *deny.List
	bubble(t, func(s *settings) { operated(t, s); list = s.Deny }, func(r *rig) {
		c := r.dialTLS("198.51.100.2")
		if err := list.Ban(time.Now(), netip.MustParsePrefix("198.51.100.0/24")); err != nil {
			r.Fatal(err)
		}
		c.send(joinLine)
		if m := c.next(); m.Type != wire.Error || m.Code != wire.CodeDenied {
			r.Errorf("JOIN is answered with %+v, want ERROR %s", m, wire.CodeDenied)
		}
	})
}

// TestReloadDeny_RemovesPlayers whose addresses are new in the file. A file with an error changes nothing, and the log
// says both.
func TestReloadDeny_RemovesPlayers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deny")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("# nobody yet\n")
	list, err := deny.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	monitor := new(server.Monitor)
	bubble(t, func(s *settings) { s.Monitor, s.Deny = monitor, list }, func(r *rig) {
		left, right := r.joinTwo()
		r.want(10*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		write("198.51.100.2\n198.51.100.x\n")
		if _, _, err := monitor.ReloadDeny(); err == nil {
			r.Error("a file with an error was taken")
		}
		r.run(time.Second)
		if e := r.logged.entries("the deny list stays as it was"); len(e) != 1 ||
			!strings.Contains(e[0]["err"].(string), path+": line 2: ") || !at(client.StagePlaying, left, right)() {
			r.Errorf("after a file with an error the log has %v, want one line with file and line", e)
		}
		write("::ffff:198.51.100.2\n")
		if n, removed, err := monitor.ReloadDeny(); n != 1 || removed != (shard.From{Players: 1}) || err != nil {
			r.Errorf("ReloadDeny() = %d, %+v, %v, want 1 prefix and 1 player", n, removed, err)
		}
		r.want(5*time.Second, "the player reads why", ended(right, wire.CodeDenied))
		if e := r.logged.entries("deny list read again"); len(e) != 1 || e[0]["prefixes"] != float64(1) ||
			e[0]["players"] != float64(1) {
			r.Errorf("after the reload the log has %v, want 1 prefix and 1 player", e)
		}
	})
}

// TestMonitor_ActsOnNothing before a server runs.
func TestMonitor_ActsOnNothing(t *testing.T) {
	monitor := new(server.Monitor)
	prefix := netip.MustParsePrefix("192.0.2.0/24")
	if _, ok := monitor.Match("m1"); ok || monitor.Kick([8]byte{1}) || monitor.CountFrom(prefix) != (shard.From{}) {
		t.Error("without a server a match or a client is found")
	}
	if n, err := monitor.Ban(prefix); n != (shard.From{}) || err == nil {
		t.Errorf("without a server Ban() = %v, %v, want an error", n, err)
	}
	if _, _, err := monitor.Unban(prefix); err == nil {
		t.Error("without a server Unban succeeds")
	}
	if _, _, err := monitor.ReloadDeny(); err == nil {
		t.Error("without a server ReloadDeny succeeds")
	}
}
