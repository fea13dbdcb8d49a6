package dial

import (
	"bufio"
	"context"
	"fmt"
	"net/netip"
	"time"

	"pong/internal/crash"
	"pong/internal/wire"
)

// Ports are those at which a server is to be reached from outside.
type Ports struct{ Control, Game int }

// checkWithin bounds the time for the answer to CHECK. The other server takes 3 s at most.
const checkWithin = 6 * time.Second

// Check asks another server whether it reaches this machine at some ports: see CHECK in docs/protocol.md. Tokens of
// check datagrams that arrive at the game port must be sent to tokens. It returns a code of wire.CheckedOpen and the
// others, and the IP address that the other server sees. The other server has to be trusted as for Dial, and must not
// be asked about without a person.
func Check(ctx context.Context, cfg Config, at Ports, tokens <-chan [wire.TokenLen]byte) (
	code string, ip netip.Addr, err error,
) {
	if cfg, err = cfg.checked(); err != nil {
		return "", ip, err
	}
	conn, _, err := dialControl(ctx, cfg)
	if err != nil {
		return "", ip, err
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })()
	send := func(m wire.Message) error {
		_, err := conn.Write(wire.AppendLine(nil, m))
		return err
	}
	if err := send(wire.Message{Type: wire.Check, Port: at.Control, UDPPort: at.Game}); err != nil {
		return "", ip, fmt.Errorf("ask for the check: %w", err)
	}
	type result struct {
		m   wire.Message
		err error
	}
	answered := make(chan result, 1)
	go crash.Guarded(func() {
		m, err := readAnswer(bufio.NewReaderSize(conn, wire.MaxLine), wire.Check, wire.Checked)
		answered <- result{m, err}
	})()
	for {
		select {
		case token := <-tokens:
			if err := send(wire.Message{Type: wire.Check, Token: wire.FormatSecret(token[:])}); err != nil {
				return "", ip, fmt.Errorf("return the token: %w", err)
			}
		case r := <-answered:
			if r.err != nil {
				return "", ip, r.err
			}
			ip, err := netip.ParseAddr(r.m.Address)
			return r.m.Code, ip, err
		}
	}
}
