package dial

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"time"

	"pong/internal/wire"
)

// A RefusedError is a server's ERROR in answer to JOIN or LIST.
type RefusedError struct{ Code, Message string }

// Error returns the code and the server's own words. These come from the network, so they are quoted.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("the server refused (%.20s): %.200q", e.Code, e.Message)
}

// askAgain is the time between two JOINs of a watcher that waits for a match.
const askAgain = time.Second

// join sends JOIN and waits for the WELCOME, until ctx ends or for dialWithin. If there is no match to watch, it asks
// again over the same connection, if cfg says so and the server keeps it open.
func join(ctx context.Context, cfg Config, conn *tls.Conn, lines *bufio.Reader) (w wire.WelcomeFields, err error) {
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })
	m, err := exchangeJoin(ctx, cfg, conn, lines)
	for cfg.Watch && cfg.Match == "" && cfg.AwaitMatch && refusedWith(err, wire.CodeMatch) {
		select {
		case <-ctx.Done():
		case <-time.After(askAgain):
		}
		again, failed := exchangeJoin(ctx, cfg, conn, lines)
		var refused *RefusedError
		if failed != nil && !errors.As(failed, &refused) {
			break // the server has closed the connection, and err is why
		}
		m, err = again, failed
	}
	if !stop() {
		return w, fmt.Errorf("join: %w", context.Cause(ctx))
	}
	_ = conn.SetDeadline(time.Time{})
	if err != nil {
		return w, err
	}
	if w, err = wire.ParseWelcome(m, cfg.Watch); err != nil {
		return w, fmt.Errorf("the server's answer to JOIN: %w", err)
	}
	return w, nil
}

// exchangeJoin sends JOIN and reads the WELCOME, within dialWithin.
func exchangeJoin(ctx context.Context, cfg Config, conn *tls.Conn, lines *bufio.Reader) (wire.Message, error) {
	_ = conn.SetDeadline(time.Now().Add(dialWithin))
	if ctx.Err() != nil { // if ctx ends later, the deadline is set after this one
		return wire.Message{}, context.Cause(ctx)
	}
	m := wire.Message{
		Type: wire.Join, Version: wire.Version, Name: cfg.Name, Role: wire.RolePlayer, Room: cfg.Room,
		Resume: cfg.Resume,
	}
	if cfg.Resume == "" {
		var err error
		if m.Ticket, err = cfg.ticketFor(conn.ConnectionState().PeerCertificates); err != nil {
			return m, err
		}
	}
	if cfg.Watch {
		m.Role, m.Match = wire.RoleWatcher, cfg.Match
	}
	if _, err := conn.Write(wire.AppendLine(nil, m)); err != nil {
		return m, &ClosedError{fmt.Errorf("join: %w", err)}
	}
	return readAnswer(lines, wire.Join, wire.Welcome)
}

// readAnswer reads the server's answer to a line of one type, which must be a line of another.
func readAnswer(lines *bufio.Reader, to, want string) (wire.Message, error) {
	line, err := wire.ReadLine(lines)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return wire.Message{}, fmt.Errorf("the server did not answer %s within %v: try again later", to, dialWithin)
	case errors.Is(err, wire.ErrLongLine):
		return wire.Message{}, fmt.Errorf("the server's answer to %s cannot be read: %w", to, err)
	case err != nil:
		return wire.Message{}, &ClosedError{
			fmt.Errorf("the server closed the connection instead of answering %s; it may be busy: %w", to, err),
		}
	}
	m, err := wire.ParseLine(line)
	switch {
	case err != nil:
		return m, fmt.Errorf("the server's answer to %s cannot be read: %w", to, err)
	case m.Type == wire.Error:
		return m, &RefusedError{Code: m.Code, Message: m.Message}
	case m.Type != want:
		return m, fmt.Errorf("the server answered %s with %.20q", to, m.Type)
	}
	return m, nil
}
