package server

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"pong/internal/shard"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// serveControl is the life of a control connection.
//
//	accepted --TLS--> silent --JOIN--> seated --LEAVE, silence, error--> closed
//	         5 s             5 s               60 s
func (s *server) serveControl(ctx context.Context, raw net.Conn, g *pendingConn) {
	defer s.pending.remove(g)
	shaken := &limitedConn{Conn: raw, limiter: s.handshakes}
	conn := tls.Server(shaken, s.cfg.TLS)
	defer conn.Close()
	lines := bufio.NewReaderSize(conn, shortLine)
	var p player
	var ok bool
	onFreshStack(func() { p, ok = s.admit(ctx, g, shaken, conn, lines) })
	if !ok {
		return
	}
	s.pending.remove(g)
	_ = raw.SetDeadline(time.Time{})
	s.servePlayer(conn, lines, p)
}

// admit does what comes before the seat; false means that there is none, and that all has been said and counted.
func (s *server) admit(ctx context.Context, g *pendingConn, raw *limitedConn, conn *tls.Conn, lines *bufio.Reader) (p player, ok bool) {
	_ = raw.SetDeadline(time.Now().Add(handshakeWithin))
	if err := raw.Handshake(func() error { return conn.HandshakeContext(ctx) }); err != nil {
		s.refuse(g, nil, "tls", err)
		return p, false
	}
	_ = raw.SetDeadline(time.Now().Add(joinWithin))
	join, code, err := readJoin(lines, func() {
		for _, m := range s.list() {
			s.writeLine(conn, m)
		}
	})
	if errors.Is(err, errListed) {
		s.pending.remove(g)
		return p, false
	}
	if err == nil {
		p, code, err = s.join(conn, join)
	}
	if err != nil {
		s.refuse(g, conn, code, err)
		return p, false
	}
	return p, true
}

// refuse counts one who may not join and, once there is TLS, says why. Until that has been read the connection still
// has its place at the door, so that nobody can pile up refused ones.
func (s *server) refuse(g *pendingConn, conn *tls.Conn, code string, err error) {
	if s.pending.contains(g) {
		s.pending.refuse(code)
	}
	if conn != nil && s.writeLine(conn, refusal(code, err)) {
		linger(conn)
	}
}

// refusal is the ERROR that tells a player why. The reason may quote what the player sent, so its length is bounded.
func refusal(code string, err error) wire.Message {
	return wire.Message{Type: wire.Error, Code: code, Message: fmt.Sprintf("%.200s", err)}
}

// player is a player's place: the session, the loop of its shard and the lines for the player.
type player struct {
	id    sealed.ID
	loop  *loop
	lines <-chan *wire.Message
}

// seat gives a player a session and a seat. WELCOME and the presence lines are queued by the shard's goroutine, before
// any other line for this player.
func (s *server) join(conn *tls.Conn, join wire.Message) (p player, code string, err error) {
	joiner, err := newJoiner(conn, join, s.cfg.KeyLog)
	if err != nil {
		return p, wire.CodeBadLine, err
	}
	p = player{id: joiner.ID, lines: s.players.add(joiner.ID)}
	p.loop, err = s.lobby.seat(joiner, func(l *loop) error {
		err := shard.ErrClosing
		l.do(func(now time.Time) {
			var welcome wire.Message
			if welcome, err = l.shard.Join(now, joiner); err != nil {
				return
			}
			welcome.UDPPort = l.port()
			s.players.send(joiner.ID, welcome)
			l.shard.Presence(now, joiner.ID)
		})
		return err
	})
	if err == nil {
		return p, "", nil
	}
	s.players.remove(joiner.ID)
	return p, codeOf(err), err
}

// codeOf is the code of ERROR for why somebody is not seated.
func codeOf(err error) string {
	switch {
	case errors.Is(err, shard.ErrResume):
		return wire.CodeResume
	case errors.Is(err, shard.ErrFull):
		return wire.CodeFull
	case errors.Is(err, shard.ErrRoom):
		return wire.CodeRoom
	case errors.Is(err, shard.ErrMatch):
		return wire.CodeMatch
	}
	return wire.CodeClosing
}

// newJoiner keys a session with the connection that asks for it.
func newJoiner(conn *tls.Conn, join wire.Message, keyLog io.Writer) (shard.JoinRequest, error) {
	j := shard.JoinRequest{
		Name: join.Name, Room: join.Room, Watch: join.Role == wire.RoleWatcher, Match: join.Match,
		Addr: remote(conn.NetConn()).Unmap(), Local: addrOf(conn.NetConn().LocalAddr()).Unmap(),
	}
	if join.Resume != "" {
		secret, err := base64.RawURLEncoding.DecodeString(join.Resume)
		if err != nil || len(secret) != wire.TokenLen {
			return j, fmt.Errorf("%w: resume is not %d bytes in base64url", errLine, wire.TokenLen)
		}
		j.Resume = secret
	}
	state := conn.ConnectionState()
	session, err := sealed.NewServer(&state, sealed.Config{Label: wire.KeyLabel, KeyLog: keyLog})
	if err != nil {
		return j, err
	}
	j.ID, j.Sealed = session.ID(), session
	return j, nil
}

// servePlayer reads a player's lines and writes those for the player, until either ends.
func (s *server) servePlayer(conn *tls.Conn, lines *bufio.Reader, p player) {
	written, read := make(chan struct{}), make(chan struct{})
	s.group.Go(func() {
		defer close(written)
		defer conn.Close()
		last := ""
		for m := range p.lines {
			said := false
			if onFreshStack(func() { said = s.writeLine(conn, *m) }); !said {
				awaitReader(read) // who hangs up may have said LEAVE before
				return
			}
			last = m.Code
		}
		if last == wire.CodeBadLine { // nobody reads any more: who reads has said it
			linger(conn)
		}
	})
	why := s.readLines(conn, lines, p)
	close(read)
	p.loop.do(func(now time.Time) { p.loop.shard.ControlLost(now, p.id, closeReason(why)) })
	s.players.remove(p.id)
	<-written
}

// readLines acts on a player's lines until the connection ends or says something that is not the protocol, and returns
// which.
func (s *server) readLines(conn net.Conn, lines *bufio.Reader, p player) error {
	second, n := time.Now(), 0
	for {
		_ = conn.SetReadDeadline(time.Now().Add(controlSilence))
		line, err := nextLine(lines)
		if now := time.Now(); now.Sub(second) > time.Second {
			second, n = now, 0
		}
		if n++; err == nil && n > linesPerSecond {
			err = fmt.Errorf("%w: more than %d control lines in a second", errLine, linesPerSecond)
		}
		onFreshStack(func() { err = s.handleLine(p, line, err) })
		if err != nil {
			return err
		}
	}
}

// errListed is the end of one who only wanted to know what is being played.
var errListed = errors.New("has the list")

// readJoin reads the first lines: LISTs, for each of which list is called, and a JOIN that can be granted.
func readJoin(lines *bufio.Reader, list func()) (join wire.Message, code string, err error) {
	for n := 0; ; n++ {
		join, err = readLine(lines)
		if n > 0 && errors.Is(err, io.EOF) {
			return join, "", errListed
		}
		if err != nil || join.Type != wire.List || n == linesPerSecond {
			return checkJoin(join, err)
		}
		list()
	}
}

// checkJoin says why a line that was read is no JOIN that can be granted.
func checkJoin(join wire.Message, err error) (wire.Message, string, error) {
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return join, wire.CodeTimeout, errors.New("no JOIN came in time")
	case err != nil:
		return join, wire.CodeBadLine, err
	case join.Type != wire.Join:
		return join, wire.CodeBadLine, fmt.Errorf("%w: the first must be JOIN, not %.20q", errLine, join.Type)
	case join.Version != wire.Version:
		return join, wire.CodeVersion, fmt.Errorf("this server speaks version %d of the protocol, not %d: use the same release of pong on both sides", wire.Version, join.Version)
	case join.Role != "" && join.Role != wire.RolePlayer && join.Role != wire.RoleWatcher:
		return join, wire.CodeRole, fmt.Errorf("unknown role %.20q", join.Role)
	}
	if join.Room != "" {
		if err := wire.CheckRoom(join.Room); err != nil {
			return join, wire.CodeRoom, err
		}
	}
	if err := wire.CheckName(join.Name); err != nil {
		return join, wire.CodeName, err
	}
	return join, "", nil
}

// errLine marks a line that was refused, as opposed to a connection that has ended.
var errLine = errors.New("line refused")

// shortLine is the room that a player's lines have while they are short, as they are: a buffer for the longest one would
// be an eighth of what a session takes.
const shortLine = 512

// nextLine reads one line as it stands. It is where a player's goroutine spends its hours, so it and what calls it must
// need little of a stack: no message, which is 300 bytes, stands there.
func nextLine(lines *bufio.Reader) ([]byte, error) {
	line, err := wire.ReadLine(lines)
	if errors.Is(err, wire.ErrLongLine) {
		return nil, fmt.Errorf("%w: more than %d bytes", errLine, wire.MaxLine)
	}
	return line, err
}

func readLine(lines *bufio.Reader) (wire.Message, error) {
	line, err := nextLine(lines)
	if err != nil {
		return wire.Message{}, err
	}
	return parseLine(line)
}

func parseLine(line []byte) (wire.Message, error) {
	m, err := wire.ParseLine(line)
	if err != nil {
		return m, fmt.Errorf("%w: %w", errLine, err)
	}
	return m, nil
}

// say writes one line; false means that the connection is gone or its reader too slow.
func (s *server) writeLine(conn net.Conn, m wire.Message) bool {
	if m.TS == 0 {
		m.TS = uint32(time.Since(s.started).Microseconds())
	}
	_ = conn.SetWriteDeadline(time.Now().Add(writeWithin))
	_, err := conn.Write(wire.AppendLine(nil, m))
	return err == nil
}
