package server

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"pong/internal/shard"
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
		s.refusals.count(wire.CodeBadLine)
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
		for _, m := range s.list() {
			s.players.send(p.id, m)
		}
	case wire.Rematch:
		p.loop.do(func(now time.Time) { p.loop.shard.Rematch(now, p.id, m.Game) })
	case wire.Leave:
		p.loop.do(func(now time.Time) { p.loop.shard.Leave(now, p.id) })
		return errLeft
	default:
		return fmt.Errorf("%w: a %.20q is not expected from a player", errLine, m.Type)
	}
	return nil
}

// listEvery is how long the list of matches is reused.
const listEvery = time.Second

// listing is the latest list of matches.
type listing struct {
	mu    sync.Mutex // guards what follows
	at    time.Time
	lines []wire.Message
}

// list returns the matches that are being played as lines, the newest of each shard first. It is made once a second at
// most, so that repeated requests cost the shards nothing.
func (s *server) list() []wire.Message {
	s.listing.mu.Lock()
	defer s.listing.mu.Unlock()
	if now := time.Now(); s.listing.at.IsZero() || now.Sub(s.listing.at) >= listEvery {
		s.listing.at, s.listing.lines = now, s.makeList()
	}
	return s.listing.lines
}

func (s *server) makeList() []wire.Message {
	var all []shard.Listed
	for _, l := range s.loops {
		l.do(func(time.Time) { all = append(all, l.shard.List(wire.MaxListed-len(all))...) })
	}
	if len(all) == 0 {
		return []wire.Message{{Type: wire.Matches}}
	}
	lines := make([]wire.Message, len(all))
	for i, m := range all {
		lines[i] = wire.Message{
			Type: wire.Matches, Match: m.Match, Name1: m.Names[0], Name2: m.Names[1],
			Score1: m.Score[0], Score2: m.Score[1], Watchers: m.Watchers, More: len(all) - 1 - i,
		}
	}
	return lines
}
