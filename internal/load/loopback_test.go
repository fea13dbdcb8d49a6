package load

import (
	"context"
	"log/slog"
	"net"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"pong/internal/admin"
	"pong/internal/game"
	"pong/internal/server"
	"pong/internal/trust"
	"pong/internal/wire"
	"pong/netcode"
)

// listen starts a real server. It returns the server's address, its identity and the address of its metrics.
func listen(t testing.TB) (address string, key trust.Fingerprint, metrics string, monitor *server.Monitor) {
	t.Helper()
	control, sockets, err := server.Listen("127.0.0.1", 0, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := trust.NewIdentity(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	monitor = new(server.Monitor)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	cfg := server.Config{TLS: trust.ServerTLS(identity, time.Now), Auto: true, Rules: game.Rules{Points: 1},
		Monitor: monitor, Log: slog.New(slog.DiscardHandler)}
	go func() { ended <- server.Serve(ctx, cfg, control, sockets) }()
	endpoint := httptest.NewServer(admin.Handler(admin.Config{Monitor: monitor}))
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
		endpoint.Close()
	})
	return control.Addr().String(), identity.Fingerprint(), endpoint.URL, monitor
}

// TestRun_BothSidesAgree plays four matches for two seconds against a real server and compares the figures of both
// sides.
func TestRun_BothSidesAgree(t *testing.T) {
	address, key, metrics, monitor := listen(t)
	var last Progress
	r, err := Run(t.Context(), Config{
		Address: address, Trust: &key, Matches: 4, For: 2 * time.Second, Admin: metrics, StateRate: 15,
		Progress: func(p Progress) { last = p },
	})
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	_ = r.WriteTable(&table)
	t.Log("\n" + table.String())
	if r.Join.Players != 8 || r.Playing != 4 || len(r.Join.Failed) > 0 || r.Ended != "" {
		t.Errorf("%d players joined, %d matches play, failed joins %v, ended %q; want 8, 4, none and no reason",
			r.Join.Players, r.Playing, r.Join.Failed, r.Ended)
	}
	if r.Inputs < 500 || r.States < 200 || r.Refused > 0 || r.Stale > 0 || r.Failed > 0 || r.LostDown > 0 ||
		r.RTT.P50 <= 0 {
		t.Errorf("the report has implausible figures: %+v", r)
	}
	if r.Join.Start.P50 < r.Join.Took.P50 {
		t.Errorf("dial to play took %v, less than dial to WELCOME, %v", r.Join.Start, r.Join.Took)
	}
	s := r.Server
	if s == nil {
		t.Fatalf("the report has none of the server's figures: %s", r.ServerError)
	}
	if s.InputsAccepted != s.InputsSent || s.InputsSent < r.Inputs || len(s.DatagramsDropped) > 0 {
		t.Errorf("the server accepted %d of %d INPUTs and dropped %v, want all and none", s.InputsAccepted,
			s.InputsSent, s.DatagramsDropped)
	}
	if s.CPUSeconds <= 0 || s.MatchSeconds < 6 || s.Memory <= 0 || s.StatesSent < r.States/2 {
		t.Errorf("the server's figures are implausible: %+v", s)
	}
	snap := monitor.Look(0, 0)
	if n := snap.Sum().Counts.Moved; n > 0 {
		t.Errorf("%d players sent datagrams from another address than TLS, want none", n)
	}
	if last.Players != 8 || last.Playing != 8 || last.Measured == 0 {
		t.Errorf("the last progress was %+v, want 8 players that play and a measurement", last)
	}
}

// TestRun_InterruptReportsWhatWasMeasured cancels a run through a simulated bad network.
func TestRun_InterruptReportsWhatWasMeasured(t *testing.T) {
	address, key, _, _ := listen(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	bad, err := ParseImpair("delay=5ms,jitter=2ms,loss=10%")
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(ctx, Config{
		Address: address, Trust: &key, Matches: 2, For: time.Minute, Up: bad, Down: bad,
		Progress: func(p Progress) {
			if p.Measured > time.Second {
				cancel()
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	// On a busy machine datagrams are sent late, and some not at all, but four players send more than a few a second.
	if r.Ended != "interrupted" || r.Seconds < 1 || r.Seconds > 30 || r.Inputs < 20 || r.LostDown == 0 ||
		r.RTT.P50 < 10 {
		t.Errorf("the report of an interrupted run has implausible figures: %+v", r)
	}
	cancel()
	if r, err = Run(ctx, Config{Address: address, Trust: &key, Matches: 2}); err == nil {
		t.Errorf("a run with a cancelled context: got report %+v, want an error", r)
	}
}

// TestRun_ReportsErrorsAtOnce expects an error that says what is wrong before many players join.
func TestRun_ReportsErrorsAtOnce(t *testing.T) {
	address, key, _, _ := listen(t)
	other := key
	other[0]++
	for name, c := range map[string]struct {
		cfg  Config
		want string
	}{
		"another identity": {Config{Address: address, Trust: &other, Matches: 1},
			"not the server you were told to expect"},
		"unknown server": {Config{Address: address, Matches: 1}, "is not known"},
		"another rate":   {Config{Address: address, Trust: &key, Matches: 1, StateRate: 60}, "--state-rate 60"},
		"no metrics":     {Config{Address: address, Trust: &key, Matches: 1, Admin: "127.0.0.1:1"}, "--admin"},
		"no server":      {Config{Address: "127.0.0.1:1", Trust: &key, Matches: 1}, "is the server running"},
		"no matches":     {Config{Address: address, Trust: &key}, "must be from 1"},
	} {
		if r, err := Run(t.Context(), c.cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got report %v, error %v; want an error with %q", name, r, err, c.want)
		}
	}
}

// BenchmarkJoinToStart measures how long the second player of a pair waits on an idle server, from dialling, with TCP
// and TLS, to the START.
func BenchmarkJoinToStart(b *testing.B) {
	address, key, _, _ := listen(b)
	d, err := newDialer(b.Context(), &Config{Address: address, Trust: &key})
	if err != nil {
		b.Fatal(err)
	}
	var took histogram
	for b.Loop() {
		b.StopTimer()
		first := registered(b, d)
		b.StartTimer()
		begun := time.Now()
		second := registered(b, d)
		for m := (wire.Message{}); m.Type != wire.Start; {
			if m, err = second.read(); err != nil {
				b.Fatal(err)
			}
		}
		took.add(time.Since(begun))
		for _, c := range []*control{first, second} {
			_ = c.write(wire.Message{Type: wire.Leave})
			c.conn.Close()
		}
	}
	b.ReportMetric(took.quantiles().P50, "p50-ms")
	b.ReportMetric(took.quantiles().P99, "p99-ms")
}

// registered joins and registers a player.
func registered(tb testing.TB, d *dialer) *control {
	tb.Helper()
	j, err := d.join(tb.Context(), 0)
	if err != nil {
		tb.Fatal(err)
	}
	plain := wire.AppendRegister(nil, netcode.Stamp{}, // which echoes the server's first microsecond
		wire.Register{PlayerID: uint8(j.player.seat + 1), Token: j.player.token})
	datagram, err := j.player.keys.Seal(nil, plain)
	if err != nil {
		tb.Fatal(err)
	}
	socket, err := net.DialUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(j.from, 0)),
		net.UDPAddrFromAddrPort(j.game))
	if err != nil {
		tb.Fatal(err)
	}
	defer socket.Close()
	if _, err := socket.Write(datagram); err != nil {
		tb.Fatal(err)
	}
	return j.control
}
