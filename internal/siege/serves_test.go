//go:build siege && linux

package siege

import (
	"net"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// TestServes_AreNotForetold reads all that the server sends to a player, as a modified client can, in a match of two
// players who hold no key. Each serve is in a STATE from 60 ticks before the ball flies on, and not before. When the
// state had the random word of the game, 5 of 5 serves were known 1 to 3 s before.
func TestServes_AreNotForetold(t *testing.T) {
	t.Parallel()
	s := serve(t)
	var seats [2]*seat
	var sockets [2]net.Conn
	for i := range seats {
		var err error
		if seats[i], err = joinServer(source(i), s.control, wire.Message{}); err != nil {
			t.Fatal(err)
		}
		defer seats[i].Close()
		sockets[i] = s.dialGame(t, source(i))
		defer sockets[i].Close()
		_, _ = sockets[i].Write(seats[i].register())
	}
	serves, foretold, known := 0, 0, false
	end := time.Now().Add(either(8*time.Second, 40*time.Second))
	_ = sockets[0].SetReadDeadline(end)
	var datagram [2048]byte
	var pinged time.Time
	for {
		if time.Since(pinged) > time.Second {
			pinged = time.Now()
			for i := range seats {
				_, _ = sockets[i].Write(seats[i].ping())
			}
		}
		n, err := sockets[0].Read(datagram[:])
		if err != nil {
			break
		}
		plain, _, err := seats[0].keys.Open(nil, datagram[:n])
		if err != nil || wire.Type(plain[0]) != wire.TypeState {
			continue
		}
		var state wire.State
		if err := wire.ParseState(plain, &state); err != nil {
			t.Fatal(err)
		}
		g := state.Game
		if g.Serve != 0 && !known {
			serves++
			if ticksToServe(g) > game.ServeNotice {
				foretold++
			}
		}
		known = g.Serve != 0
	}
	if serves == 0 {
		t.Error("no serve was seen")
	}
	figure("serves_seen", float64(serves), "", reportOnly)
	mustFigure(t, "serves_foretold", float64(foretold), "", atMost(0))
}

// ticksToServe returns the number of ticks until the ball flies.
func ticksToServe(s game.State) (n int) {
	for ; s.Phase != game.Playing && n < 10*game.TickRate; n++ {
		s = game.Step(game.Rules{}, s, game.Inputs{}, 0)
	}
	return n
}
