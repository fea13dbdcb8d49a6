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

	"pong/internal/admin"
	"pong/internal/server"
	"pong/internal/term"
	"pong/internal/trust"
	"pong/internal/udp"
)

// An operatorTable is pong serve on a terminal: the log, and a live table of the matches below it.
type operatorTable struct {
	flags *serveFlags
	lines *term.OperatorLog
	begin chan struct{}
	asked bool // to end; the table's goroutine alone looks at it

	meter *admin.Meter
}

// table returns nil where there is nobody to look, or where plain lines are asked for.
func (f *serveFlags) table(cmd *cobra.Command) *operatorTable {
	asked := cmd.Flags().Changed("log") || os.Getenv("TERM") == "dumb"
	if asked || !isTerminal(os.Stdout) || !interactive(os.Stdin) {
		return nil
	}
	return &operatorTable{
		flags: f, lines: &term.OperatorLog{Out: os.Stdout}, begin: make(chan struct{}, 1),
		meter: admin.NewMeter(time.Now(), admin.CPUTime()),
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

// look returns what the table shows now. It is called by one goroutine at a time.
func (t *operatorTable) look(monitor *server.Monitor, from, rows int) term.Operation {
	snap := monitor.Look(from, rows)
	a := t.meter.Read(time.Now(), admin.CPUTime(), &snap)
	o := term.Operation{
		Matches: a.Matches, Players: a.Players, Uptime: a.Uptime, CPU: a.CPU, Lateness: a.Lateness,
		In: a.In, Out: a.Out, Dropped: a.Dropped, Skipped: a.Skipped,
	}
	if t.flags.start == startOperator {
		o.Waiting = a.Ready
	}
	for i := range snap.Rows {
		r := &snap.Rows[i]
		row := term.OperatorRow{Match: r.Match, Score: r.Score, State: admin.StateOf(r)}
		for k, s := range r.Seats {
			row.Names[k], row.RTT[k], row.Loss[k] = s.Name, s.RTT, s.Loss
		}
		o.Rows = append(o.Rows, row)
	}
	return o
}
