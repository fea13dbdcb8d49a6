package server

import (
	"errors"
	"fmt"
	"time"

	"pong/internal/wire"
)

// handleLine handles a player's line, or the error of reading it. An error ends the connection.
func (s *server) handleLine(p *player, line []byte, err error) error {
	if err == nil {
		var m wire.Message
		if m, err = parseLine(line); err == nil {
			err = s.handle(p, m)
		}
	}
	if errors.Is(err, errLine) {
		s.refusals.count(wire.CodeBadLine, p.from)
		s.players.send(p.id, refusal(wire.CodeBadLine, err))
	}
	return err
}

// errLeft ends a connection after a LEAVE.
var errLeft = errors.New("the player has left")

// handle does what a line asks for.
func (s *server) handle(p *player, m wire.Message) error {
	switch m.Type {
	case wire.Ping:
		s.players.send(p.id, wire.Message{Type: wire.Pong, TS: m.TS})
		if hidden := m.Status == wire.StatusHidden; hidden != p.hidden {
			p.hidden = hidden
			p.loop.do(func(time.Time) { p.loop.shard.Hide(p.id, hidden) })
		}
	case wire.List:
		s.answerList(p, time.Now())
	case wire.Rematch:
		p.loop.do(func(now time.Time) { p.loop.shard.Rematch(now, p.id, m.Game) })
	case wire.Accept:
		p.loop.do(func(now time.Time) { p.loop.shard.Accept(now, p.id) })
	case wire.Refuse:
		p.loop.do(func(now time.Time) { p.loop.shard.Refuse(now, p.id) })
	case wire.Leave:
		p.loop.do(func(now time.Time) { p.loop.shard.Leave(now, p.id) })
		return errLeft
	default:
		return fmt.Errorf("%w: a %.20q is not expected from a player", errLine, m.Type)
	}
	return nil
}
