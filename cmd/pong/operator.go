package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	xterm "golang.org/x/term"

	"pong/internal/admin"
	"pong/internal/crash"
	"pong/internal/deny"
	"pong/internal/qr"
	"pong/internal/server"
	"pong/internal/shard"
	"pong/internal/term"
	"pong/internal/udp"
	"pong/netcode/sealed"
)

// An operatorTable shows pong serve on a terminal: a live table of the matches, and the log above it.
type operatorTable struct {
	flags    *serveFlags
	lines    *term.OperatorLog
	begin    chan struct{} // a value starts the matches that are ready
	draining bool          // the operator has asked the server to end; only the table's goroutine uses it
	meter    *admin.Meter
}

// table returns a table, or nil if standard output is not a terminal or plain lines are wanted.
func (f *serveFlags) table(cmd *cobra.Command) *operatorTable {
	plain := cmd.Flags().Changed("log") || os.Getenv("TERM") == "dumb"
	if plain || !isTerminal(os.Stdout) || !interactive(os.Stdin) {
		return nil
	}
	return &operatorTable{
		flags: f, lines: &term.OperatorLog{Out: os.Stdout}, begin: make(chan struct{}, 1),
		meter: admin.NewMeter(time.Now(), admin.CPUTime()),
	}
}

// serve runs the server with the table until ctx is done or the server has ended. The operator's first request to end
// calls drain, the second one stop. If the table ends before the server, the server continues and logs as without it.
func (t *operatorTable) serve(ctx context.Context, drain, stop func(), s *serving) error {
	show := t.config(s)
	show.Quit = func() {
		if t.draining {
			stop()
		}
		t.draining = true
		drain()
	}
	if !s.cfg.Auto {
		s.cfg.Begin = t.begin
		show.Start = func() {
			select {
			case t.begin <- struct{}{}:
			default: // the request before is still pending
			}
		}
	}
	s.out.Flush(flushWithin) // the addresses come above the table
	mode, _ := xterm.GetState(int(os.Stdin.Fd()))
	shown, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go crash.Guarded(func() { ended <- term.RunOperator(shown, show) })()
	err := server.Serve(ctx, s.cfg, s.control, s.sockets)
	cancel()
	select {
	case failed := <-ended:
		if failed != nil {
			s.cfg.Log.Warn(failed.Error())
		}
	case <-time.After(flushWithin): // the terminal shows nothing any more, so that the table cannot put it in order
		if mode != nil {
			_ = xterm.Restore(int(os.Stdin.Fd()), mode)
		}
	}
	return err
}

// config returns what the table shows, without its keys.
func (t *operatorTable) config(s *serving) term.OperatorConfig {
	control := portOf(s.control.Addr())
	show := term.OperatorConfig{
		Title: fmt.Sprintf("Pong server: control TCP %d, game UDP %s", control, gamePorts(s.sockets)),
		Look:  func(from, rows int) term.Operation { return t.look(s.cfg.Monitor, from, rows) },
		Kick:  func(id string) bool { return kick(s.cfg.Monitor, id) },
		CountFrom: func(prefix string) (players, watchers int) {
			p, _ := deny.ParsePrefix(prefix)
			n := s.cfg.Monitor.CountFrom(p)
			return n.Players, n.Watchers
		},
		Ban: func(prefix string) (players, watchers int, err error) {
			p, err := deny.ParsePrefix(prefix)
			if err != nil {
				return 0, 0, err
			}
			n, err := s.cfg.Monitor.Ban(p)
			return n.Players, n.Watchers, err
		},
		DenyFile: t.flags.deny,
		Log:      t.lines, In: os.Stdin, Out: os.Stdout,
	}
	link := s.joinLink(s.identity.Fingerprint())
	show.Links = []string{link, withoutFurther(link)}
	scanned := show.Links[1]
	if s.page != nil {
		scanned = pageLink(link)
	}
	var picture strings.Builder
	if !term.ASCIILocale(os.Getenv) && qr.Write(&picture, scanned, false) == nil {
		show.QR = picture.String()
	}
	return show
}

// kick removes the player with an id of the table.
func kick(monitor *server.Monitor, id string) bool {
	session, err := hex.DecodeString(id)
	return err == nil && len(session) == len(sealed.ID{}) && monitor.Kick(sealed.ID(session))
}

// gamePorts formats the ports of sockets, which follow each other.
func gamePorts(sockets []udp.Socket) string {
	return portRange(portOf(sockets[0].LocalAddr()), portOf(sockets[len(sockets)-1].LocalAddr()))
}

// portRange formats a range of ports.
func portRange(first, last int) string {
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
		In: a.In, Out: a.Out, Dropped: a.Dropped, Skipped: a.Skipped, Denied: a.Denied,
	}
	if t.flags.start == startOperator {
		o.Waiting = a.Ready
	}
	for _, w := range snap.Worst {
		o.Worst = append(o.Worst, term.OperatorPrefix{Prefix: deny.Format(w.Prefix), Count: w.Count})
	}
	for i := range snap.Rows {
		r := &snap.Rows[i]
		row := term.OperatorRow{Match: r.Match, Score: r.Score, State: admin.StateOf(r)}
		for k, s := range r.Seats {
			row.Names[k], row.RTT[k], row.Loss[k] = s.Name, s.RTT, s.Loss
			if s.Name != "" {
				row.IDs[k] = s.Session.String()
			}
			if s.From.IsValid() {
				row.Prefixes[k] = deny.Format(shard.ClientPrefix(s.From))
			}
		}
		o.Rows = append(o.Rows, row)
	}
	return o
}
