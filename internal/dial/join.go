package dial

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"time"

	"pong/internal/client"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// join says JOIN and waits for the WELCOME, until ctx is done or it has taken too long.
func join(ctx context.Context, conn *tls.Conn, lines *bufio.Reader, cfg Config) (w wire.WelcomeFields, err error) {
	_ = conn.SetDeadline(time.Now().Add(dialWithin))
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })
	m, err := askToJoin(conn, lines, cfg)
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

func askToJoin(conn *tls.Conn, lines *bufio.Reader, cfg Config) (wire.Message, error) {
	m := wire.Message{
		Type: wire.Join, Version: wire.Version, Name: cfg.Name, Role: wire.RolePlayer, Room: cfg.Room, Resume: cfg.Resume,
	}
	if cfg.Watch {
		m.Role, m.Match = wire.RoleWatcher, cfg.Match
	}
	_, err := conn.Write(wire.AppendLine(nil, m))
	if err != nil {
		return wire.Message{}, fmt.Errorf("join: %w", err)
	}
	line, err := wire.ReadLine(lines)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return wire.Message{}, fmt.Errorf("the server let us in and said nothing for %v: try again later", dialWithin)
	case errors.Is(err, wire.ErrLongLine):
		return wire.Message{}, fmt.Errorf("the server's welcome cannot be read: %w", err)
	case err != nil:
		return wire.Message{}, fmt.Errorf("the server closed the connection instead of a welcome: %w", err)
	}
	m, err = wire.ParseLine(line)
	switch {
	case err != nil:
		return m, fmt.Errorf("the server's welcome cannot be read: %w", err)
	case m.Type == wire.Error:
		return m, &RefusedError{Code: m.Code, Message: m.Message}
	case m.Type != wire.Welcome:
		return m, fmt.Errorf("the server answered JOIN with %.20q", m.Type)
	}
	return m, nil
}

// A RefusedError is a server's no.
type RefusedError struct{ Code, Message string }

// Error returns the server's words, which come from the network and are shown quoted.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("the server refused (%.20s): %.200q", e.Code, e.Message)
}

// openSession keys the game channel with the connection that the WELCOME came over.
func openSession(
	now time.Time, conn *tls.Conn, w wire.WelcomeFields, cfg Config, send func(datagram []byte),
) (*client.Session, error) {
	state := conn.ConnectionState()
	keys, err := sealed.NewClient(&state, w.Session, sealed.Config{Label: wire.KeyLabel, KeyLog: cfg.KeyLog})
	if err != nil {
		return nil, err
	}
	return client.NewSession(now, client.SessionConfig{
		Welcome: w, Sealed: keys, Settings: client.Settings{View: cfg.View}, Patience: cfg.Patience, Send: send,
	}), nil
}
