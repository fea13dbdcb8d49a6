//go:build siege && linux

package siege

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pong/internal/wire"
)

// takeSeats joins players from an address, each in a room of its own, until one is refused or there are enough. They
// register and keep their connections.
func (s *serving) takeSeats(t testing.TB, from netip.Addr, most int, m wire.Message) (seats []*seat,
	sockets []net.Conn, refused string) {
	t.Helper()
	for i := range most {
		m := m
		if m.Role != wire.RoleWatcher {
			m.Room = fmt.Sprintf("room-%d", i)
		}
		seat, err := joinServer(from, s.control, m)
		if err != nil {
			return seats, sockets, err.Error()
		}
		t.Cleanup(func() { seat.Close() })
		seats = append(seats, seat)
		socket := s.dialGame(t, from)
		t.Cleanup(func() { socket.Close() })
		_, _ = socket.Write(seat.register())
		sockets = append(sockets, socket)
	}
	return seats, sockets, ""
}

// dialGame opens a socket for the game channel at an address.
func (s *serving) dialGame(t testing.TB, from netip.Addr) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: net.UDPAddrFromAddrPort(netip.AddrPortFrom(from, 0))}
	c, err := d.Dial("udp", s.game.String())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// keptOut joins newcomers from addresses of their own, one after the other, and returns how many are refused.
func (s *serving) keptOut(newcomers int) (n int) {
	for i := range newcomers {
		seat, err := joinServer(source(5000+i), s.control, wire.Message{Name: "newcomer"})
		if err != nil {
			n++
			continue
		}
		seat.leave()
	}
	return n
}

// TestSeats_OneAddressKeepsNobodyOut has one address take as many seats as it gets, with and without the limit.
func TestSeats_OneAddressKeepsNobodyOut(t *testing.T) {
	const newcomers = 10
	for _, limit := range []string{"64", "0"} {
		t.Run("limit "+limit, func(t *testing.T) {
			most := either(150, 1000)
			s := serve(t, "--max-players", fmt.Sprint(2*most), "--max-per-address", limit)
			left, right := s.match(t)
			seats, _, refused := s.takeSeats(t, source(7), most, wire.Message{})
			out := s.keptOut(newcomers)
			if limit == "0" {
				figure("seats_of_one_address_without_limit", float64(len(seats)), fmt.Sprint("of ", most), reportOnly)
				figure("seats_newcomers_kept_out_without_limit", float64(out), fmt.Sprint("of ", newcomers), reportOnly)
				return
			}
			mustFigure(t, "seats_of_one_address", float64(len(seats)), fmt.Sprint("of ", most), atMost(64))
			mustFigure(t, "seats_newcomers_kept_out", float64(out), fmt.Sprint("of ", newcomers), atMost(0))
			if !strings.Contains(refused, "full") || !strings.Contains(refused, "--max-per-address") {
				t.Errorf("the address was refused with %q, want the code full and the flag", refused)
			}
			playsOn(t, time.Second, left, right)
		})
	}
}

// TestSeats_OneAddressCannotTakeAllWatchers of a match.
func TestSeats_OneAddressCannotTakeAllWatchers(t *testing.T) {
	s := serve(t, "--max-per-address", "1000")
	left, right := s.match(t)
	seats, _, _ := s.takeSeats(t, source(7), 256, wire.Message{Role: wire.RoleWatcher})
	mustFigure(t, "watchers_of_one_address", float64(len(seats)), "of 256", atMost(64))
	fan, err := joinServer(source(8), s.control, wire.Message{Role: wire.RoleWatcher})
	if err != nil {
		t.Fatalf("a watcher from another address: %v", err)
	}
	fan.Close()
	playsOn(t, time.Second, left, right)
}

// TestSeats_VanishedPlayersDrawLittle has players register once, keep TCP open and never send again; and others wait
// with a keep-alive every 3 s.
func TestSeats_VanishedPlayersDrawLittle(t *testing.T) {
	s := serve(t)
	for _, kind := range []string{"vanished", "waiting"} {
		const players = 20
		seats, sockets, refused := s.takeSeats(t, source(40), players, wire.Message{})
		if refused != "" {
			t.Fatal(refused)
		}
		span := either(10*time.Second, time.Minute)
		up := players * 59 // REGISTER
		down := make(chan int64, players)
		for _, c := range sockets {
			go func() { down <- countBytes(c) }()
		}
		for end := time.Now().Add(span); time.Now().Before(end); time.Sleep(3 * time.Second) {
			for i := range sockets {
				if kind == "waiting" {
					n, _ := sockets[i].Write(seats[i].ping())
					up += n
				}
			}
		}
		sum := int64(0)
		for _, c := range sockets {
			c.Close()
		}
		for range sockets {
			sum += <-down
		}
		rate := float64(sum) / players / span.Seconds()
		mustFigure(t, "bytes_a_second_to_"+kind, rate, "", atMost(1000))
		figure("bytes_drawn_per_byte_"+kind, float64(sum)/float64(up), "", reportOnly)
		for _, seat := range seats {
			seat.leave()
		}
	}
}

// TestFewDescriptors_FullIsSaid runs the server with ulimit -n 128 and takes seats until it refuses more: the refusal
// is an ERROR, /readyz says 503 meanwhile, and a match goes on.
func TestFewDescriptors_FullIsSaid(t *testing.T) {
	args := append(serveArgs("127.0.0.1", filepath.Join(t.TempDir(), "certs")), "--admin", "127.0.0.1:0",
		"--max-per-address", "0")
	cmd := pong(t, "", args...)
	cmd.Args = append([]string{"sh", "-c", `ulimit -n 128; exec "$0" "$@"`}, cmd.Args...)
	cmd.Path = "/bin/sh"
	s := serveCommand(t, cmd, "127.0.0.1")
	readyz := s.adminURL() + "/readyz"
	left, right := s.match(t)
	seats, _, refused := s.takeSeats(t, source(7), 128, wire.Message{})
	figure("descriptors_128_seats", float64(len(seats)), "of 115", reportOnly)
	if !strings.Contains(refused, "full") || !strings.Contains(refused, "open files") {
		t.Errorf("after %d seats a client was refused with %q, want the code full and the limit on open files",
			len(seats), refused)
	}
	if code, text := get(t, readyz); code != http.StatusServiceUnavailable {
		t.Errorf("/readyz says %d, %q, want 503", code, text)
	}
	if warned := s.with("could not be accepted"); len(warned) != 1 || !strings.Contains(warned[0], "ulimit -n") {
		t.Errorf("the log has %q, want one line that says what to do", warned)
	}
	playsOn(t, time.Second, left, right)
	for _, seat := range seats[:8] {
		seat.leave()
	}
	poll(t, 5*time.Second, "/readyz says 200 again", func() bool {
		code, _ := get(t, readyz)
		return code == http.StatusOK
	})
}

// get gets a page of the admin port.
func get(t testing.TB, url string) (code int, text string) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(body)
}
