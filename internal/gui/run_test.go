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
