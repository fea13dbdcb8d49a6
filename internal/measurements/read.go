package measurements

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/wire"
)

// A Match is what a file has. Times are since its first line.
type Match struct {
	Player    int // the seat of the player who has measured it: 0 or 1
	Datagrams []Datagram
	Frames    []Frame
	Ticks     []Tick
}

// A Datagram is a line about a datagram.
type Datagram struct {
	At time.Duration
	client.Datagram
}

// A Tick is a line about a tick.
type Tick struct {
	At     time.Duration
	State  game.State // without Serve, Timer, Winner and what else is not in the file
	Inputs game.Inputs
}

// A Frame is a line about a frame.
type Frame struct {
	At         time.Duration
	Stage      client.Stage
	Key        game.Input
	View       string
	Newest     uint32
	Times      client.Times
	InPlay     bool
	Raw, Shown client.Raw
	Corrected  float64
	Wanted     float64
	Missed     int
	Shadows    []Frame // what shadows have drawn then
}

// mostLines bounds the lines of a file that is read: an hour of a match.
const mostLines = 1_500_000

// errColumns is the error of a file with other columns.
var errColumns = errors.New("these are not the measurements of a match, or those of another version: " +
	"pong play --measure FILE writes them")

// Read reads a file. A last line that is cut off, as by a full disk, is left out.
func Read(r io.Reader) (*Match, error) {
	in := csv.NewReader(r)
	in.ReuseRecord, in.FieldsPerRecord = true, -1
	head, err := in.Read()
	if err != nil || !slices.Equal(head, columns) {
		return nil, errColumns
	}
	m := new(Match)
	for n := 2; ; n++ {
		fields, err := in.Read()
		switch {
		case err == io.EOF:
			return m, m.complete()
		case err != nil:
			return nil, err
		case n > mostLines:
			return nil, fmt.Errorf("more than %d lines: that is longer than an hour", mostLines)
		}
		if err := m.add(fields); err != nil {
			if _, more := in.Read(); more == io.EOF {
				return m, m.complete()
			}
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
}

// complete reports whether anything can be shown of a match.
func (m *Match) complete() error {
	if len(m.Frames) == 0 || len(m.Ticks) == 0 {
		return errors.New("no frame of a match was measured")
	}
	return nil
}

// add adds a line.
func (m *Match) add(fields []string) error {
	if len(fields) != width {
		return fmt.Errorf("%d fields, want %d", len(fields), width)
	}
	l := line{fields: fields}
	at := time.Duration(l.number(cMS) * float64(time.Millisecond))
	switch fields[cLine] {
	case Sent, Received:
		m.Datagrams = append(m.Datagrams, Datagram{at, client.Datagram{
			Up: fields[cLine] == Sent, Type: wire.Type(l.named(cType, typeNames)), Number: uint32(l.number(cNumber)),
			Bytes: int(l.number(cBytes)), Tick: uint32(l.number(cTick)),
			RTT: time.Duration(l.number(cRTT) * float64(time.Millisecond)),
		}})
	case Decided:
		m.Ticks = append(m.Ticks, l.tick(at))
	case Drawn:
		if fields[cPlayer] != "" {
			m.Player = l.named(cPlayer, playerNames)
		}
		m.Frames = append(m.Frames, l.frame(at, m.Player))
	case Shadow:
		if n := len(m.Frames); n > 0 {
			m.Frames[n-1].Shadows = append(m.Frames[n-1].Shadows, l.frame(at, m.Player))
		}
	default:
		return fmt.Errorf("unknown kind of line %q", fields[cLine])
	}
	return l.err
}

// A line is a line while it is read.
type line struct {
	fields []string
	err    error // the first one
}

// number returns a number; 0 for an empty field.
func (l *line) number(column int) float64 {
	if l.fields[column] == "" {
		return 0
	}
	x, err := strconv.ParseFloat(l.fields[column], 64)
	if (err != nil || math.IsInf(x, 0) || math.IsNaN(x) || math.Abs(x) > 1<<40) && l.err == nil {
		l.err = fmt.Errorf("%s: %q is not a number", columns[column], l.fields[column])
	}
	return x
}

// named returns the number of a name; 0 for an empty field.
func (l *line) named(column int, names []string) int {
	i := slices.Index(names, l.fields[column])
	if i < 0 && l.fields[column] != "" && l.err == nil {
		l.err = fmt.Errorf("%s: unknown name %q", columns[column], l.fields[column])
	}
	return max(i, 0)
}

// pair returns the numbers of two columns.
func (l *line) pair(first, second int) [2]float64 {
	return [2]float64{l.number(first), l.number(second)}
}

func (l *line) tick(at time.Duration) Tick {
	t := Tick{At: at}
	s := &t.State
	s.Tick, s.Phase = uint32(l.number(cTick)), game.Phase(l.named(cType, phaseNames))
	s.Round, s.Hits = uint16(l.number(cRound)), uint16(l.number(cHits))
	ball, speed, paddles := l.pair(cBallX, cBallY), l.pair(cBallVX, cBallVY), l.pair(cLeftY, cRightY)
	s.Ball = game.Ball{X: toFixed(ball[0]), Y: toFixed(ball[1]), VX: toFixed(speed[0]), VY: toFixed(speed[1])}
	score := l.pair(cLeftScore, cRightScore)
	for i := range s.Paddle {
		s.Paddle[i], s.Score[i] = toFixed(paddles[i]), uint16(score[i])
	}
	t.Inputs = game.Inputs{game.Input(l.named(cLeftKey, keyNames)), game.Input(l.named(cRightKey, keyNames))}
	return t
}

func (l *line) frame(at time.Duration, player int) Frame {
	f := Frame{
		At: at, Key: game.Input(l.named(cLeftKey+player, keyNames)), View: l.fields[cView],
		Newest: uint32(l.number(cTick)), InPlay: l.fields[cBallX] != "",
		Times: client.Times{Own: l.number(cOwn), Remote: l.number(cOpponent), Ball: l.number(cBallTick)},
		Raw: client.Raw{
			Ball: client.Point{X: l.number(cBallX), Y: l.number(cBallY)}, Paddle: l.pair(cLeftY, cRightY),
		},
		Shown: client.Raw{
			Ball:   client.Point{X: l.number(cShownBallX), Y: l.number(cShownBallY)},
			Paddle: l.pair(cShownLeftY, cShownRightY),
		},
		Corrected: l.number(cCorrected), Wanted: l.number(cWanted), Missed: int(l.number(cMissed)),
	}
	stage, ok := client.ParseStage(l.fields[cType])
	if f.Stage = stage; !ok && l.err == nil {
		l.err = fmt.Errorf("%s: unknown name %q", columns[cType], l.fields[cType])
	}
	return f
}
