package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/lmittmann/tint"
	"github.com/spf13/cobra"

	"pong/internal/load"
	"pong/internal/server"
	"pong/internal/shard"
	"pong/internal/term"
	"pong/internal/trust"
	"pong/internal/udp"
	"pong/internal/wire"
)

// An operatorTable is pong serve on a terminal: the log, and a live table of the matches below it.
type operatorTable struct {
	flags *serveFlags
	lines *term.OperatorLog
	start time.Time
	begin chan struct{}
	asked bool // to end; the table's goroutine alone looks at it

	before shard.Stats // at the last look, for what happens a second
	at     time.Time
	used   time.Duration
}

// table returns nil where there is nobody to look, or where plain lines are asked for.
func (f *serveFlags) table(cmd *cobra.Command) *operatorTable {
	asked := cmd.Flags().Changed("log") || os.Getenv("TERM") == "dumb"
	if asked || !isTerminal(os.Stdout) || !interactive(os.Stdin) {
		return nil
	}
	return &operatorTable{
		flags: f, lines: &term.OperatorLog{Out: os.Stdout}, begin: make(chan struct{}, 1),
		start: time.Now(), at: time.Now(), used: load.ProcessTime(),
	}
}

// log writes above the table.
func (t *operatorTable) log() *slog.Logger {
	return slog.New(tint.NewTextHandler(t.lines, &tint.Options{NoColor: os.Getenv("NO_COLOR") != "", TimeFormat: time.TimeOnly}))
}

// serve runs the server until ctx is done or it has ended in good order, with the table. The operator's first word to end
// is ask, the second now. Should the table end before the server does, the server goes on and logs as it would without.
func (t *operatorTable) serve(ctx context.Context, ask, now func(), cfg server.Config, control net.Listener, sockets []udp.Socket, key trust.Fingerprint) error {
	quit := func() {
		if t.asked {
			now()
		}
		t.asked = true
		ask()
	}
	show := term.OperatorConfig{
		Title: fmt.Sprintf("Pong server: control TCP %d, game UDP %s", portOf(control.Addr()), t.ports(sockets)),
		Look:  func(from, rows int) term.Operation { return t.look(cfg.Monitor, from, rows) },
		Quit:  quit, Log: t.lines, In: os.Stdin, Out: os.Stdout,
	}
	for _, host := range reachable(t.flags.listen) {
		show.Links = append(show.Links, trust.JoinLink{Address: net.JoinHostPort(host, strconv.Itoa(portOf(control.Addr()))), Key: key, HasKey: true}.String())
	}
	var picture strings.Builder
	if trust.WriteQR(&picture, show.Links[0], false) == nil {
		show.QR = picture.String()
	}
	if !cfg.Auto {
		cfg.Begin = t.begin
		show.Start = func() {
			select {
			case t.begin <- struct{}{}:
			default: // the word is given and has not been heard yet
			}
		}
	}
	shown, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- term.RunOperator(shown, show) }()
	err := server.Serve(ctx, cfg, control, sockets)
	cancel()
	if failed := <-ended; failed != nil {
		cfg.Log.Warn(failed.Error())
	}
	return err
}

func (t *operatorTable) ports(sockets []udp.Socket) string {
	first, last := portOf(sockets[0].LocalAddr()), portOf(sockets[len(sockets)-1].LocalAddr())
	if first == last {
		return strconv.Itoa(first)
	}
	return fmt.Sprintf("%d-%d", first, last)
}

// look is what the table shows now. It is called by one goroutine at a time.
func (t *operatorTable) look(monitor *server.Monitor, from, rows int) term.Operation {
	snap, now, used := monitor.Look(from, rows), time.Now(), load.ProcessTime()
	sum := snap.Sum()
	c, b := &sum.Counts, &t.before.Counts
	seconds := max(now.Sub(t.at).Seconds(), 0.001)
	rate := func(now, before int) int { return int(float64(now-before)/seconds + 0.5) }
	late := sum.Lateness.Since(&t.before.Lateness)
	o := term.Operation{
		Matches: c.Matches, Players: c.Sessions, Uptime: now.Sub(t.start), CPU: -1,
		Lateness: time.Duration(late.Quantile(0.99, shard.DurationBounds()) * float64(time.Second)),
		In:       rate(c.Datagrams, b.Datagrams), Out: rate(c.Sent, b.Sent),
		Dropped: rate(c.Datagrams-c.Accepted, b.Datagrams-b.Accepted), Skipped: rate(c.Skipped, b.Skipped),
	}
	if used > 0 {
		o.CPU = (used - t.used).Seconds() / seconds
	}
	if t.flags.start == startOperator {
		o.Waiting = sum.Ready
	}
	for i := range snap.Rows {
		o.Rows = append(o.Rows, operatorRow(&snap.Rows[i]))
	}
	t.before, t.at, t.used = sum, now, used
	return o
}

func bothOnline(r *shard.Row) bool {
	return r.Seats[0].Status == wire.StatusOnline && r.Seats[1].Status == wire.StatusOnline
}

// operatorRow is a match in words.
func operatorRow(r *shard.Row) term.OperatorRow {
	row := term.OperatorRow{Match: r.Match, Score: r.Score, State: "waiting"}
	switch {
	case r.Paused:
		row.State = "paused"
	case r.Over:
		row.State = "over"
	case r.Begun:
		row.State = "playing"
	case bothOnline(r):
		row.State = "ready"
	}
	for i, s := range r.Seats {
		row.Names[i], row.RTT[i], row.Loss[i] = s.Name, s.RTT, s.Loss
	}
	return row
}
