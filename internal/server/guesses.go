package server

import (
	"context"
	"errors"
	"hash/maphash"
	"net/netip"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"pong/internal/shard"
	"pong/internal/wire"
)

// A guessKind is something that a client names in JOIN and may have guessed.
type guessKind uint8

// The kinds of guesses.
const (
	roomGuess   guessKind = iota // a room code, right or wrong: whether it was right does not show before it is counted
	matchGuess                   // the name of a match that cannot be watched
	resumeGuess                  // a resume secret that no seat has

	guessKinds
)

// The limits on guesses of an address prefix.
const (
	// guessesWithin is the time in which a prefix may make its guesses of each kind, and again.
	guessesWithin = 160 * time.Second

	// maxGuessWait is the longest time for which an answer is held back. Beyond it a guess is refused.
	maxGuessWait = 3 * time.Second

	// maxGuessers bounds how many prefixes are remembered. If there are more, those that have made no guess lately are
	// forgotten, and else any: an attacker with so many addresses has as many fresh ones.
	maxGuessers = 1 << 14
	sweepEvery  = time.Second

	// maxRecent is how many room codes of a prefix are remembered at most.
	maxRecent = 64
)

// errGuesses refuses a guess.
var errGuesses = errors.New("too many rooms or matches were asked for from your address: wait two minutes, and check " +
	"the code or the link")

// guesses limit how fast clients can try room codes, names of matches and resume secrets, by address prefix. A client
// on an IPv6 network has prefixes of 64, 56 and 48 bits; the wider ones, which many customers of a provider may share,
// allow 4 and 16 times as much.
type guesses struct {
	most [guessKinds]int // of each kind within guessesWithin
	seed maphash.Seed

	mu       sync.Mutex // guards what follows
	prefixes map[netip.Prefix]*guesser
	swept    time.Time
}

// A guesser is an address prefix that has made guesses.
type guesser struct {
	limits [guessKinds]*rate.Limiter // nil before the first guess
	recent []uint64                  // hashes of room codes, the newest last: the same code again is no guess
}

// newGuesses returns the limits for a server on which an address may have some number of players. They are in at most
// half as many rooms, and after the server was started again each may return with two resume secrets.
func newGuesses(players int) *guesses {
	return &guesses{
		most: [guessKinds]int{
			roomGuess: max(players*5/8, 1), matchGuess: max(players/4, 1), resumeGuess: 2 * players,
		},
		seed:     maphash.MakeSeed(),
		prefixes: make(map[netip.Prefix]*guesser),
	}
}

// take counts a guess from an address, and returns for how long its answer is to be held back. ok is false if it must
// be refused, and it then counts for nothing. Clients without an IP address are not limited.
func (g *guesses) take(now time.Time, kind guessKind, from netip.Addr, what string) (wait time.Duration, ok bool) {
	if !from.IsValid() {
		return 0, true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	widths := countedPrefixes(from)
	nearest := g.at(now, widths[len(widths)-1])
	hash := maphash.String(g.seed, what)
	if kind == roomGuess && slices.Contains(nearest.recent, hash) {
		return 0, true
	}
	var taken []*rate.Reservation
	for i, prefix := range widths {
		most := g.most[kind] << (2 * (len(widths) - 1 - i))
		r := g.at(now, prefix).limit(kind, most).ReserveN(now, 1)
		taken = append(taken, r)
		wait = max(wait, r.DelayFrom(now))
	}
	if wait > maxGuessWait {
		for _, r := range taken {
			r.CancelAt(now)
		}
		return maxGuessWait, false
	}
	if kind == roomGuess {
		nearest.recent = append(nearest.recent, hash)
		if over := len(nearest.recent) - min(g.most[kind], maxRecent); over > 0 {
			nearest.recent = slices.Delete(nearest.recent, 0, over)
		}
	}
	return wait, true
}

// at returns the guesser of a prefix. The caller holds mu.
func (g *guesses) at(now time.Time, prefix netip.Prefix) *guesser {
	if known := g.prefixes[prefix]; known != nil {
		return known
	}
	if len(g.prefixes) >= maxGuessers {
		g.sweep(now)
	}
	fresh := new(guesser)
	g.prefixes[prefix] = fresh
	return fresh
}

// sweep forgets prefixes, at least one. The caller holds mu.
func (g *guesses) sweep(now time.Time) {
	if now.Sub(g.swept) >= sweepEvery {
		g.swept = now
		for prefix, of := range g.prefixes {
			if of.rested(now) {
				delete(g.prefixes, prefix)
			}
		}
	}
	for prefix := range g.prefixes {
		if len(g.prefixes) < maxGuessers {
			return
		}
		delete(g.prefixes, prefix)
	}
}

// limit returns the limit of a kind.
func (of *guesser) limit(kind guessKind, most int) *rate.Limiter {
	if of.limits[kind] == nil {
		of.limits[kind] = rate.NewLimiter(rate.Limit(float64(most)/guessesWithin.Seconds()), most)
	}
	return of.limits[kind]
}

// rested reports whether the prefix may make all its guesses again.
func (of *guesser) rested(now time.Time) bool {
	for _, l := range of.limits {
		if l != nil && l.TokensAt(now) < float64(l.Burst()) {
			return false
		}
	}
	return true
}

// awaitGuess holds a JOIN with a room back for as long as it must wait, before the room is looked for: so the time of
// the answer does not depend on whether there is such a room. A JOIN with a resume secret does not wait here, because
// another client of the same address must never keep a player from a seat.
func (s *server) awaitGuess(c *pendingConn, join wire.Message) error {
	if join.Room == "" || join.Resume != "" {
		return nil
	}
	wait, ok := s.guesses.take(time.Now(), roomGuess, c.addr(), join.Room)
	if !ok {
		return errGuesses
	}
	return s.holdBack(c, wait)
}

// delayWrong holds back the answer to a JOIN that has named a match or a seat that is not there. Its error is another
// one than that of the JOIN if the client has asked for too many matches. The client of a seat goes on with its next
// secret, so it is delayed and never refused.
func (s *server) delayWrong(c *pendingConn, join wire.Message, err error) error {
	kind := matchGuess
	switch {
	case errors.Is(err, shard.ErrResume):
		kind = resumeGuess
	case !errors.Is(err, shard.ErrMatch) || join.Match == "":
		return err
	}
	wait, ok := s.guesses.take(time.Now(), kind, c.addr(), "")
	if !ok && kind == matchGuess {
		return errGuesses
	}
	if held := s.holdBack(c, wait); held != nil {
		return held
	}
	return err
}

// holdBack waits, unless the connection is evicted or the server ends. It then returns the reason.
func (s *server) holdBack(c *pendingConn, wait time.Duration) error {
	if wait <= 0 {
		return nil
	}
	pending := c.ctx.Done()
	if c.waits { // not pending any more
		pending = nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-pending:
		return context.Cause(c.ctx)
	case <-s.hardStop.Done():
		return shard.ErrClosing
	}
}
