package server

import (
	"sync"
	"time"

	"pong/internal/shard"
	"pong/internal/wire"
)

// The limits on LIST.
const (
	listEvery       = time.Second // how long an answer is used again, and the least time between two on a connection
	listsBeforeJoin = 2
)

// listing is the newest answer to LIST, as bytes: with many matches it takes longer to make one than to do a handshake.
type listing struct {
	mu    sync.Mutex // guards what follows
	at    time.Time
	lines []byte
}

// list returns the lines with the matches that are being played, the newest of each shard first. They are made once in
// listEvery at most, so that repeated requests cost the shards nothing.
func (s *server) list() []byte {
	s.listing.mu.Lock()
	defer s.listing.mu.Unlock()
	if now := time.Now(); s.listing.at.IsZero() || now.Sub(s.listing.at) >= listEvery {
		var lines []byte // those of before may still be written
		for _, m := range s.matches() {
			m.TS = s.timestamp()
			lines = wire.AppendLine(lines, m)
		}
		s.listing.at, s.listing.lines = now, lines
	}
	return s.listing.lines
}

// matches returns the lines of an answer to LIST.
func (s *server) matches() []wire.Message {
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

// answerList answers a LIST of a player at now. If the answer before was less than listEvery ago, the next one is sent
// when that time has passed, and answers all LISTs until then.
func (s *server) answerList(p *player, now time.Time) {
	switch wait := p.nextList.Sub(now); {
	case wait <= 0:
		p.nextList = now.Add(listEvery)
		s.players.send(p.id, theList)
	case wait <= listEvery: // none is due yet
		p.nextList = p.nextList.Add(listEvery)
		time.AfterFunc(wait, func() { s.players.send(p.id, theList) })
	}
}

// theList stands for the answer to LIST in the queue of a client. So it takes one place, and is as new as can be when
// it is written.
var theList = wire.Message{Type: wire.List}
