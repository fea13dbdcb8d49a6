package server

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"time"

	"pong/internal/crash"
	"pong/internal/names"
	"pong/internal/rooms"
	"pong/internal/shard"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// The limits on a control connection.
const (
	handshakeWithin = 5 * time.Second // in all, however slowly the bytes arrive
	joinWithin      = 5 * time.Second // after the handshake
	controlSilence  = 60 * time.Second
	linesPerSecond  = 50
	writeWithin     = 5 * time.Second
	ackWithin       = 30 * time.Second // a client must acknowledge what was sent to it, where the system can check that
)

// serveControl serves a control connection until it ends.
//
//	accepted --TLS--> silent --JOIN--> seated --LEAVE, silence, error--> closed
//	         5 s             5 s               60 s
func (s *server) serveControl(c *pendingConn) {
	defer s.pending.remove(c)
	limited := &limitedConn{Conn: c.Conn, pending: c, limiter: s.handshakes}
	conn := tls.Server(limited, s.cfg.TLS)
	defer conn.Close()
	lines := bufio.NewReaderSize(conn, lineBuffer)
	var p player
	var ok bool
	onFreshStack(func() { p, ok = s.admit(c, limited, conn, lines) })
	if !ok {
		return
	}
	defer s.descriptors.give()
	s.pending.remove(c)
	_ = c.SetDeadline(time.Time{})
	s.servePlayer(conn, lines, p)
}

// admit does the handshake, reads JOIN and joins the client. If ok is false the client was refused, which is counted,
// and was told why.
func (s *server) admit(c *pendingConn, limited *limitedConn, conn *tls.Conn, lines *bufio.Reader) (p player, ok bool) {
	_ = c.SetDeadline(time.Now().Add(handshakeWithin))
	if err := limited.Handshake(func() error { return handshake(c, conn) }); err != nil {
		s.pending.refuse(c, "tls")
		return p, false
	}
	c.secured.Store(true)
	if s.isWeb(conn) {
		_ = c.SetDeadline(time.Time{})
		s.cfg.Web(c.ctx, conn, func() { s.pending.promote(c) })
		return p, false
	}
	_ = c.SetDeadline(time.Now().Add(joinWithin))
	if c.evicted() { // before the deadline was set
		_ = c.SetReadDeadline(time.Now())
	}
	defer s.endMatchWait(c)
	for {
		join, code, err := s.readJoin(lines, func() { s.writeLine(conn, theList) })
		if err == nil && join.Type == wire.Check {
			s.answerCheck(c, conn, lines, join)
			err = errChecked
		}
		if errors.Is(err, errListed) || errors.Is(err, errChecked) {
			return p, false
		}
		if err != nil && c.evicted() {
			s.writeLine(conn, refusal(wire.CodeBusy, errEvicted))
			return p, false
		}
		if err == nil {
			p, code, err = s.join(c, conn, join)
		}
		if err == nil {
			return p, true
		}
		if !c.waits {
			s.pending.refuse(c, code)
			s.logRefusal(c, code)
		}
		refused := refusal(code, err)
		if s.awaitMatch(c, conn, join, refused) {
			continue
		}
		// The connection stays pending until the client has read the reason, so that nobody can pile up refused
		// connections.
		if s.writeLine(conn, refused) {
			linger(conn)
		}
		return p, false
	}
}

// isWeb reports whether a connection is that of a browser.
func (s *server) isWeb(conn *tls.Conn) bool {
	return s.cfg.Web != nil && conn.ConnectionState().NegotiatedProtocol != s.cfg.TLS.NextProtos[0]
}

// handshake does the handshake of a connection until it is evicted or the server ends. HandshakeContext would start a
// goroutine to notice that, for each of hundreds of connections in a flood.
func handshake(c *pendingConn, conn *tls.Conn) error {
	defer context.AfterFunc(c.ctx, func() { _ = c.SetReadDeadline(time.Now()) })()
	return conn.Handshake()
}

// refusal returns the ERROR with the reason for a refusal. The reason may quote the client, so its length is limited.
func refusal(code string, err error) wire.Message {
	return wire.Message{Type: wire.Error, Code: code, Message: fmt.Sprintf("%.200s", err)}
}

// errOtherRoom refuses a client that does not name the only room of a server.
var errOtherRoom = errors.New("this server is for one match: ask its host for the whole link, or the room's code")

// A player is a player or watcher with a seat.
type player struct {
	id    sealed.ID
	loop  *loop
	from  netip.Addr           // the client's end of the connection
	lines <-chan *wire.Message // to be written to the client

	// Of the goroutine that reads lines:
	hidden   bool      // no frames of the client's screen are drawn
	nextList time.Time // when the next answer to LIST may be sent
}

// join gives a client a session and a seat. The shard queues WELCOME, PRESENCE and START before any other line.
func (s *server) join(c *pendingConn, conn *tls.Conn, join wire.Message) (p player, code string, err error) {
	request, err := newJoinRequest(conn, join, s.cfg.KeyLog)
	if err != nil {
		return p, wire.CodeBadLine, err
	}
	if err := s.awaitGuess(c, join); err != nil {
		return p, codeOf(err), err
	}
	if s.cfg.Room != "" && join.Room != s.cfg.Room && join.Resume == "" {
		return p, wire.CodeRoom, errOtherRoom
	}
	if !s.descriptors.take(request.Resume != nil) {
		s.warnAccept(errDescriptors)
		return p, wire.CodeFull, errDescriptors
	}
	p = player{id: request.ID, from: request.Addr, lines: s.players.add(request.ID)}
	if s.cluster != nil && request.Resume != nil {
		p.loop, err = s.resume(c.ctx, request)
	} else {
		p.loop, err = s.lobby.join(request)
	}
	if err != nil {
		s.descriptors.give()
		s.players.remove(request.ID)
		err = s.delayWrong(c, join, err)
		return p, codeOf(err), err
	}
	return p, "", nil
}

// codeOf returns the code of ERROR for an error of join.
func codeOf(err error) string {
	switch {
	case errors.Is(err, shard.ErrResume):
		return wire.CodeResume
	case errors.Is(err, shard.ErrFull):
		return wire.CodeFull
	case errors.Is(err, shard.ErrCrowded), errors.Is(err, errAtOther):
		return wire.CodeBusy
	case errors.Is(err, shard.ErrRoom), errors.Is(err, shard.ErrSentAway):
		return wire.CodeRoom
	case errors.Is(err, shard.ErrDenied):
		return wire.CodeDenied
	case errors.Is(err, shard.ErrKicked):
		return wire.CodeKicked
	case errors.Is(err, shard.ErrMatch):
		return wire.CodeMatch
	case errors.Is(err, shard.ErrTicket):
		return wire.CodeTicketInUse
	case errors.Is(err, errGuesses):
		return wire.CodeGuesses
	case errors.Is(err, errEvicted):
		return wire.CodeBusy
	}
	return wire.CodeClosing
}

// newJoinRequest returns the request for a JOIN, with a session that is keyed by its connection.
func newJoinRequest(conn *tls.Conn, join wire.Message, keyLog io.Writer) (shard.JoinRequest, error) {
	raw := conn.NetConn()
	r := shard.JoinRequest{
		Name: join.Name, Room: join.Room, Watch: join.Role == wire.RoleWatcher, Match: join.Match,
		Addr: addrPort(raw.RemoteAddr()).Addr(), Ticket: ticketID(join),
	}
	if join.Resume != "" {
		secret, ok := wire.ParseSecret(join.Resume)
		if !ok {
			return r, fmt.Errorf("%w: resume is not %d bytes in base64url", errLine, wire.TokenLen)
		}
		r.Resume = secret[:]
	}
	state := conn.ConnectionState()
	session, err := sealed.NewServer(&state, sealed.Config{Label: wire.KeyLabel, KeyLog: keyLog})
	if err != nil {
		return r, err
	}
	r.ID, r.Sealed = session.ID(), session
	return r, nil
}

// errListed ends a connection whose client only wanted the list of matches.
var errListed = errors.New("the client has the list")

// readJoin reads the first lines: up to two LISTs, for each of which it calls list, and a valid JOIN or CHECK. Tickets
// are checked.
func (s *server) readJoin(lines *bufio.Reader, list func()) (join wire.Message, code string, err error) {
	for n := 0; ; n++ {
		join, err = readLine(lines)
		if n > 0 && errors.Is(err, io.EOF) {
			return join, "", errListed
		}
		if err == nil && join.Type == wire.List && n == listsBeforeJoin {
			return join, wire.CodeBadLine, fmt.Errorf("%w: more than %d LISTs before JOIN", errLine, listsBeforeJoin)
		}
		if err != nil || join.Type != wire.List {
			return s.checkJoin(join, err)
		}
		if code, err := s.useTicket(&join); err != nil {
			return join, code, err
		}
		list()
	}
}

// checkJoin checks a line that was read, or the error of reading it.
func (s *server) checkJoin(join wire.Message, err error) (wire.Message, string, error) {
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return join, wire.CodeTimeout, errors.New("no JOIN came in time")
	case err != nil:
		return join, wire.CodeBadLine, err
	case join.Type == wire.Check && validPorts(join):
		return join, "", nil
	case join.Type != wire.Join:
		return join, wire.CodeBadLine, fmt.Errorf("%w: the first must be JOIN, not %.20q", errLine, join.Type)
	case join.Version != wire.Version:
		return join, wire.CodeVersion, fmt.Errorf("this server speaks version %d of the protocol, not %d: "+
			"use the same release of pong on both sides", wire.Version, join.Version)
	case join.Role != "" && join.Role != wire.RolePlayer && join.Role != wire.RoleWatcher:
		return join, wire.CodeRole, fmt.Errorf("unknown role %.20q", join.Role)
	}
	if code, err := s.useTicket(&join); err != nil {
		return join, code, err
	}
	if join.Room != "" {
		if err := rooms.Check(join.Room); err != nil {
			return join, wire.CodeRoom, err
		}
	}
	if join.Name, err = names.Parse(join.Name); err != nil {
		return join, wire.CodeName, err
	}
	return join, "", nil
}

// servePlayer reads and handles a player's lines and writes those for the player, until either fails.
func (s *server) servePlayer(conn *tls.Conn, lines *bufio.Reader, p player) {
	written, read := make(chan struct{}), make(chan struct{})
	s.group.Go(crash.Guarded(func() {
		defer close(written)
		defer conn.Close()
		last := ""
		for m := range p.lines {
			ok := false
			if onFreshStack(func() { ok = s.writeLine(conn, *m) }); !ok {
				awaitReader(read) // the client may have sent LEAVE before it closed the connection
				return
			}
			last = m.Code
		}
		if last == wire.CodeBadLine { // the client may be about to send more lines
			endWrites(conn)
			if awaitReader(read) {
				linger(conn)
			}
		}
	}))
	err := s.readLines(conn, lines, &p)
	close(read)
	p.loop.do(func(now time.Time) { p.loop.shard.ControlLost(now, p.id, closeReason(err)) })
	s.players.remove(p.id)
	<-written
}

// readLines handles a player's lines until the connection fails or a line breaks the protocol, and returns the error.
func (s *server) readLines(conn deadlineReader, lines *bufio.Reader, p *player) error {
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

// A deadlineReader is the part of a connection that readLines needs beside its lines.
type deadlineReader interface{ SetReadDeadline(time.Time) error }

// closeReason returns why a control connection has ended, for the shard.
func closeReason(err error) shard.Reason {
	switch {
	case errors.Is(err, errLine):
		return shard.BadLine
	case errors.Is(err, os.ErrDeadlineExceeded):
		return shard.ControlSilent
	}
	return shard.ConnectionClosed
}

// errLine marks a line that breaks the protocol, in contrast to a connection that has failed.
var errLine = errors.New("line refused")

// lineBuffer is the size of a connection's read buffer. Players' lines are short; a buffer for the longest line would
// take an eighth of the memory of a session. wire.ReadLine puts longer lines together.
const lineBuffer = 512

// nextLine reads one line without parsing it. A player's goroutine waits here for hours, so nextLine and its callers
// must need little stack: they hold no wire.Message, which has 300 bytes.
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

// writeLine writes a line, or the lines that theList stands for. It returns false if the connection has failed or the
// client reads too slowly.
func (s *server) writeLine(conn net.Conn, m wire.Message) bool {
	if m.TS == 0 {
		m.TS = s.timestamp()
	}
	var bytes []byte
	if m.Type == wire.List {
		bytes = s.list()
	} else {
		bytes = wire.AppendLine(nil, m)
	}
	_ = conn.SetWriteDeadline(time.Now().Add(writeWithin))
	_, err := conn.Write(bytes)
	return err == nil
}

// timestamp returns the timestamp of a line that is sent now.
func (s *server) timestamp() uint32 { return uint32(time.Since(s.started).Microseconds()) }
