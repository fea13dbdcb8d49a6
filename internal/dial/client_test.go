package dial_test

import (
	"context"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
	"pong/internal/wire"
)

// frames draws a client's screen until it is at a stage.
func frames(t *testing.T, c *dial.Client, within time.Duration, stage client.Stage) client.Frame {
	t.Helper()
	tick, late := time.NewTicker(time.Second/60), time.After(within)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			c.Update(now, game.None)
			if v := c.Frame(now); v.Stage == stage {
				return v
			}
		case <-late:
			v := c.Frame(time.Now())
			t.Fatalf("not at %v within %v but at %v %v", stage, within, v.Stage, v.Reason)
		}
	}
}

// TestJoinLine says who joins: the version, the name, the role, and the secret of one who comes back; "player" if there
// is no name; LEAVE at the end.
func TestJoinLine(t *testing.T) {
	last := make(chan string, 2)
	f := serveTLS(t, nil, func(c net.Conn) {
		_, _ = c.Write([]byte(line(welcome())))
		var all []byte
		var b [512]byte
		for {
			n, err := c.Read(b[:])
			all = append(all, b[:n]...)
			if err != nil {
				last <- string(all)
				return
			}
		}
	})
	for _, cfg := range []dial.Config{{}, {Name: "ann", Resume: "secret"}} {
		cfg.Address, cfg.Trust = f.address, f.key()
		c, err := dial.Dial(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := c.Resume(), welcome().Resume; got != want {
			t.Errorf("Resume() is %q, want that of the WELCOME, %q", got, want)
		}
		for range 2 {
			if err := c.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		}
		if said := <-last; !strings.Contains(said, `"LEAVE"`) {
			t.Errorf("after JOIN the client says %q, want a LEAVE", said)
		}
	}
	want := []wire.Message{
		{Type: wire.Join, Version: wire.Version, Name: "player", Role: wire.RolePlayer},
		{Type: wire.Join, Version: wire.Version, Name: "ann", Role: wire.RolePlayer, Resume: "secret"},
	}
	heard := f.heard()
	for i := range heard {
		heard[i].TS = 0
	}
	if len(heard) != 2 || heard[0] != want[0] || heard[1] != want[1] {
		t.Errorf("the client joins with %+v, want %+v", heard, want)
	}
}

// TestServerFloods has a server send ten thousand lines at once: the client takes what it has room for, shows the
// reason at the end, and neither blocks nor grows.
func TestServerFloods(t *testing.T) {
	presence := line(wire.Message{Type: wire.Presence, PlayerID: 2, Name: "other", Status: wire.StatusOnline})
	f := serveTLS(t, nil, says(line(welcome())+strings.Repeat(presence, 10_000)))
	c, err := join(t, dial.Config{Address: f.address, Trust: f.key()})
	if err != nil {
		t.Fatal(err)
	}
	v := frames(t, c, 20*time.Second, client.StageReady)
	if v.Names[1] != "other" {
		t.Errorf("the other player is called %q", v.Names[1])
	}
	// A client whose Update is never called keeps what its queue holds, counts the rest, and closes all the same.
	idle, err := join(t, dial.Config{Address: f.address, Trust: f.key()})
	if err != nil {
		t.Fatal(err)
	}
	const want = 10_000 - 64
	tick, late := time.NewTicker(time.Second/60), time.After(20*time.Second)
	defer tick.Stop()
	for n := 0; n < want; {
		select {
		case now := <-tick.C:
			n = idle.Frame(now).Dropped[client.DropLine]
		case <-late:
			t.Fatalf("%d of 10000 lines were dropped, want %d", n, want)
		}
	}
	idle.Close()
}

// TestServerTalksNonsense has a server that is trusted say something that is not the protocol, or vanish: the control
// channel has ended, and with nothing on the game channel either the player is told that the server is gone. That it is
// within 2 s, TestASilentServerIsLostThenGone sees to.
func TestServerTalksNonsense(t *testing.T) {
	for name, nonsense := range map[string]string{"a bad line": "nonsense\n", "a line without end": strings.Repeat("x", 5000), "nothing": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := serveTLS(t, nil, func(c net.Conn) { _, _ = c.Write([]byte(line(welcome()) + nonsense)) })
			c, err := join(t, dial.Config{Address: f.address, Trust: f.key()})
			if err != nil {
				t.Fatal(err)
			}
			if v := frames(t, c, 20*time.Second, client.StageLost); v.Reason != client.ReasonControlLost {
				t.Error("the player is not told what has happened")
			}
		})
	}
}

// TestVia sends the game traffic elsewhere.
func TestVia(t *testing.T) {
	relay, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer relay.Close()
	f := serveTLS(t, nil, says(line(welcome())))
	c, err := join(t, dial.Config{Address: f.address, Trust: f.key(), Transport: dial.System{Via: relay.LocalAddr().String()}})
	if err != nil {
		t.Fatal(err)
	}
	c.Update(time.Now(), game.None)
	_ = relay.SetReadDeadline(time.Now().Add(5 * time.Second))
	var b [2048]byte
	if n, err := relay.Read(b[:]); err != nil || n == 0 || b[0] != 9 {
		t.Errorf("no sealed datagram comes over --via: %d bytes, %v", n, err)
	}
	if _, err := join(t, dial.Config{Address: f.address, Trust: f.key(), Transport: dial.System{Via: "nowhere"}}); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("--via nowhere: %v, want an error that names it", err)
	}
}

// A countingTransport counts the game channels that are opened.
type countingTransport struct {
	dial.System
	channels *atomic.Int32
}

func (c countingTransport) DialDatagrams(ctx context.Context, stream net.Conn, port int) (net.Conn, error) {
	c.channels.Add(1)
	return c.System.DialDatagrams(ctx, stream, port)
}

func TestClient_OpensNoChannelsOnceItsSessionHasEnded(t *testing.T) {
	f := serveTLS(t, nil, says(line(welcome())+line(wire.Message{Type: wire.Error, Code: wire.CodeSeat})))
	var channels atomic.Int32
	c, err := join(t, dial.Config{Address: f.address, Trust: f.key(), Transport: countingTransport{channels: &channels}})
	if err != nil {
		t.Fatal(err)
	}
	frames(t, c, 20*time.Second, client.StageClosed)
	start := time.Now()
	for at := time.Duration(0); at < 30*time.Second; at += time.Second / 60 {
		c.Update(start.Add(at), game.None)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if n := channels.Load(); n != 1 {
		t.Errorf("%d game channels were opened, want the first one only", n)
	}
}
