package bot

import "time"

// memory keeps the frames of the last moments, since a person acts on what was
// there a reaction time ago. It holds a quarter of a second at 240 frames a
// second; at higher rates the oldest frame stands in for the one wanted.
type memory struct {
	frames [64]frame
	kept   int // how many were ever kept
}

type frame struct {
	at   time.Duration
	seen Seen
}

// keep remembers one more frame.
func (m *memory) keep(at time.Duration, s Seen) {
	m.frames[m.kept%len(m.frames)] = frame{at, s}
	m.kept++
}

// recall returns the newest frame that is no newer than that time. Until there
// is one the field is empty.
func (m *memory) recall(at time.Duration) (time.Duration, Seen) {
	for back := 1; back <= min(m.kept, len(m.frames)); back++ {
		f := m.frames[(m.kept-back)%len(m.frames)]
		if f.at <= at || back == len(m.frames) {
			return f.at, f.seen
		}
	}
	return at, Seen{}
}
