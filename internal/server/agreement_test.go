package server_test

import (
	"fmt"
	"slices"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/server"
	"pong/internal/shard"
	"pong/internal/wire"
)

// disagreement returns in what a client and the server disagree, or what the server has that nobody uses; "" if there
// is nothing.
func (h *history) disagreement() string {
	snap := h.monitor.Look(0, 100)
	clients := 0
	for _, p := range h.people {
		if p.client == nil {
			if p.wants && !(p.watches && !slices.ContainsFunc(snap.Rows, func(r shard.Row) bool { return r.Begun })) {
				return fmt.Sprintf("%s is not back: %s", p.name, p.failed)
			}
			continue
		}
		clients++
		if why := p.disagreement(&snap); why != "" {
			return fmt.Sprintf("%s disagrees with the server: %s", p.name, why)
		}
	}
	ghosts := 0 // watchers whose LEAVE was lost
	for _, p := range h.people {
		for _, left := range p.left {
			if p.watches && time.Since(left) < shard.FreedAfter+time.Second {
				ghosts++
			}
		}
	}
	if n := snap.Sum().Counts.Sessions; n < clients || n > clients+ghosts {
		return fmt.Sprintf("the server has %d sessions for %d clients", n, clients)
	}
	alone := 0
	for _, row := range snap.Rows {
		taken := 0
		for i := range row.Seats {
			if row.Seats[i].Name != "" {
				taken++
			}
		}
		if taken == 0 {
			return fmt.Sprintf("match %s has no players", row.Match)
		}
		alone += taken % 2
	}
	if alone > 1 {
		return fmt.Sprintf("%d players wait alone", alone)
	}
	return ""
}

// disagreement returns in what a person's picture differs from the server.
func (p *person) disagreement(snap *server.Snapshot) string {
	v := &p.client.view
	i := slices.IndexFunc(snap.Rows, func(r shard.Row) bool {
		return p.watches && r.Match == v.Match || r.Seats[0].Name == p.name || r.Seats[1].Name == p.name
	})
	if i < 0 {
		return fmt.Sprintf("the server has no seat for it, which reads %s", p.reads())
	}
	row := &snap.Rows[i]
	differ := func(what string, got, want any) string {
		return fmt.Sprintf("%s is %v, want %v; it reads %s", what, got, want, p.reads())
	}
	if v.Game != row.Game {
		return differ("the number of the game", v.Game, row.Game)
	}
	if v.Match != row.Match {
		return differ("the match", v.Match, row.Match)
	}
	if !p.watches && row.Seats[v.Me].Name != p.name {
		return differ("the seat", v.Me, 1-v.Me)
	}
	if is := stageOf(row, v); is != v.Stage {
		return differ("the stage", v.Stage, is)
	}
	if free := row.Seats[0].Name == "" || row.Seats[1].Name == ""; !free && v.Score != row.Score {
		return differ("the score", v.Score, row.Score)
	}
	if v.Rematch != row.Rematch && v.Stage == client.StageOver && !v.Forfeit {
		return differ("who asks for a rematch", v.Rematch, row.Rematch)
	}
	if p.wish && row.Over && !row.Rematch[v.Me] {
		return differ("the wish for a rematch", row.Rematch[v.Me], true)
	}
	for i := range row.Seats {
		if row.Seats[i].Name != "" && row.Seats[i].Name != v.Names[i] {
			return differ(fmt.Sprintf("the name of player %d", i+1), v.Names[i], row.Seats[i].Name)
		}
		is := presenceOf(row.Seats[i].Status)
		if is != v.Presence[i] && (is != client.Absent || v.Presence[i] != client.Left) {
			return differ(fmt.Sprintf("the presence of player %d", i+1), v.Presence[i], is)
		}
	}
	return ""
}

// stageOf returns the stage at which a client must be, by what the server has.
func stageOf(row *shard.Row, v *client.Frame) client.Stage {
	seats := row.Seats
	for i := range seats {
		if seats[i].Name == "" && v.Stage == client.StageOver && (v.Watching || v.Reason == client.ReasonPlayerLeft) {
			return client.StageOver // the result of the last game: the other player has left during it or afterwards
		}
	}
	for i := range seats {
		if seats[i].Name == "" || seats[i].Status == wire.StatusJoined && !row.Over {
			return client.StageWaiting
		}
	}
	switch row.Phase {
	case game.Countdown:
		return client.StageCountdown
	case game.Playing:
		return client.StagePlaying
	case game.Scored:
		return client.StageScored
	case game.Over:
		return client.StageOver
	}
	for i := range seats {
		if seats[i].Status == wire.StatusSilent {
			return client.StagePaused
		}
	}
	return client.StageReady
}

func presenceOf(status string) client.Presence {
	return map[string]client.Presence{
		wire.StatusJoined: client.Joined, wire.StatusOnline: client.Online, wire.StatusSilent: client.Silent,
	}[status]
}
