package dial_test

import (
	"context"
	"net"
	"slices"
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

// TestDial_SendsJoin reads the JOIN of two Configs, with and without a name and a resume secret, and the LEAVE of
// Close.
func TestDial_SendsJoin(t *testing.T) {
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
	for _, cfg := range []dial.Config{
		{}, {Name: "ann", Resume: "secret"}, {Ticket: anyTicket}, {Name: "ann", Resume: "secret", Ticket: anyTicket},
	} {
		cfg.Address, cfg.Trust = f.address, f.key()
		c, err := dial.Dial(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Frame(time.Now()).Server.Identity; got != f.key() {
			t.Errorf("a frame has the identity %q for links, want %q", got, f.key())
		}
		if got, want := c.Resume(), welcome().Resume; got != want {
			t.Errorf("Resume() is %q, want that of the WELCOME, %q", got, want)
		}
		for range 2 {
			if err := c.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		}
		if sent := <-last; !strings.Contains(sent, `"LEAVE"`) {
			t.Errorf("after JOIN the client sends %q, want a LEAVE", sent)
		}
	}
	want := []wire.Message{
		{Type: wire.Join, Version: wire.Version, Name: "player", Role: wire.RolePlayer},
		{Type: wire.Join, Version: wire.Version, Name: "ann", Role: wire.RolePlayer, Resume: "secret"},
		{Type: wire.Join, Version: wire.Version, Name: "player", Role: wire.RolePlayer, Ticket: anyTicket},
		{Type: wire.Join, Version: wire.Version, Name: "ann", Role: wire.RolePlayer, Resume: "secret"},
	}
	received := f.received()
	for i := range received {
		received[i].TS = 0
	}
	if !slices.Equal(received, want) {
		t.Errorf("the client joins with %+v, want %+v", received, want)
	}
}

// anyTicket is a join ticket without a name, a room and a server: that of docs/protocol.md.
const anyTicket = "AQKgoaKjpKWmp6ipqqusra6vAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABq_YbAav2U0AAAAAFXRydUge" +
	"O0dhBweKd9RI8OYbnSIYD9zCrsjXo7M6WXeYpxIgcJ9nXgrhS5yfSEddkPqoOyb3_kVMy0vafjWQM"

// TestClient_SurvivesAFloodOfLines has a server send ten thousand lines at once. The client takes what its queue holds
// and does not block.
func TestClient_SurvivesAFloodOfLines(t *testing.T) {
	presence := line(wire.Message{Type: wire.Presence, PlayerID: 2, Name: "other", Status: wire.StatusOnline})
	f := serveTLS(t, nil, answers(silentWelcome(t)+strings.Repeat(presence, 10_000)))
	c, err := join(t, dial.Config{Address: f.address, Trust: f.key()})
	if err != nil {
		t.Fatal(err)
	}
	v := frames(t, c, 20*time.Second, client.StageReady)
	if v.Names[1] != "other" {
		t.Errorf("the other player is called %q", v.Names[1])
	}
	// A client whose Update is never called takes them too, and closes.
	idle, err := join(t, dial.Config{Address: f.address, Trust: f.key()})
	if err != nil {
		t.Fatal(err)
	}
	tick, late := time.NewTicker(time.Second/60), time.After(20*time.Second)
	defer tick.Stop()
	for name := ""; name != "other"; {
		select {
		case now := <-tick.C:
			name = idle.Frame(now).Names[1]
		case <-late:
			t.Fatalf("without an Update the other player is called %q", name)
		}
	}
	idle.Close()
}

// TestClient_IsLostWhenTheServerSendsNonsense has a trusted server send lines that are not of the protocol, or hang
// up. The control channel ends, and as nothing arrives on the game channel either, the player reads that the
// connection is lost. TestStage_ASilentServerIsLostThenGivenUp checks how soon.
func TestClient_IsLostWhenTheServerSendsNonsense(t *testing.T) {
	for name, nonsense := range map[string]string{
		"a bad line": "nonsense\n", "a line without end": strings.Repeat("x", 5000), "nothing": "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			welcome := silentWelcome(t)
			f := serveTLS(t, nil, func(c net.Conn) { _, _ = c.Write([]byte(welcome + nonsense)) })
			c, err := join(t, dial.Config{Address: f.address, Trust: f.key()})
			if err != nil {
				t.Fatal(err)
			}
			if v := frames(t, c, 20*time.Second, client.StageLost); v.Reason != client.ReasonControlLost {
				t.Errorf("the reason is %v, want %v", v.Reason, client.ReasonControlLost)
			}
		})
	}
}

// silentWelcome is a WELCOME with a game port that receives datagrams and answers none.
func silentWelcome(t *testing.T) string {
	t.Helper()
	silent, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	m := welcome()
	m.UDPPort = silent.LocalAddr().(*net.UDPAddr).Port
	return line(m)
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
	f := serveTLS(t, nil, answers(line(welcome())+line(wire.Message{Type: wire.Error, Code: wire.CodeSeat})))
	var channels atomic.Int32
	counting := countingTransport{channels: &channels}
	c, err := join(t, dial.Config{Address: f.address, Trust: f.key(), Transport: counting})
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
