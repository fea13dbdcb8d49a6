package dial

import (
	"bufio"
	"context"
	"fmt"
	"time"

	"pong/internal/names"
	"pong/internal/wire"
)

// A Match is one that can be watched.
type Match struct {
	Name     string
	Names    [2]string
	Score    [2]int
	Watchers int
}

// List asks a server for the matches that can be watched, without joining it. The server has to be trusted as for
// Dial. If the person was asked, Trust of the Config that is returned is the fingerprint, so that a Dial need not ask
// again.
func List(ctx context.Context, cfg Config) ([]Match, Config, error) {
	cfg, err := cfg.checked()
	if err != nil {
		return nil, cfg, err
	}
	cfg.Ask = askOnce(cfg.Ask)
	var all []Match
	used := cfg
	err = retryWhileBusy(ctx, cfg, func() (err error) {
		all, used, err = list(ctx, cfg)
		return err
	})
	return all, used, err
}

// list asks for the matches over a connection of its own.
func list(ctx context.Context, cfg Config) ([]Match, Config, error) {
	conn, cfg, err := dialControl(ctx, cfg)
	if err != nil {
		return nil, cfg, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })()
	_ = conn.SetDeadline(time.Now().Add(dialWithin))
	ticket, err := cfg.ticketFor(conn.ConnectionState().PeerCertificates)
	if err != nil {
		return nil, cfg, err
	}
	if _, err := conn.Write(wire.AppendLine(nil, wire.Message{Type: wire.List, Ticket: ticket})); err != nil {
		return nil, cfg, &ClosedError{fmt.Errorf("list the matches: %w", err)}
	}
	lines := bufio.NewReaderSize(conn, wire.MaxLine)
	var all []Match
	for range wire.MaxListed {
		m, err := readAnswer(lines, wire.List, wire.Matches)
		if err != nil {
			return nil, cfg, err
		}
		if m.Match != "" {
			all = append(all, Match{
				Name: names.Display(m.Match), Names: [2]string{names.Display(m.Name1), names.Display(m.Name2)},
				Score: [2]int{m.Score1, m.Score2}, Watchers: m.Watchers,
			})
		}
		if m.More == 0 {
			break
		}
	}
	return all, cfg, nil
}
