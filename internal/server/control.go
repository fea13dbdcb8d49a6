package server

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"time"

	"pong/internal/wire"
	"pong/netcode/sealed"
)

// accept takes connections until the listener is closed. The handshake is done by each connection's own goroutine
// and never here, or one that dribbles would keep everybody out.
func (s *server) accept(ctx context.Context, listener net.Listener) error {
	for {
		conn, err := listener.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if errors.Is(err, net.ErrClosed) {
				return fmt.Errorf("control socket: %w", err)
			}
			// Out of descriptors, or a connection that died in the queue: the next one may do better.
			s.door.refuse("accept")
			select {
			case <-ctx.Done():
			case <-time.After(50 * time.Millisecond):
			}
			continue
		}
		leave, reason := s.door.enter(remote(conn))
		if leave == nil {
			s.door.refuse(reason)
			conn.Close()
			continue
		}
		s.group.Go(func() {
			defer conn.Close()
			stop := context.AfterFunc(ctx, func() { s.hurry(conn) })
			defer stop()
			s.serveControl(ctx, conn, leave)
		})
	}
}

// hurry gives a connection a moment to write its last line when the server ends.
func (s *server) hurry(conn net.Conn) { _ = conn.SetDeadline(time.Now().Add(time.Second)) }

// serveControl is the life of a control connection.
//
//	accepted --TLS--> silent --JOIN--> seated --LEAVE, silence, error--> closed
//	         5 s             5 s               60 s
func (s *server) serveControl(ctx context.Context, raw net.Conn, leave func()) {
	defer leave()
	conn := tls.Server(raw, s.cfg.TLS)
	_ = raw.SetDeadline(time.Now().Add(handshakeWithin))
	if err := conn.HandshakeContext(ctx); err != nil {
		s.door.refuse("tls")
		return
	}
	_ = raw.SetDeadline(time.Now().Add(joinWithin))
	lines := bufio.NewReaderSize(conn, wire.MaxLine)
	join, code, err := readJoin(lines)
	if err != nil {
		s.door.refuse(code)
		s.say(conn, wire.Message{Type: wire.Error, Code: code, Message: err.Error()})
		return
	}
	seat, code, err := s.seat(ctx, conn, join)
	if err != nil {
		s.door.refuse(code)
		s.say(conn, wire.Message{Type: wire.Error, Code: code, Message: err.Error()})
		return
	}
	leave()
	_ = raw.SetDeadline(time.Time{})
	s.serveSeat(ctx, conn, lines, seat)
}

// seated is a player's place: the session, its shard and the lines for it.
type seated struct {
	id    sealed.ID
	shard int
	loop  *loop
	lines <-chan wire.Message
}

// seat gives a player a session and a seat. WELCOME and the presence lines are queued by the shard's goroutine, before
// any other line for this player.
func (s *server) seat(ctx context.Context, conn *tls.Conn, join wire.Message) (seated, string, error) {
	joiner, err := newJoiner(conn, join)
	if err != nil {
		return seated{}, wire.CodeBadLine, err
	}
	resumes := 0
	if joiner.Resume != nil {
		resumes = len(s.loops) // the seat may be in any shard
	}
	for shard := range max(resumes, 1) {
		if resumes == 0 {
			shard = s.lobby.enter()
		}
		p := seated{id: joiner.ID, shard: shard, loop: s.loops[shard], lines: s.players.add(joiner.ID)}
		err := s.join(ctx, p, joiner)
		if err == nil {
			if resumes > 0 {
				s.lobby.back(shard)
			}
			return p, "", nil
		}
		s.players.remove(joiner.ID)
		if resumes == 0 {
			s.lobby.leave(shard)
			return seated{}, wire.CodeFull, err
		}
	}
	return seated{}, wire.CodeResume, ErrResume
}

func (s *server) join(ctx context.Context, p seated, joiner Joiner) error {
	err := context.Canceled
	p.loop.do(ctx, func(now time.Time) {
		var welcome wire.Message
		if welcome, err = p.loop.shard.Join(now, joiner); err != nil {
			return
		}
		welcome.UDPPort = p.loop.port()
		s.players.tell(p.id, welcome)
		p.loop.shard.Presence(p.id)
	})
	return err
}

// newJoiner keys a session with the connection that asks for it.
func newJoiner(conn *tls.Conn, join wire.Message) (Joiner, error) {
	j := Joiner{Name: join.Name}
	if join.Resume != "" {
		secret, err := base64.RawURLEncoding.DecodeString(join.Resume)
		if err != nil {
			return j, fmt.Errorf("resume: %w", err)
		}
		j.Resume = secret
	}
	if _, err := rand.Read(j.ID[:]); err != nil {
		return j, err
	}
	state := conn.ConnectionState()
	secret, err := sealed.Export(&state, j.ID)
	if err != nil {
		return j, err
	}
	j.Sealed, err = sealed.New(sealed.Server, state.CipherSuite, secret, j.ID)
	return j, err
}

// serveSeat reads a player's lines and writes those for the player, until either ends.
func (s *server) serveSeat(ctx context.Context, conn *tls.Conn, lines *bufio.Reader, p seated) {
	written := make(chan struct{})
	s.group.Go(func() {
		defer close(written)
		for m := range p.lines {
			if !s.say(conn, m) {
				break
			}
		}
		conn.Close()
	})
	s.readLines(ctx, conn, lines, p)
	p.loop.do(ctx, func(now time.Time) { p.loop.shard.ControlLost(now, p.id) })
	s.players.remove(p.id)
	s.lobby.leave(p.shard)
	<-written
}

// readLines acts on a player's lines until the connection ends or says something that is not the protocol.
func (s *server) readLines(ctx context.Context, conn *tls.Conn, lines *bufio.Reader, p seated) {
	second, n := time.Now(), 0
	for {
		if ctx.Err() == nil {
			_ = conn.SetReadDeadline(time.Now().Add(controlSilence))
		}
		m, err := readLine(lines)
		if err != nil {
			if !isConnectionError(err) {
				s.refuseLine(p, err)
			}
			return
		}
		if now := time.Now(); now.Sub(second) > time.Second {
			second, n = now, 0
		}
		if n++; n > linesPerSecond {
			s.refuseLine(p, fmt.Errorf("more than %d control lines in a second", linesPerSecond))
			return
		}
		switch m.Type {
		case wire.Ping:
			s.players.tell(p.id, wire.Message{Type: wire.Pong, TS: m.TS})
		case wire.Rematch:
			p.loop.do(ctx, func(now time.Time) { p.loop.shard.Rematch(now, p.id) })
		case wire.Leave:
			p.loop.do(ctx, func(now time.Time) { p.loop.shard.Leave(now, p.id) })
			return
		default:
			s.refuseLine(p, fmt.Errorf("a %.20q is not expected from a player", m.Type))
			return
		}
	}
}

// refuseLine ends a player's control channel with the reason.
func (s *server) refuseLine(p seated, err error) {
	s.door.refuse(wire.CodeBadLine)
	s.players.tell(p.id, wire.Message{Type: wire.Error, Code: wire.CodeBadLine, Message: err.Error()})
}

// readJoin reads the first line, which must be a JOIN that can be granted.
func readJoin(lines *bufio.Reader) (join wire.Message, code string, err error) {
	join, err = readLine(lines)
	switch {
	case errors.Is(err, context.DeadlineExceeded) || isTimeout(err):
		return join, wire.CodeTimeout, errors.New("no JOIN came in time")
	case err != nil:
		return join, wire.CodeBadLine, err
	case join.Type != wire.Join:
		return join, wire.CodeBadLine, fmt.Errorf("the first line must be JOIN, not %.20q", join.Type)
	case join.Version != wire.Version:
		return join, wire.CodeVersion, fmt.Errorf("this server speaks version %d of the protocol, not %d: use the same release of pong on both sides", wire.Version, join.Version)
	case join.Role != "" && join.Role != wire.RolePlayer:
		return join, wire.CodeRole, fmt.Errorf("unknown role %.20q", join.Role)
	}
	if err := wire.CheckName(join.Name); err != nil {
		return join, wire.CodeName, err
	}
	return join, "", nil
}

func readLine(lines *bufio.Reader) (wire.Message, error) {
	line, err := lines.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return wire.Message{}, fmt.Errorf("a control line of more than %d bytes", wire.MaxLine)
	case err != nil:
		return wire.Message{}, err
	}
	return wire.ParseLine(line)
}

// started is the zero of the stamps of control lines.
var started = time.Now()

// say writes one line; false means that the connection is gone or its reader too slow.
func (s *server) say(conn net.Conn, m wire.Message) bool {
	if m.TS == 0 {
		m.TS = uint32(time.Since(started).Microseconds())
	}
	_ = conn.SetWriteDeadline(time.Now().Add(writeWithin))
	_, err := conn.Write(wire.AppendLine(nil, m))
	return err == nil
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}

// isConnectionError tells the end of a connection from a line that was refused.
func isConnectionError(err error) bool {
	var n net.Error
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, io.ErrClosedPipe) || errors.As(err, &n)
}

// remote returns the address of a connection's other end, invalid if it has none (a pipe in a test).
func remote(conn net.Conn) netip.Addr {
	ap, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr()
}
