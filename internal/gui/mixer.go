//go:build !nogui

package gui

import (
	"encoding/binary"
	"math"
	"sync"
)

// A voice is a tone that is being played.
type voice struct {
	samples []float32
	at      int
}

// maxVoices is how many tones sound at once; another one replaces the oldest. It also bounds the memory if there is no
// device that reads.
const maxVoices = 8

// A mixer is an endless stream of sound, to which tones are added. It is an io.Reader of 32-bit floats, little endian,
// with one channel.
type mixer struct {
	mu     sync.Mutex // guards voices: one goroutine plays, another reads
	voices []voice

	tones [toneKinds][]float32
}

func newMixer() *mixer {
	m := &mixer{}
	for i, r := range recipes {
		m.tones[i] = synth(r)
	}
	return m
}

// play starts a tone.
func (m *mixer) play(t tone) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.voices) == maxVoices {
		m.voices = append(m.voices[:0], m.voices[1:]...)
	}
	m.voices = append(m.voices, voice{samples: m.tones[t]})
}

// Read fills p with the next samples. It never ends and never fails.
func (m *mixer) Read(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(p) / 4
	for i := range n {
		binary.LittleEndian.PutUint32(p[4*i:], math.Float32bits(m.next()))
	}
	m.forget()
	return 4 * n, nil
}

// next returns the next sample: the sum of all voices, limited smoothly to -1 to 1.
func (m *mixer) next() float32 {
	sum := 0.0
	for i := range m.voices {
		if v := &m.voices[i]; v.at < len(v.samples) {
			sum += float64(v.samples[v.at])
			v.at++
		}
	}
	return float32(math.Tanh(sum))
}

// forget removes the voices that have ended.
func (m *mixer) forget() {
	kept := m.voices[:0]
	for _, v := range m.voices {
		if v.at < len(v.samples) {
			kept = append(kept, v)
		}
	}
	m.voices = kept
}
