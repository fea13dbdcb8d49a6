package lab

import (
	"bufio"
	"fmt"
	"io"
	"math"

	"pong/internal/game"
)

// WriteTrace writes a recording as lines of text, in order of time; the same cell gives the same bytes. Lengths are in
// 1/16 pixel and times in 1/16 tick, because the last digit of a float may differ between processors. Lengths at the
// server are in 1/256 pixel, which are integers.
//
//	# profile view seed length
//	T tick phase score0:score1 ballx bally paddle0 paddle1 hash           the server's state of a tick
//	F seat key stage own remote ball-time ballx bally paddle0 paddle1     a frame: the held key, the times at
//	  newest corrected missed                                             which things are drawn, the things, ...
//	A seat kind at                                                        an Act on a link or a process
//	M measure figure                                                      at the end: a figure
func WriteTrace(w io.Writer, r *Recording) error {
	out := bufio.NewWriter(w)
	c := &r.Cell
	fmt.Fprintf(out, "# %s %v %d %v\n", c.Profile.Name, c.Variant, c.Seed, c.Length)
	for _, a := range r.Acts {
		fmt.Fprintf(out, "A %d %d %d\n", a.Seat, a.Kind, a.At.Microseconds())
	}
	next := [2]int{}
	for _, s := range r.Truth {
		traceState(out, s)
		for seat := range r.Sides {
			for frames := r.Sides[seat].Frames; next[seat] < len(frames) &&
				frames[next[seat]].Server < float64(s.Tick+1); next[seat]++ {
				traceFrame(out, &frames[next[seat]])
			}
		}
	}
	for _, m := range Measures() {
		if x, _, ok := m.Of(r); ok {
			fmt.Fprintf(out, "M %s %.3f\n", m.Name, x)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the trace: %w", err)
	}
	return nil
}

func traceState(w io.Writer, s game.State) {
	fmt.Fprintf(w, "T %d %d %d:%d %d %d %d %d %x\n", s.Tick, s.Phase, s.Score[0], s.Score[1],
		s.Ball.X, s.Ball.Y, s.Paddle[0], s.Paddle[1], s.Hash())
}

func traceFrame(w io.Writer, f *Frame) {
	fmt.Fprintf(w, "F %d %d %d %d %d %d %d %d %d %d %d %d %d\n", f.seat, f.Key, f.Stage,
		sixteenths(f.Times.Own), sixteenths(f.Times.Remote), sixteenths(f.Times.Ball),
		sixteenths(f.Ball.X), sixteenths(f.Ball.Y), sixteenths(f.Paddle[0]), sixteenths(f.Paddle[1]),
		f.Newest, sixteenths(f.Corrected), f.Missed)
}

func sixteenths(x float64) int64 { return int64(math.Round(x * 16)) }
