package front

import (
	"context"
	"fmt"
	"time"
)

// A NearbyGame is a server in the same network that has answered a question for games. Anyone there can answer, so it
// is trusted no more than an address that a person has typed.
type NearbyGame struct {
	Name    string // as it calls itself
	Address string // HOST:PORT
	Players int    // who are there
	Room    bool   // the code of its room is needed
}

// detail describes a game in its row.
func (g *NearbyGame) detail() string {
	switch {
	case g.Room && g.Players >= 2:
		return "nearby, two are playing"
	case g.Room:
		return "nearby, waits, needs a code"
	case g.Players == 0:
		return "nearby, nobody is there yet"
	case g.Players == 1:
		return "nearby, 1 player"
	}
	return fmt.Sprintf("nearby, %d players", g.Players)
}

// searchEvery is the time between two questions for games nearby, while they are shown.
const searchEvery = 3 * time.Second

// askForNearby asks for games nearby while the page with the address is shown, and no longer.
func (f *Flow) askForNearby(now time.Time) {
	switch {
	case f.cfg.Nearby == nil:
	case f.page != CardAddress:
		if f.searching != nil {
			f.searching.abandon(&f.work)
			f.searching = nil
		}
		f.search = time.Time{}
	case f.searching == nil && !now.Before(f.search):
		f.searching = begin(f.ctx, &f.work, func(ctx context.Context, _ Ask) outcome {
			games, err := f.cfg.Nearby(ctx)
			return outcome{nearby: games, err: err}
		})
	}
}

// takeNearby takes the games that have answered. The mark stays at its row.
func (f *Flow) takeNearby(games []NearbyGame) {
	marked := f.rowKey(f.at)
	f.nearby = games
	if f.at == 0 {
		return
	}
	f.at = 0 // the line, if the row is gone
	for at := 1; at <= f.before()+len(f.servers); at++ {
		if f.rowKey(at) == marked {
			f.at = at
			return
		}
	}
}

// before returns how many rows of the page with the address come before the servers that the person has used.
func (f *Flow) before() int { return f.hostRows() + len(f.nearby) }

// rowKey identifies a row of the page with the address, counted from 1.
func (f *Flow) rowKey(at int) string {
	switch hosts := f.hostRows(); {
	case at <= hosts:
		return "host"
	case at <= f.before():
		return "nearby " + f.nearby[at-1-hosts].Address
	default:
		return "known " + f.servers[at-1-f.before()].Address
	}
}

// markedNearby returns the game nearby that is marked, or nil.
func (f *Flow) markedNearby() *NearbyGame {
	if at := f.at - 1 - f.hostRows(); at >= 0 && at < len(f.nearby) {
		return &f.nearby[at]
	}
	return nil
}

// nearbyRows returns the rows of the games nearby.
func (f *Flow) nearbyRows() (rows []Row) {
	for i := range f.nearby {
		g := &f.nearby[i]
		rows = append(rows, Row{Label: Marked(g.Name), Detail: g.detail()})
	}
	return rows
}
