package server_test

import (
	"bytes"
	"maps"
	"sync"
	"testing"
	"time"

	"pong/internal/client"
)

// kept are the records that a server keeps, as in a file.
type kept struct {
	mu      sync.Mutex
	records map[string][]byte
}

func (k *kept) save(match string, record []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if record == nil {
		delete(k.records, match)
		return
	}
	k.records[match] = bytes.Clone(record)
}

func (k *kept) copy() map[string][]byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	return maps.Clone(k.records)
}

// keeping has the server of a bubble keep its matches.
func keeping(k *kept) func(*settings) {
	k.records = make(map[string][]byte)
	return func(s *settings) { s.Save, s.shards = k.save, 2 }
}

// wantSameMatch expects that two players are at the seats and the score at which they were.
func (r *rig) wantSameMatch(before [2]client.Frame, left, right *player) {
	r.Helper()
	for i, p := range []*player{left, right} {
		v, was := p.view, before[i]
		if v.Match != was.Match || v.Me != was.Me || v.Names != was.Names || v.Score != was.Score ||
			v.Game != was.Game {
			r.Errorf("player %d is at match %s, seat %d, game %d of %v at %v; want %s, seat %d, game %d, %v at %v", i+1,
				v.Match, v.Me, v.Game, v.Names, v.Score, was.Match, was.Me, was.Game, was.Names, was.Score)
		}
		if p.newMatch {
			r.Errorf("player %d is told that it is another match", i+1)
		}
	}
}

// TestRestore_AfterAKill ends a server in the middle of a rally, as a kill does: what it kept is what a file has at
// that moment. Another server goes on with the match, in a room and without one, and a watcher finds it again.
func TestRestore_AfterAKill(t *testing.T) {
	for _, room := range []string{"", "maple-42"} {
		var k kept
		bubble(t, keeping(&k), func(r *rig) {
			join := func(name, ip string, watch bool) *player {
				cfg := r.config(name, ip)
				cfg.Room, cfg.Watch = room, watch
				return r.joinAs(cfg)
			}
			left, right := join("left", "198.51.100.1", false), join("right", "198.51.100.2", false)
			r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
			watcher := join("fan", "198.51.100.3", true)
			r.want(60*time.Second, "they play at a score of 2",
				func() bool {
					return left.view.Score[0]+left.view.Score[1] == 2 && left.view.Score == right.view.Score &&
						playing(left, right)
				})
			before := [2]client.Frame{left.view, right.view}
			r.Saved = k.copy()
			r.stopped(time.Second)
			<-r.ended
			r.want(2*time.Second, "the server is shown as lost", at(client.StageLost, left, right))
			r.run(3 * time.Second)
			r.restart()
			r.want(4*time.Second, "the players are back", at(client.StageCountdown, left, right))
			r.want(5*time.Second, "they play", at(client.StagePlaying, left, right))
			r.wantSameMatch(before, left, right)
			r.want(5*time.Second, "the watcher sees the same match", func() bool {
				return watcher.view.Stage == client.StagePlaying && watcher.view.Match == before[0].Match
			})
			if n := len(r.logged.entries("match continues when both players are back")); n != 1 {
				r.Errorf("%d matches are logged as restored, want 1", n)
			}
		})
	}
}

// TestRestore_AfterADrain shuts a server down in good order: the match goes on in the next one all the same.
func TestRestore_AfterADrain(t *testing.T) {
	var k kept
	bubble(t, keeping(&k), func(r *rig) {
		left, right := r.joinTwo()
		r.want(60*time.Second, "they play at a score of 1",
			func() bool { return left.view.Score[0]+left.view.Score[1] == 1 && playing(left, right) })
		close(r.drain)
		r.want(40*time.Second, "the server has ended", func() bool { return len(r.ended) == 1 })
		r.want(2*time.Second, "the server is shown as lost", at(client.StageLost, left, right))
		before := [2]client.Frame{left.view, right.view}
		<-r.ended
		r.Saved = k.copy()
		r.restart()
		r.want(4*time.Second, "the players are back", at(client.StageCountdown, left, right))
		r.wantSameMatch(before, left, right)
	})
}

// TestRestore_NewMatchesHaveOtherNames begins a match after a restart. It has not the name of the one that goes on.
func TestRestore_NewMatchesHaveOtherNames(t *testing.T) {
	var k kept
	bubble(t, func(s *settings) { keeping(&k)(s); s.shards = 1 }, func(r *rig) {
		r.join("first").Close() // the match that goes on is not the first
		r.players = nil
		r.run(time.Second)
		left, right := r.joinTwo()
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		before := left.view.Match
		r.Saved = k.copy()
		r.stopped(time.Second)
		<-r.ended
		r.restart()
		late := r.join("late")
		r.want(time.Second, "a newcomer waits", at(client.StageWaiting, late))
		if late.view.Match == before {
			t.Errorf("a new match has the name %s, which one that goes on has", before)
		}
	})
}

// TestRestore_UnusableRecordsAreDropped gives a server records that it cannot use. It serves, says so once, and keeps
// them no longer.
func TestRestore_UnusableRecordsAreDropped(t *testing.T) {
	var k kept
	bubble(t, keeping(&k), func(r *rig) {
		left, right := r.joinTwo()
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		good := k.copy()
		r.stopped(time.Second)
		<-r.ended
		r.want(2*time.Second, "the server is shown as lost", at(client.StageLost, left, right))
		r.Saved = map[string][]byte{"m7": []byte("a shopping list"), "m8": nil}
		for _, record := range good {
			r.Saved["m9"] = record // under another name than its own
		}
		for match, record := range r.Saved {
			k.save(match, record)
		}
		r.restart()
		r.want(8*time.Second, "the players play another match", at(client.StagePlaying, left, right))
		for match := range r.Saved {
			if _, has := k.copy()[match]; has {
				r.Errorf("the unusable record of %s is still kept", match)
			}
		}
		if all := r.logged.entries("matches of the server's last run cannot go on: the server has other rules now, " +
			"or is full, or the records are damaged"); len(all) != 1 || all[0]["matches"] != float64(3) {
			r.Errorf("logged %v, want one line about 3 matches", all)
		}
	})
}
