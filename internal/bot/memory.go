package bot

import "time"

// A memory keeps the last frames, because people act on what they saw a reaction time ago. It holds a quarter of a
// second at 240 frames a second; at higher rates it returns its oldest frame instead of the wanted one.
type memory struct {
	frames [64]frame
	kept   int // how many were ever kept
}

type frame struct {
	at   time.Duration
	seen Seen
}

// keep adds a frame.
func (m *memory) keep(at time.Duration, s Seen) {
	m.frames[m.kept%len(m.frames)] = frame{at, s}
	m.kept++
}

// recall returns the newest frame that is not newer than at. If there is none, it returns an empty field.
func (m *memory) recall(at time.Duration) (time.Duration, Seen) {
	for back := 1; back <= min(m.kept, len(m.frames)); back++ {
		f := m.frames[(m.kept-back)%len(m.frames)]
		if f.at <= at || back == len(m.frames) {
			return f.at, f.seen
		}
	}
	return at, Seen{}
}
