package measurements

import (
	"io"
	"strconv"
	"strings"
	"time"

	"pong/internal/client"
)

// A Writer writes what a session does. It is a client.Observer.
type Writer struct {
	out   io.Writer
	begun time.Time // zero before the first line
	row   [width]string
	line  []byte
}

// NewWriter returns a Writer that writes whole lines to out, beginning with the names of the columns. Errors of out
// are left to it: out must neither block nor end the match.
func NewWriter(out io.Writer) *Writer {
	_, _ = io.WriteString(out, strings.Join(columns, ",")+"\n")
	return &Writer{out: out}
}

// Datagram implements client.Observer.
func (w *Writer) Datagram(d client.Datagram) {
	w.begin(Received, d.At)
	if d.Up {
		w.row[cLine] = Sent
	}
	w.row[cType] = named(typeNames, int(d.Type))
	w.row[cNumber], w.row[cBytes] = whole(d.Number), strconv.Itoa(d.Bytes)
	if d.Tick > 0 {
		w.row[cTick] = whole(d.Tick)
	}
	if d.RTT > 0 {
		w.row[cRTT] = number(milliseconds(d.RTT))
	}
	w.end()
}

// Tick implements client.Observer.
func (w *Writer) Tick(t client.DecidedTick) {
	w.begin(Decided, t.At)
	s := &t.State
	w.row[cType], w.row[cTick] = named(phaseNames, int(s.Phase)), whole(s.Tick)
	w.row[cLeftKey], w.row[cRightKey] = named(keyNames, int(t.Inputs[0])), named(keyNames, int(t.Inputs[1]))
	w.row[cBallX], w.row[cBallY] = fixed(s.Ball.X), fixed(s.Ball.Y)
	w.row[cBallVX], w.row[cBallVY] = fixed(s.Ball.VX), fixed(s.Ball.VY)
	w.row[cLeftY], w.row[cRightY] = fixed(s.Paddle[0]), fixed(s.Paddle[1])
	w.row[cLeftScore], w.row[cRightScore] = whole(s.Score[0]), whole(s.Score[1])
	w.row[cRound], w.row[cHits] = whole(s.Round), whole(s.Hits)
	w.end()
}

// Frame implements client.Observer.
func (w *Writer) Frame(d client.DrawnFrame) {
	f := d.Frame
	w.frame(Drawn, d.At, d.View.String(), f)
	if !f.Watching {
		w.row[cPlayer], w.row[cLeftKey+f.Me&1] = named(playerNames, f.Me), named(keyNames, int(d.Key))
	}
	w.row[cCorrected] = number(d.Corrected)
	w.row[cLeftScore], w.row[cRightScore] = strconv.Itoa(f.Score[0]), strconv.Itoa(f.Score[1])
	g := &f.Figures
	w.row[cMargin], w.row[cWanted], w.row[cLead] = number(g.Margin), number(g.Wanted), number(g.Lead)
	w.row[cMissed] = strconv.Itoa(g.Missed)
	w.row[cLatency], w.row[cJitter] = number(g.Latency), number(g.Jitter)
	w.row[cLossUp], w.row[cLossDown] = number(g.LossUp), number(g.LossDown)
	w.end()
	for i := range d.Shadows {
		w.frame(Shadow, d.At, strings.ReplaceAll(d.Shadows[i].Settings.String(), ",", " "), &d.Shadows[i].Frame)
		w.end()
	}
}

// frame begins a line about what was drawn.
func (w *Writer) frame(kind string, at time.Time, view string, f *client.Frame) {
	w.begin(kind, at)
	w.row[cType], w.row[cTick], w.row[cView] = f.Stage.String(), whole(f.Tick), view
	w.row[cOwn], w.row[cOpponent] = number(f.Times.Own), number(f.Times.Remote)
	w.row[cBallTick] = number(f.Times.Ball)
	if f.BallInPlay {
		w.row[cBallX], w.row[cBallY] = number(f.Raw.Ball.X), number(f.Raw.Ball.Y)
		w.row[cShownBallX], w.row[cShownBallY] = number(f.Ball.X), number(f.Ball.Y)
	}
	w.row[cLeftY], w.row[cRightY] = number(f.Raw.Paddle[0]), number(f.Raw.Paddle[1])
	w.row[cShownLeftY], w.row[cShownRightY] = number(f.Paddle[0]), number(f.Paddle[1])
}

// begin begins a line of a kind, at a time.
func (w *Writer) begin(kind string, at time.Time) {
	if w.begun.IsZero() {
		w.begun = at
	}
	w.row = [width]string{cLine: kind, cMS: number(milliseconds(at.Sub(w.begun)))}
}

// end writes the line.
func (w *Writer) end() {
	w.line = w.line[:0]
	for i, field := range w.row {
		if i > 0 {
			w.line = append(w.line, ',')
		}
		w.line = append(w.line, field...)
	}
	_, _ = w.out.Write(append(w.line, '\n'))
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// number formats a number with at most three digits after the point.
func number(x float64) string {
	s := strconv.FormatFloat(x, 'f', 3, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// whole formats a whole number.
func whole[N uint16 | uint32](n N) string { return strconv.FormatUint(uint64(n), 10) }
