//go:build !nogui

package gui

import (
	"encoding/binary"
	"math"
	"sync"
)

// voice is a tone that is being played.
type voice struct {
	samples []float32
	at      int
}

// maxVoices is how many tones sound together; a further one takes the place of the oldest. Without a device nobody
// reads, and this is what bounds the memory.
const maxVoices = 8

// mixer is the one stream of sound: silence without an end, into which tones are added. It is an io.Reader of
// 32-bit floats, little endian, one channel.
type mixer struct {
	mu     sync.Mutex // guards voices: the screen plays, the sound device reads
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

// play begins a tone.
func (m *mixer) play(t tone) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.voices) == maxVoices {
		m.voices = append(m.voices[:0], m.voices[1:]...)
	}
	m.voices = append(m.voices, voice{samples: m.tones[t]})
}

// Read fills p with what is to be heard next. It never ends and never fails.
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

// next returns one sample: the sum of all voices, bent so that it stays within -1 and 1 however many there are.
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

// forget drops the voices that have ended.
func (m *mixer) forget() {
	kept := m.voices[:0]
	for _, v := range m.voices {
		if v.at < len(v.samples) {
			kept = append(kept, v)
		}
	}
	m.voices = kept
}
