package shard

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
