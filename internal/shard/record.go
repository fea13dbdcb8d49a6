package shard

import (
	"time"

	"pong/internal/game"
	"pong/internal/replay"
)

// A RecordedGame names a game that is being recorded: see Config.Record.
type RecordedGame struct {
	Match  string
	Number int       // counts the recordings of the match
	Began  time.Time // when its first tick was played
}

// A recording is what a match needs to record its game.
type recording struct {
	recorder     *replay.Recorder // nil while no game is being recorded
	of           RecordedGame
	lineup, game uint8 // of the match, when the recording began
}

// record records the tick that a match has just played. A recording begins with a game, or with the match if the server
// continues one that another process has saved, and ends with the game, or when a player has left.
func (s *Shard) record(m *match, now time.Time, serve uint32) {
	r := &m.recording
	if r.recorder != nil && (r.lineup != m.lineup || r.game != m.game || r.recorder.Full()) {
		s.endRecording(m)
	}
	plays := m.begun && m.state.Phase != game.Over
	switch {
	case r.recorder != nil:
		s.cfg.Record(r.of, r.recorder.Tick(m.applied[0], serve, m.state), false)
		if !plays {
			s.endRecording(m)
		}
	case plays:
		r.of = RecordedGame{m.name, r.of.Number + 1, now}
		r.lineup, r.game = m.lineup, m.game
		h := replay.Header{Rules: s.cfg.Rules, Names: [2]string{m.seats[0].name, m.seats[1].name}, Began: now}
		var head []byte
		r.recorder, head = replay.Begin(h, m.state)
		s.cfg.Record(r.of, head, false)
	}
}

// endRecording ends the recording of a match, if there is one.
func (s *Shard) endRecording(m *match) {
	if r := &m.recording; r.recorder != nil {
		s.cfg.Record(r.of, r.recorder.End(), true)
		r.recorder = nil
	}
}
