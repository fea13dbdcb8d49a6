//go:build !nogui

package gui

import (
	"encoding/binary"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"pong/internal/client"
)

func TestSynth_TonesAreSoftAndEnd(t *testing.T) {
	for i, r := range recipes {
		s := synth(r)
		loudest, step := 0.0, 0.0
		for j, v := range s {
			loudest = max(loudest, math.Abs(float64(v)))
			if j > 0 {
				step = max(step, math.Abs(float64(v-s[j-1])))
			}
		}
		if loudest > r.volume || loudest < r.volume/3 {
			t.Errorf("tone %d is as loud as %.3f, want nearly its volume %.2f", i, loudest, r.volume)
		}
		if s[0] != 0 || s[len(s)-1] != 0 {
			t.Errorf("tone %d begins at %v and ends at %v, want silence: anything else clicks", i, s[0], s[len(s)-1])
		}
		if highest := 2 * math.Pi * 2 * max(r.from, r.to) / sampleRate * r.volume; step > highest {
			t.Errorf("tone %d jumps by %.4f between two samples, want at most %.4f: a jump clicks", i, step, highest)
		}
		tail := s[len(s)*9/10:]
		quiet := slices.Max(tail)
		if float64(quiet) > r.volume/50 {
			t.Errorf("tone %d still has %.4f in its last tenth, want it to have died away", i, quiet)
		}
	}
}

// read returns n samples of a mixer.
func read(t *testing.T, m *mixer, n int) []float32 {
	t.Helper()
	raw := make([]byte, 4*n)
	if got, err := m.Read(raw); got != len(raw) || err != nil {
		t.Fatalf("the mixer gave %d bytes and %v, want %d and no error: sound has no end", got, err, len(raw))
	}
	out := make([]float32, n)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return out
}

func TestMixer_StaysInBoundsAndFallsSilent(t *testing.T) {
	m := newMixer()
	for range 3 * maxVoices {
		m.play(toneOver)
	}
	if len(m.voices) != maxVoices {
		t.Errorf("%d voices sound without a device to end them, want at most %d", len(m.voices), maxVoices)
	}
	heard := read(t, m, sampleRate)
	loudest := 0.0
	for _, v := range heard {
		loudest = max(loudest, math.Abs(float64(v)))
	}
	if loudest > 1 || loudest < 0.5 {
		t.Errorf("%d tones at once are as loud as %.3f, want loud and within 1", maxVoices, loudest)
	}
	if rest := read(t, m, 100); slices.Max(rest) != 0 || slices.Min(rest) != 0 || len(m.voices) != 0 {
		t.Errorf("a second later there are still %d voices and a sample of %v", len(m.voices), slices.Max(rest))
	}
}

func TestMixer_KeepsItsPlaceBetweenReads(t *testing.T) {
	whole, parts := newMixer(), newMixer()
	whole.play(toneHit)
	parts.play(toneHit)
	want := read(t, whole, 1000)
	if got := append(read(t, parts, 333), read(t, parts, 667)...); !slices.Equal(got, want) {
		t.Error("a tone read in two parts differs from the same read at once")
	}
}

func TestTonesOf_FollowsTheEvents(t *testing.T) {
	before := client.Frame{Countdown: 3}
	after := client.Frame{Countdown: 2, Events: []client.Event{client.EventHit, client.EventWall, client.EventPoint,
		client.EventServe, client.EventOver}}
	want := []tone{toneHit, toneWall, tonePoint, toneOver, toneCount}
	if got := tonesOf(nil, before, after); !slices.Equal(got, want) {
		t.Errorf("heard %v, want %v", got, want)
	}
	if got := tonesOf(nil, after, client.Frame{Countdown: 2}); len(got) != 0 {
		t.Errorf("a frame without anything new sounds like %v", got)
	}
}

func TestSoundLikely_OnlyWhereThereIsADevice(t *testing.T) {
	home := func(name string) string {
		return map[string]string{"HOME": "/home/ada", "XDG_RUNTIME_DIR": "/run/user/1000"}[name]
	}
	for file, want := range map[string]bool{
		"":                            false,
		"/dev/snd/pcm*p":              true,
		"/run/user/1000/pulse/native": true,
		"/run/user/1000/pulse/pid":    false,
		"/home/ada/.config/pulse/*-runtime/native": true,
	} {
		exists := func(pattern string) bool { return filepath.ToSlash(pattern) == file }
		if got := soundLikely("linux", home, exists); got != want {
			t.Errorf("with the file %q sound is tried: %v, want %v", file, got, want)
		}
	}
	none := func(string) bool { return false }
	if !soundLikely("linux", func(string) string { return "tcp:host" }, none) || !soundLikely("windows", home, none) {
		t.Error("sound is not tried with PULSE_SERVER set, or on Windows, which always may have some")
	}
}
