//go:build !nogui

package gui

import (
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/ebitengine/oto/v3"
)

// soundDelay is the length of sound that the device and the player buffer, each: short enough to match the picture,
// long enough for a busy machine.
const soundDelay = 20 * time.Millisecond

// openSound plays a mixer until done is closed. It does not block; a goroutine opens the device, because that can take
// seconds or hang. Without a device the game is silent, and there is no message.
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
		runtime.KeepAlive(player) // a player stops when it is collected
	}()
}

// soundLikely reports whether there may be a sound device. On Linux and the BSDs it avoids the attempt if there is
// neither a sound server nor a card, because the ALSA library prints many errors to the terminal then.
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
