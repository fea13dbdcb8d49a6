package measurements_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/measurements"
	"pong/internal/wire"
)

var begin = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// written returns a file with one line of each kind, and what was written.
func written() (file string, d client.Datagram, tick client.DecidedTick, frame client.DrawnFrame) {
	d = client.Datagram{
		At: begin, Type: wire.TypeState, Number: 9, Bytes: 105, Tick: 77, RTT: 25125 * time.Microsecond,
	}
	tick = client.DecidedTick{At: begin.Add(time.Millisecond), State: game.State{
		Tick: 77, Phase: game.Playing, Round: 2, Hits: 5, Score: [2]uint16{1, 10}, Paddle: [2]game.Fixed{257, 3},
		Ball: game.Ball{X: 100*game.One + 1, Y: 20 * game.One, VX: -2000, VY: 31},
	}, Inputs: game.Inputs{game.Up, game.Down}}
	frame = client.DrawnFrame{
		At: begin.Add(2500 * time.Microsecond), Key: game.Down, View: client.ViewInterp, Corrected: -12.5,
		Frame: &client.Frame{
			Stage: client.StagePlaying, Me: 1, Tick: 77, BallInPlay: true, Ball: client.Point{X: 1, Y: 2},
			Paddle: [2]float64{3, 4}, Raw: client.Raw{Ball: client.Point{X: 5.125, Y: 6}, Paddle: [2]float64{7, 8}},
			Times: client.Times{Own: 80.5, Remote: 71, Ball: 75.25}, Names: [2]string{"Ada", "Bo"},
			Figures: client.Figures{Wanted: 1.5, Missed: 3},
		},
	}
	var b bytes.Buffer
	w := measurements.NewWriter(&b)
	w.Datagram(d)
	w.Tick(tick)
	w.Frame(frame)
	return b.String(), d, tick, frame
}

func TestRead_ReturnsWhatWasWritten(t *testing.T) {
	file, d, tick, frame := written()
	m, err := measurements.Read(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	d.At = time.Time{}
	if got := m.Datagrams[0]; got.At != 0 || got.Datagram != d {
		t.Errorf("datagram: got %+v, want %+v", got, d)
	}
	if got := m.Ticks[0]; got.At != time.Millisecond || got.State != tick.State || got.Inputs != tick.Inputs {
		t.Errorf("tick: got %+v, want %+v", got, tick)
	}
	got, f := m.Frames[0], frame.Frame
	if m.Player != 1 || got.Key != game.Down || got.Stage != f.Stage || got.Times != f.Times || got.Raw != f.Raw ||
		got.Shown != (client.Raw{Ball: f.Ball, Paddle: f.Paddle}) || got.Corrected != -12.5 || got.View != "interp" ||
		got.Wanted != 1.5 || got.Missed != 3 || got.Newest != 77 || !got.InPlay || got.At != 2500*time.Microsecond {
		t.Errorf("frame: got %+v of player %d, want %+v", got, m.Player, frame)
	}
	if strings.Contains(file, "Ada") || strings.Contains(file, "Bo,") {
		t.Errorf("the file has names:\n%s", file)
	}
}

// A file that ends within a line, as on a full disk, is read up to there; what is wrong elsewhere is named.
func TestRead_NamesWhatIsWrong(t *testing.T) {
	file, _, _, _ := written()
	if m, err := measurements.Read(strings.NewReader(file + "frame,12,play")); err != nil || len(m.Frames) != 1 {
		t.Errorf("a file that is cut off: got %v", err)
	}
	lines := strings.SplitAfter(file, "\n")
	for name, test := range map[string]struct{ file, want string }{
		"empty":          {"", "not the measurements"},
		"something else": {"a,b\n1,2\n", "not the measurements"},
		"no frame":       {strings.Join(lines[:3], ""), "no frame"},
		"unknown line":   {strings.Replace(file, "received,", "lost,", 1), `line 2: unknown kind of line "lost"`},
		"no number":      {strings.Replace(file, "tick,1,", "tick,soon,", 1), `line 3: ms: "soon" is not a number`},
		"infinite":       {strings.Replace(file, "tick,1,", "tick,Inf,", 1), `line 3: ms: "Inf" is not a number`},
		"short":          {strings.Replace(file, "tick,1,", "tick,", 1), "line 3: 36 fields"},
	} {
		_, err := measurements.Read(strings.NewReader(test.file))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want an error with %q", name, err, test.want)
		}
	}
}

// FuzzRead gives Read what nobody has written.
func FuzzRead(f *testing.F) {
	file, _, _, _ := written()
	f.Add([]byte(file))
	f.Fuzz(func(t *testing.T, file []byte) {
		if m, err := measurements.Read(bytes.NewReader(file)); err == nil && (len(m.Frames) == 0 || len(m.Ticks) == 0) {
			t.Errorf("a match with %d frames and %d ticks was read", len(m.Frames), len(m.Ticks))
		}
	})
}
