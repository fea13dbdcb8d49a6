package server_test

import (
	"fmt"
	"sync"
	"time"

	"pong/internal/shard"
)

// A referee checks the reports of a server: each game begins at 0 to 0, each point counts once, and no seat is freed
// that is to be kept.
type referee struct {
	mu     sync.Mutex     // guards what follows
	points map[string]int // that were played in the present game, by match
	freed  []string       // names of players whose seats were freed because nothing arrived
	wrong  string
}

// take takes a report.
func (r *referee) take(report shard.Report) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch report.Kind {
	case shard.Started:
		if r.points == nil {
			r.points = make(map[string]int)
		}
		r.points[report.Match] = 0
	case shard.Scored:
		r.points[report.Match]++
		if n := r.points[report.Match]; report.Score[0]+report.Score[1] != n && r.wrong == "" {
			r.wrong = fmt.Sprintf("the score of match %s is %v after point %d of a game", report.Match, report.Score, n)
		}
	case shard.Vacated:
		if report.Player > 0 && (report.Reason == shard.NoResponse || report.Reason == shard.PauseBudgetExhausted) {
			r.freed = append(r.freed, report.Name)
		}
	}
}

// keptFor is for how much trouble in all a seat is kept for certain.
const keptFor = shard.FreedAfter - time.Second

// verdict returns what was wrong, "" if nothing was.
func (r *referee) verdict(people []*person) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, name := range r.freed {
		for _, p := range people {
			if p.name == name && p.client != nil && p.trouble < keptFor && r.wrong == "" {
				r.wrong = fmt.Sprintf("the seat of %s was freed after trouble of %v", name, p.trouble)
			}
		}
	}
	r.freed = nil
	return r.wrong
}
