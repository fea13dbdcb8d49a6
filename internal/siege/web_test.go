//go:build siege && linux

package siege

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
	"pong/internal/server"
	"pong/internal/shard"
	"pong/internal/trust"
	"pong/internal/web"
	"pong/internal/web/webdial"
)

// A freezer is the UDP socket of a page. With losses, the congestion window of the server shrinks to a few datagrams.
// When it is frozen, as if the process of the browser was stopped, it receives and sends nothing any more.
type freezer struct {
	net.PacketConn
	lossy, frozen atomic.Bool
	n             int
}

func (f *freezer) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := f.PacketConn.ReadFrom(b)
		f.n++
		if err != nil || !f.frozen.Load() && !(f.lossy.Load() && f.n%2 == 0) {
			return n, from, err
		}
	}
}

func (f *freezer) WriteTo(b []byte, to net.Addr) (int, error) {
	if f.frozen.Load() {
		return len(b), nil
	}
	return f.PacketConn.WriteTo(b, to)
}

// TestWeb_FrozenPagesDelayNobody freezes the pages of many matches, which then acknowledge nothing. A loop that sent to
// them itself would wait when the queue of QUIC is full: one frozen page stopped all matches of a shard for 15 s.
func TestWeb_FrozenPagesDelayNobody(t *testing.T) {
	const pages = 50
	t.Setenv("QUIC_GO_DISABLE_RECEIVE_BUFFER_WARNING", "true")
	control, sockets, err := server.Listen("127.0.0.1", 0, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := trust.NewIdentity(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	page := web.New(web.Config{Control: control.Addr(), Identity: func() string { return "" }})
	packets, err := web.ListenPackets("127.0.0.1", control.Addr().(*net.TCPAddr).Port)
	if err != nil {
		t.Fatal(err)
	}
	monitor := new(server.Monitor)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	both := page.Sockets(sockets)
	go page.Run(ctx, packets)
	go func() {
		ended <- server.Serve(ctx, server.Config{
			TLS: trust.ServerTLS(identity, time.Now, "h2", "http/1.1"), Auto: true, Monitor: monitor, MaxPerAddress: -1,
			StateRate: 60, // which fills the windows and queues of QUIC soon
			Web:       page.ServeTLS, More: []net.Listener{page.Control()}, Log: slog.New(slog.DiscardHandler),
		}, control, both)
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	join := func(room string, transport dial.Transport) *dial.Client {
		c, err := dial.Dial(t.Context(), dial.Config{
			Address: control.Addr().String(), Trust: identity.Fingerprint().String(), Name: "player", Room: room,
			Transport: transport,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	var clients []*dial.Client
	var freezers []*freezer
	for n := range pages {
		conn, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		f := &freezer{PacketConn: conn}
		freezers = append(freezers, f)
		clients = append(clients, join(fmt.Sprintf("frozen-%d", n/2), webdial.Transport{Packets: f}))
	}
	native := []*dial.Client{join("native", nil), join("native", nil)}
	playing := func(of []*dial.Client) bool {
		all := true
		for _, c := range of {
			c.Update(time.Now(), game.None)
			v := c.Frame(time.Now())
			if v.Stage == client.StageReady {
				c.Accept()
			}
			switch v.Stage {
			case client.StagePlaying, client.StageCountdown, client.StageScored:
			default:
				all = false
			}
		}
		return all
	}
	everyone := append(native[:2:2], clients...)
	poll(t, time.Minute, "all play", func() bool { return playing(everyone) })

	look := func() shard.Stats {
		snap := monitor.Look(0, 0)
		return snap.Sum()
	}
	for _, f := range freezers {
		f.lossy.Store(true)
	}
	for end := time.Now().Add(4 * time.Second); time.Now().Before(end); time.Sleep(time.Second / 60) {
		playing(everyone)
	}
	before := look()
	for _, f := range freezers {
		f.frozen.Store(true)
	}
	gaps := 0
	end := time.Now().Add(either(6*time.Second, 40*time.Second))
	for ; time.Now().Before(end); time.Sleep(time.Second / 60) {
		if !playing(native) {
			gaps++
		}
	}
	after := look()
	late := after.Lateness.Since(&before.Lateness)
	// A machine that is busy may lose some ticks. A loop that waits for a page loses those of seconds.
	lost := float64(after.Counts.Lost - before.Counts.Lost)
	figure("web_frozen_lost_ticks", lost, "", atMost(0))
	if lost >= 3*game.TickRate {
		t.Errorf("%g ticks are lost while pages are frozen, want none, or on a busy machine far less than 3 s", lost)
	}
	figure("web_frozen_native_pauses", float64(gaps), "", atMost(0))
	figure("web_frozen_tick_lateness_p99", late.Quantile(0.99, shard.DurationBounds())*1000, "ms", under(5))
	for i, c := range native {
		v := c.Frame(time.Now())
		figure(fmt.Sprintf("web_frozen_native_%d_p99", i+1), v.Figures.P99, "ms", under(20))
		burst := float64(v.Figures.BurstDown)
		figure(fmt.Sprintf("web_frozen_native_%d_lost_in_a_row", i+1), burst, "STATEs", atMost(5))
	}
}
