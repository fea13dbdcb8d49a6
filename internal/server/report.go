package server

import "pong/netcode"

// Kind is what a Report is about.
type Kind uint8

// The kinds of reports.
const (
	Joined  Kind = iota // over TLS
	Online              // over UDP
	Ready               // both players of a match are online and it has not begun
	Started             // a game begins
	Scored              // a point
	Over                // a game has ended
	Silent              // nothing heard from a player for a while: paused
	Back                // a silent player is heard again
	Moved               // a player's address has changed
	Vacated             // a seat is free again; Why says how it came
	Closed              // a match without players is gone
)

// A Report is something an operator may want to know. Index 0 is the left player.
type Report struct {
	Kind   Kind
	Match  string
	Player int // 1 or 2; 0 if it is about the match, or about one who looks on
	Name   string
	Names  [2]string
	Score  [2]int
	Winner int
	Why    string
}

func (s *Shard) report(m *match, place *seat, kind Kind, why string) {
	r := Report{
		Kind: kind, Match: m.name, Winner: int(m.state.Winner), Why: why,
		Names: [2]string{m.seats[0].name, m.seats[1].name},
		Score: [2]int{int(m.state.Score[0]), int(m.state.Score[1])},
	}
	if place != nil {
		r.Player, r.Name = place.player+1, place.name
	}
	s.cfg.Report(r)
}

// reportOver reports a result; of a game that was given up the state has no winner.
func (s *Shard) reportOver(m *match, winner int) {
	s.cfg.Report(Report{
		Kind: Over, Match: m.name, Winner: winner,
		Names: [2]string{m.seats[0].name, m.seats[1].name},
		Score: [2]int{int(m.state.Score[0]), int(m.state.Score[1])},
	})
}

// Counts are the counters of a shard. Every datagram that comes in is counted once in Datagrams and once in one of the
// fields from Accepted to Invalid.
type Counts struct {
	Datagrams int
	Accepted  int

	Malformed    int // too short, too long, or not a sealed datagram
	Unknown      int // no session has the id
	Replayed     int // the packet number was used before or is too old
	Forged       int // the tag is wrong
	Limited      int // authentic, but too many
	Unregistered int // authentic, but no REGISTER came first
	BadToken     int // a REGISTER with a wrong token or player
	Invalid      int // authentic, but not a body of the protocol

	Traffic

	Sent            int
	Exhausted       int // datagrams not sent because a session's packet numbers are used up
	Moved           int // addresses changed
	NeverRegistered int // seats freed because no REGISTER came

	Busy   int // players refused because the loop was too busy for a new match
	Unsent int // datagrams that the system refused to send

	Sessions, Matches int     // now
	Load              float64 // the share of a core that the loop uses, now
}

// Traffic is what a shard does for those whom it serves.
type Traffic struct {
	Joins    int                // players seated, those who came back too
	Ticks    int                // played, of all matches
	Inputs   int                // INPUTs accepted
	Fates    [netcode.Fates]int // what became of the inputs in them when they came first
	Missed   int                // ticks that a player's input missed, of matches that had begun
	States   int                // STATEs sent
	Skipped  int                // STATEs that were not, because the loop had fallen behind
	BytesIn  int                // of datagrams, their IP and UDP headers aside
	BytesOut int
}

func (t *Traffic) add(d Traffic) {
	t.Joins += d.Joins
	t.Ticks += d.Ticks
	t.Inputs += d.Inputs
	for i, n := range d.Fates {
		t.Fates[i] += n
	}
	t.Missed += d.Missed
	t.States += d.States
	t.Skipped += d.Skipped
	t.BytesIn += d.BytesIn
	t.BytesOut += d.BytesOut
}
