//go:build !nogui

package gui

import (
	"math"

	"pong/internal/client"
)

// sampleRate is the number of samples a second.
const sampleRate = 48000

// A tone is one of the sounds.
type tone uint8

const (
	toneHit   tone = iota
	toneWall       // lower and shorter than a hit
	tonePoint      // falls by a fifth
	toneCount      // at each number of the countdown
	toneOver       // rises by a fifth
	toneKinds = int(toneOver) + 1
)

// A recipe describes a tone: a sine with some of its octave, gliding from one pitch to another, which swells for some
// milliseconds, so that it does not click, and then fades.
type recipe struct {
	from, to float64 // Hz
	seconds  float64
	volume   float64 // the greatest, 0 to 1
}

var recipes = [toneKinds]recipe{
	toneHit:   {from: 587, to: 587, seconds: 0.09, volume: 0.30},
	toneWall:  {from: 294, to: 294, seconds: 0.07, volume: 0.22},
	tonePoint: {from: 440, to: 294, seconds: 0.42, volume: 0.30},
	toneCount: {from: 440, to: 440, seconds: 0.12, volume: 0.16},
	toneOver:  {from: 392, to: 587, seconds: 0.60, volume: 0.30},
}

// swell is how long a tone takes to reach its full volume, in seconds.
const swell = 0.004

// synth returns the samples of a tone, from -1 to 1. The last one is zero.
func synth(r recipe) []float32 {
	out := make([]float32, int(r.seconds*sampleRate))
	phase := 0.0
	for i := range out {
		t := float64(i) / sampleRate
		part := float64(i) / float64(len(out)-1)
		phase += 2 * math.Pi * (r.from + (r.to-r.from)*part) / sampleRate
		wave := (math.Sin(phase) + 0.25*math.Sin(2*phase)) / 1.25
		rise := math.Min(t/swell, 1)
		fall := (1 - part) * math.Exp(-3*part)
		out[i] = float32(r.volume * wave * rise * fall)
	}
	return out
}

// tonesOf appends the tones for the step from one frame to the next.
func tonesOf(tones []tone, before, after client.Frame) []tone {
	for _, e := range after.Events {
		switch e {
		case client.EventHit:
			tones = append(tones, toneHit)
		case client.EventWall:
			tones = append(tones, toneWall)
		case client.EventPoint:
			tones = append(tones, tonePoint)
		case client.EventOver:
			tones = append(tones, toneOver)
		}
	}
	if after.Countdown != 0 && after.Countdown != before.Countdown {
		tones = append(tones, toneCount)
	}
	return tones
}
