package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/lmittmann/tint"
	"golang.org/x/term"

	"pong/internal/trust"
	"pong/internal/udp"
)

// announce says where the server can be reached: as the first line of a JSON log, or in words.
func (f *serveFlags) announce(out io.Writer, log *slog.Logger, control net.Addr, games []udp.Socket, key trust.Fingerprint) {
	controlPort, gamePort := portOf(control), portOf(games[0].LocalAddr())
	hosts := f.hosts()
	link := f.joinLink(control, key)
	if f.log == "json" {
		log.Info("listening", "control_port", controlPort, "game_port", gamePort, "shards", len(games), "link", link, "fingerprint", key.String())
		return
	}
	fmt.Fprintf(out, "Pong server: control TCP %d, game UDP", controlPort)
	for _, g := range games {
		fmt.Fprintf(out, " %d", portOf(g.LocalAddr()))
	}
	fmt.Fprintln(out)
	for _, h := range hosts {
		fmt.Fprintf(out, "  address      %s\n", net.JoinHostPort(h, strconv.Itoa(controlPort)))
	}
	fmt.Fprintf(out, "  fingerprint  %s\n  join link    %s\n", key, link)
	fmt.Fprintf(out, "Join with: pong play '%s'\n", link)
	if isTerminal(os.Stdout) {
		_ = trust.WriteQR(out, link, os.Getenv("NO_COLOR") == "") // a picture of what stands above
	}
	if f.start == startOperator {
		fmt.Fprintln(out, "Waiting for players. Press ENTER to start once all are connected; Ctrl-C ends.")
	} else {
		fmt.Fprintln(out, "Waiting for players; a match starts when two are connected. Ctrl-C ends.")
	}
}

// logger writes the status log for people or for machines.
func (f *serveFlags) logger(out *os.File) *slog.Logger {
	if f.log == "json" {
		return slog.New(slog.NewJSONHandler(out, nil))
	}
	plain := os.Getenv("NO_COLOR") != "" || !isTerminal(out)
	return slog.New(tint.NewTextHandler(out, &tint.Options{NoColor: plain, TimeFormat: time.TimeOnly}))
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
