//go:build !nogui

package gui

import (
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/ebitengine/oto/v3"
)

// soundDelay is how much sound the device and the player hold between them, each: short enough for a hit to be
// heard when it is seen, long enough for a busy machine.
const soundDelay = 20 * time.Millisecond

// openSound lets a mixer be heard until done is closed. It returns at once; the device is opened by a goroutine of
// its own, because that can take seconds, or for ever. Where there is no device the game is mute and nothing is
// said: silence is no reason to disturb a match.
func openSound(m *mixer, done <-chan struct{}) {
	if !soundLikely(runtime.GOOS, os.Getenv, exists) {
		return
	}
	go func() {
		context, ready, err := oto.NewContext(&oto.NewContextOptions{
			SampleRate:      sampleRate,
			ChannelCount:    1,
			Format:          oto.FormatFloat32LE,
			BufferSize:      soundDelay,
			ApplicationName: "Pong",
		})
		if err != nil {
			return
		}
		select {
		case <-ready:
		case <-done:
			return
		}
		if context.Err() != nil {
			return
		}
		player := context.NewPlayer(m)
		player.SetBufferSize(int(soundDelay.Seconds()*sampleRate) * 4)
		player.Play()
		<-done
		player.PauseAndStopReading()
		runtime.KeepAlive(player) // a player that nobody holds stops playing
	}()
}

// soundLikely reports whether there is something to open. It spares Linux and the BSDs the attempt where there is
// neither a sound server nor a card, because ALSA's library writes a page of complaints to the terminal there.
func soundLikely(goos string, getenv func(string) string, exists func(pattern string) bool) bool {
	switch goos {
	case "windows", "darwin", "js", "android", "ios":
		return true
	}
	return getenv("PULSE_SERVER") != "" ||
		exists(filepath.Join(getenv("XDG_RUNTIME_DIR"), "pulse", "native")) ||
		exists(filepath.Join(getenv("HOME"), ".config", "pulse", "*-runtime", "native")) ||
		exists("/dev/snd/pcm*p") || exists("/dev/dsp*")
}

// exists reports whether any file matches a pattern.
func exists(pattern string) bool {
	found, err := filepath.Glob(pattern)
	return err == nil && len(found) > 0
}
