//go:build !nogui && !windows

package gui

import "testing"

func TestClipboardTools_EverySystemHasSome(t *testing.T) {
	for _, goos := range []string{"linux", "freebsd", "darwin"} {
		if len(clipboardTools(goos)) == 0 || len(copyTools(goos)) == 0 {
			t.Errorf("%s has no way to paste or to copy", goos)
		}
	}
}
