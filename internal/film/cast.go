//go:build !js

package film

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/game"
	"pong/internal/replay"
	"pong/internal/term"
)

// The size of the terminal of a cast, in cells.
const (
	castWidth  = 80
	castHeight = 24
)

// castEvery is how many ticks lie between two pictures of a cast: 20 pictures a second.
const castEvery = 3

// Cast writes the game between two positions as a recording of a terminal, in version 2 of asciinema's format
// (https://docs.asciinema.org/manual/asciicast/v2/). Each event has only the lines that have changed.
func Cast(w io.Writer, r *replay.Replay, from, to int) error {
	header := map[string]any{
		"version": 2, "width": castWidth, "height": castHeight, "title": front.Score(r.Names, scoreAt(r, to)),
	}
	if !r.Began.IsZero() {
		header["timestamp"] = r.Began.Unix()
	}
	out := json.NewEncoder(w)
	if err := out.Encode(header); err != nil {
		return err
	}
	var text term.Text
	shown := make([]string, castHeight)
	for at := from; at <= to; at += castEvery {
		s := front.Screen{
			Match: true, Frame: frameAt(r, at),
			Track: &front.Track{At: at, Of: r.Len(), Points: r.Points(), Speed: "1", Film: true},
		}
		s.Frame.Watching = true
		var change strings.Builder
		if at == from {
			change.WriteString("\x1b[?25l\x1b[2J")
		}
		for i, line := range strings.Split(text.Draw(&s, castWidth, castHeight), "\n") {
			if line != shown[i] {
				shown[i] = line
				fmt.Fprintf(&change, "\x1b[%d;1H%s\x1b[K", i+1, line)
			}
		}
		if change.Len() == 0 {
			continue
		}
		seconds := json.Number(fmt.Sprintf("%.3f", float64(at-from)/game.TickRate))
		if err := out.Encode([]any{seconds, "o", change.String()}); err != nil {
			return err
		}
	}
	return nil
}

// scoreAt returns the score at a position.
func scoreAt(r *replay.Replay, position int) [2]int {
	state := r.At(position)
	return client.FrameOf(r.Rules, state, state, 0).Score
}
