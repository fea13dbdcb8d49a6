//go:build !nogui

package gui

import (
	"errors"
	"strings"
	"testing"
)

func TestDisplayMissing_IsAnOrdinaryError(t *testing.T) {
	for _, goos := range []string{"linux", "freebsd"} {
		err := displayMissing(goos, func(string) string { return "" })
		if !errors.Is(err, ErrNoDisplay) || !strings.Contains(err.Error(), "--tty") ||
			!strings.Contains(err.Error(), "--headless") {
			t.Errorf("%s without a display: %v; want ErrNoDisplay and what to do", goos, err)
		}
		set := func(name string) string { return map[string]string{"WAYLAND_DISPLAY": "wayland-0"}[name] }
		if err := displayMissing(goos, set); err != nil {
			t.Errorf("%s with a display: %v", goos, err)
		}
	}
	for _, goos := range []string{"windows", "darwin", "js"} {
		if err := displayMissing(goos, func(string) string { return "" }); err != nil {
			t.Errorf("%s needs no variable to have a display, but: %v", goos, err)
		}
	}
}

func TestClipboardTools_EverySystemHasSome(t *testing.T) {
	for _, goos := range []string{"linux", "freebsd", "windows", "darwin"} {
		if len(clipboardTools(goos)) == 0 {
			t.Errorf("%s has no way to paste", goos)
		}
	}
}

func TestFitWindow_FitsTheMonitor(t *testing.T) {
	for _, c := range []struct{ width, height, monitorWidth, monitorHeight, wantWidth, wantHeight int }{
		{960, 720, 1920, 1080, 960, 720}, // as it is
		{960, 720, 640, 480, 576, 432},
		{960, 720, 1366, 768, 921, 691},
		{960, 720, 480, 1920, 432, 324},
		{3000, 300, 1000, 1000, 900, 90},
		{960, 720, 0, 0, 960, 720}, // not known
	} {
		width, height := fitWindow(c.width, c.height, c.monitorWidth, c.monitorHeight)
		if width != c.wantWidth || height != c.wantHeight {
			t.Errorf("a window of %d x %d on a monitor of %d x %d becomes %d x %d, want %d x %d",
				c.width, c.height, c.monitorWidth, c.monitorHeight, width, height, c.wantWidth, c.wantHeight)
		}
	}
}
