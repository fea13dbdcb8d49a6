package dial

import (
	"bufio"
	"context"
	"fmt"
	"time"

	"pong/internal/wire"
)

// A Match is one that is being played, as the server tells those who may want to look on.
type Match struct {
	Name     string
	Names    [2]string
	Score    [2]int
	Watchers int
}

// List asks a server what is being played, without joining it. The server has to be trusted as for Dial; Config's Trust
// comes back with the fingerprint if the person was asked, so that a Dial that follows need not ask again.
func List(ctx context.Context, cfg Config) ([]Match, Config, error) {
	cfg, err := cfg.checked()
	if err != nil {
		return nil, cfg, err
	}
	conn, cfg, err := dialControl(ctx, cfg)
	if err != nil {
		return nil, cfg, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })()
	_ = conn.SetDeadline(time.Now().Add(dialWithin))
	if _, err := conn.Write(wire.AppendLine(nil, wire.Message{Type: wire.List})); err != nil {
		return nil, cfg, fmt.Errorf("ask for the matches: %w", err)
	}
	lines := bufio.NewReaderSize(conn, wire.MaxLine)
	var all []Match
	for range wire.MaxListed {
		m, err := readMatches(lines)
		if err != nil {
			return nil, cfg, err
		}
		if m.Match != "" {
			all = append(all, Match{
				Name: wire.DisplayName(m.Match), Names: [2]string{wire.DisplayName(m.Name1), wire.DisplayName(m.Name2)},
				Score: [2]int{m.Score1, m.Score2}, Watchers: m.Watchers,
			})
		}
		if m.More == 0 {
			break
		}
	}
	return all, cfg, nil
}

func readMatches(lines *bufio.Reader) (wire.Message, error) {
	line, err := wire.ReadLine(lines)
	if err != nil {
		return wire.Message{}, fmt.Errorf("the server does not say what is being played: %w", err)
	}
	m, err := wire.ParseLine(line)
	switch {
	case err != nil:
		return m, fmt.Errorf("the server's list cannot be read: %w", err)
	case m.Type == wire.Error:
		return m, &RefusedError{Code: m.Code, Message: m.Message}
	case m.Type != wire.Matches:
		return m, fmt.Errorf("the server answered LIST with %.20q", m.Type)
	}
	return m, nil
}
