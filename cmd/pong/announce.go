package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/lmittmann/tint"
	xterm "golang.org/x/term"

	"pong/internal/linequeue"
	"pong/internal/qr"
	"pong/internal/term"
	"pong/internal/trust"
	"pong/internal/wire"
)

// announce prints where the server can be reached: as the first line of a JSON log, otherwise as text.
func (s *serving) announce() {
	f, log := s.flags, s.cfg.Log
	if f.keyLog != "" {
		defer func() { log.Warn(fmt.Sprintf(keyLogWarning, f.keyLog)) }()
	}
	controlPort, gamePort := portOf(s.control.Addr()), portOf(s.sockets[0].LocalAddr())
	key := s.identity.Fingerprint()
	link := s.joinLink(key)
	if f.log == "json" {
		log.Info("listening", "control_port", controlPort, "game_port", gamePort, "shards", len(s.sockets),
			"link", link, "fingerprint", key.String(), "fairness", string(f.fair))
		if note := f.certs.note(); note != "" {
			log.Info("the server's identity is in the folder", "certs", note)
		}
		return
	}
	out := new(bytes.Buffer)
	defer func() { _, _ = out.WriteTo(s.out) }()
	fmt.Fprintf(out, "Pong server: control TCP %d, game UDP", controlPort)
	for _, g := range s.sockets {
		fmt.Fprintf(out, " %d", portOf(g.LocalAddr()))
	}
	fmt.Fprintln(out)
	if outside := s.outside(); outside.host != "" {
		fmt.Fprintf(out, "  address      %s\n", outside.address(controlPort))
	}
	for _, h := range f.hosts() {
		fmt.Fprintf(out, "  address      %s\n", net.JoinHostPort(h, strconv.Itoa(controlPort)))
	}
	fmt.Fprintf(out, "  fingerprint  %s\n  join link    %s\n", key, link)
	fmt.Fprintf(out, "  fairness     %v: %s\n", f.fair, fairnessNotes[f.fair])
	if s.page != nil {
		fmt.Fprintf(out, "  in a browser %s\n", pageLink(link))
	}
	if note := f.certs.note(); note != "" {
		fmt.Fprintf(out, "  identity     %s\n", note)
	}
	if len(f.hostKeys) > 0 {
		fmt.Fprintf(out, "Only players with a join ticket can join. Make a link for each with: %s\n",
			trust.Command("pong", "ticket", link, "--name", "NAME"))
	} else {
		fmt.Fprintf(out, "Join with: %s\n", trust.Command("pong", "play", link))
	}
	switch {
	case len(f.hostKeys) > 0: // the link alone is of no use
	case !isTerminal(os.Stdout):
	case term.ASCIILocale(os.Getenv):
		fmt.Fprintln(out, "There is no QR code, because the locale of this terminal has no UTF-8.")
	case s.page != nil:
		_ = qr.Write(out, pageLink(link), coloured(os.Stdout))
	default:
		_ = qr.Write(out, withoutFurther(link), coloured(os.Stdout)) // the link is printed above in any case
	}
	if f.start == startOperator {
		fmt.Fprintln(out, "Waiting for players. Press Enter to start once all are connected; Ctrl-C ends.")
	} else {
		fmt.Fprintln(out, "Waiting for players; a match starts when two are connected. Ctrl-C ends.")
	}
}

// logger returns a log in the format of --log. The caller makes sure that out does not block.
func (f *serveFlags) logger(out io.Writer) *slog.Logger {
	if f.log == "json" {
		return slog.New(slog.NewJSONHandler(out, nil))
	}
	options := &tint.Options{NoColor: !coloured(os.Stdout), TimeFormat: time.TimeOnly}
	return slog.New(tint.NewTextHandler(out, options))
}

// queue returns the writer of everything that the server prints. Nothing waits for what reads it: a pipe that is not
// read, a terminal after Ctrl-S, a window of the Windows console in which text is selected.
func (f *serveFlags) queue(out io.Writer) *linequeue.Writer {
	return linequeue.New(linequeue.Config{Out: out, Note: func(lost int) []byte {
		line := new(bytes.Buffer)
		f.logger(line).Warn("nothing took the lines of this log for a while, so some are missing", "lines", lost)
		return line.Bytes()
	}})
}

func isTerminal(f *os.File) bool { return xterm.IsTerminal(int(f.Fd())) }

// fairnessNotes say what a fairness does, for an operator.
var fairnessNotes = map[wire.Fairness]string{
	wire.FairnessShare: "of two players, the one nearer to this server gives up half of that advantage, at most 0.1 s",
	wire.FairnessOff:   "of two players, the one nearer to this server sees moves sooner",
	wire.FairnessEqual: "of two players, both have the same time to react, and the nearer one sees moves late",
}
