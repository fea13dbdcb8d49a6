//go:build js

package film

import (
	"errors"
	"io"

	"pong/internal/replay"
)

// Cast returns an error: there are no terminals in a browser.
func Cast(io.Writer, *replay.Replay, int, int) error {
	return errors.New("this build has no terminals to record")
}
