package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"pong/internal/game"
	"pong/internal/trust"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// dialWithin is how long TCP, TLS and the WELCOME may take each.
const dialWithin = 10 * time.Second

// defaultPort is the control port of an address without one.
const defaultPort = 5555

// dialControl opens the control channel to a server that is trusted. An unknown server is left at once, the person
// asked, and on a yes the server dialled again: it must then show the same identity.
func dialControl(ctx context.Context, cfg Config) (*tls.Conn, error) {
	link, err := trust.ParseAddress(cfg.Address, defaultPort)
	if err != nil {
		return nil, err
	}
	var want *trust.Fingerprint
	if link.HasKey {
		want = &link.Key
	}
	if cfg.Trust != "" {
		f, err := trust.ParseFingerprint(cfg.Trust)
		if err != nil {
			return nil, err
		}
		if want != nil && *want != f {
			return nil, errors.New("the join link and --trust name different servers: use one of them")
		}
		want = &f
	}
	conn, err := dialTLS(ctx, cfg, link, want)
	var unknown *trust.UnknownError
	if !errors.As(err, &unknown) || cfg.Ask == nil {
		return conn, err
	}
	if !cfg.Ask(ctx, Question{Host: link.Address, Fingerprint: unknown.Key.String()}) {
		return nil, errors.New("the server was not trusted, so nothing was sent to it")
	}
	if conn, err = dialTLS(ctx, cfg, link, &unknown.Key); err != nil {
		return nil, err
	}
	if cfg.PinFile != "" {
		pin := trust.Pin{Address: link.Address, Key: unknown.Key, Date: time.Now()}
		if err := trust.NewPins(cfg.PinFile).Store(pin); err != nil {
			conn.Close()
			return nil, fmt.Errorf("keep the server's identity: %w", err)
		}
	}
	return conn, nil
}

func dialTLS(ctx context.Context, cfg Config, link trust.Link, want *trust.Fingerprint) (*tls.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", link.Address)
	if err != nil {
		return nil, fmt.Errorf("no connection to %s: %w\nIs the server running there, and does a firewall let TCP %s and its UDP port through?",
			link.Address, err, port(link.Address))
	}
	decide := func(peer []*x509.Certificate) (trust.Verdict, trust.Fingerprint, error) {
		if cfg.PinFile == "" {
			return trust.Decide(time.Now(), link.Address, want, nil, peer, nil)
		}
		return trust.NewPins(cfg.PinFile).Decide(time.Now(), link.Address, want, peer)
	}
	conn := tls.Client(raw, trust.ClientTLS(link.Host(), decide))
	if err := conn.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, fmt.Errorf("secure connection to %s: %w", link.Address, err)
	}
	return conn, nil
}

// dialGame opens the socket of the game channel, to the host of the control channel unless via says otherwise.
func dialGame(ctx context.Context, control *tls.Conn, w wire.Message, via string) (*net.UDPConn, error) {
	address := via
	if address == "" {
		host, _, err := net.SplitHostPort(control.RemoteAddr().String())
		if err != nil {
			return nil, fmt.Errorf("game channel: %w", err)
		}
		address = net.JoinHostPort(host, strconv.Itoa(w.UDPPort))
	}
	conn, err := new(net.Dialer).DialContext(ctx, "udp", address)
	if err != nil {
		return nil, fmt.Errorf("game channel to %s: %w", address, err)
	}
	return conn.(*net.UDPConn), nil
}

// checkWelcome takes from a WELCOME what the game channel needs.
func checkWelcome(w wire.Message) (id sealed.ID, token [wire.TokenLen]byte, rules game.Rules, err error) {
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
	case w.PlayerID != 1 && w.PlayerID != 2:
		err = fmt.Errorf("it names player %d", w.PlayerID)
	case w.UDPPort < 1 || w.UDPPort > 65535:
		err = fmt.Errorf("it names UDP port %d", w.UDPPort)
	case w.Points < 0 || w.Points > 65535:
		err = fmt.Errorf("it plays to %d points", w.Points)
	case w.TickRate != game.TickRate:
		err = fmt.Errorf("it plays %d ticks a second, not %d", w.TickRate, game.TickRate)
	}
	rules.Points = uint16(w.Points)
	return sealed.ID(session), [wire.TokenLen]byte(secret), rules, err
}

func port(address string) string {
	_, p, err := net.SplitHostPort(address)
	if err != nil {
		return "5555"
	}
	return p
}
