package dial

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// join says JOIN and waits for the WELCOME, until ctx is done or it has taken too long.
func join(ctx context.Context, conn *tls.Conn, lines *bufio.Reader, cfg Config) (wire.Message, error) {
	_ = conn.SetDeadline(time.Now().Add(dialWithin))
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })
	m, err := askToJoin(conn, lines, cfg)
	if !stop() {
		return m, fmt.Errorf("join: %w", context.Cause(ctx))
	}
	_ = conn.SetDeadline(time.Time{})
	return m, err
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
	line, err := lines.ReadSlice('\n')
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return wire.Message{}, fmt.Errorf("the server let us in and said nothing for %v: try again later", dialWithin)
	case errors.Is(err, bufio.ErrBufferFull):
		return wire.Message{}, errors.New("the server's welcome cannot be read: it does not end")
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
	now time.Time, conn *tls.Conn, w wire.Message, cfg Config, send func(datagram []byte),
) (*client.Session, error) {
	id, token, rules, err := checkWelcome(w, cfg.Watch)
	if err != nil {
		return nil, fmt.Errorf("the server's welcome: %w", err)
	}
	state := conn.ConnectionState()
	keys, err := sealed.NewClient(&state, id, sealed.Config{Label: wire.KeyLabel, KeyLog: cfg.KeyLog})
	if err != nil {
		return nil, err
	}
	return client.NewSession(now, client.SessionConfig{
		Welcome: w, Token: token, Rules: rules, Sealed: keys, Settings: client.Settings{View: cfg.View}, Watch: cfg.Watch,
		Patience: cfg.Patience, Send: send,
	}), nil
}

// checkWelcome takes from a WELCOME what the game channel needs.
func checkWelcome(w wire.Message, watch bool) (id sealed.ID, token [wire.TokenLen]byte, rules game.Rules, err error) {
	session, err := hex.DecodeString(w.Session)
	if err != nil || len(session) != len(id) {
		return id, token, rules, errors.New("it names no session")
	}
	secret, err := base64.RawURLEncoding.DecodeString(w.Token)
	if err != nil || len(secret) != len(token) {
		return id, token, rules, errors.New("it has no token")
	}
	if rules, err = game.ParseRules(w.Rules); err != nil {
		return id, token, rules, err
	}
	switch {
	case watch && w.PlayerID != 0 || !watch && w.PlayerID != 1 && w.PlayerID != 2:
		err = fmt.Errorf("it names player %d", w.PlayerID)
	case w.UDPPort < 1 || w.UDPPort > 65535:
		err = fmt.Errorf("it names UDP port %d", w.UDPPort)
	case w.Points < 0 || w.Points > 65535:
		err = fmt.Errorf("it plays to %d points", w.Points)
	case wire.CheckStateRate(w.StateRate) != nil:
		err = wire.CheckStateRate(w.StateRate)
	case w.TickRate != game.TickRate:
		err = fmt.Errorf("it plays %d ticks a second, not %d", w.TickRate, game.TickRate)
	}
	rules.Points = uint16(w.Points)
	return sealed.ID(session), [wire.TokenLen]byte(secret), rules, err
}
