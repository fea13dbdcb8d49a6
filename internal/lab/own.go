package lab

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"pong/internal/measurements"
	"pong/netcode"
)

// ownMeasures are the measures that can be computed from what one client has written down, without the server's counts
// and the other player's frames. A count that the client has itself, such as that of corrections, is the same one.
func ownMeasures() []Measure {
	return []Measure{
		keyToScreen, corrections, correctionPath, correctionSize, verdicts, contradictions, offsetError,
		opponentJumps, opponentJumpsShown, ballJumps, ballJumpsShown, ballReversals, ballSlowest, ballFastest,
		speedStep, ballStill, timesApart, timesApartMost,
	}
}

// ownNetwork is the name of the network of a match of one's own.
const ownNetwork = "own"

// OfMeasurements returns the result of a match that a client has measured: the figures and the rallies of the longest
// stretch in which every tick is known. The server's clock, which a client does not have, is taken to be that of the
// fastest STATE, half the shortest round trip earlier.
func OfMeasurements(m *measurements.Match) (Result, error) {
	rec, err := ownRecording(m)
	if err != nil {
		return Result{}, err
	}
	view, length := rec.Cell.Variant.String(), time.Duration(len(rec.Truth))*frame
	minutes := math.Round(length.Minutes()*100) / 100
	r := Result{
		Own:     fmt.Sprintf("%s s of a match, %d frames", brief(length.Seconds()), len(rec.Sides[m.Player].Frames)),
		Minutes: minutes, First: 1, Seeds: 1, Views: []string{view},
		Profiles: []Named{{Name: ownNetwork, Title: "the network of this match", Definition: ownWords(m)}},
	}
	for _, measure := range ownMeasures() {
		r.Measures = append(r.Measures, Named{
			Name: measure.Name, Title: measure.Title, Unit: measure.Unit, Definition: measure.Definition,
			Noticed: measure.Noticed,
		})
		value, samples, ok := measure.Of(rec)
		if row, some := summarize(&rec.Cell, &measure, []figure{{value, distribute(samples, measure.Step), ok}}); some {
			r.Rows = append(r.Rows, row)
		}
	}
	rally := rec.rally()
	rally.Network = "The longest rally of this match, drawn by " + view
	r.Rallies = []Rally{rally}
	return r, nil
}

// ownRecording returns the recording of a match that one client has measured.
func ownRecording(m *measurements.Match) (*Recording, error) {
	stretch := longestStretch(m.Ticks)
	if len(stretch) < 2 {
		return nil, errors.New("no two ticks of the match are known one after the other")
	}
	r := &Recording{Cell: Cell{Profile: Profile{Name: ownNetwork}, Variant: ownVariant(m), Seed: 1}}
	r.First, r.Cell.Length = stretch[0].State.Tick, time.Duration(len(stretch))*frame
	for i := range stretch {
		r.Truth = append(r.Truth, stretch[i].State)
	}
	begun := serverBegun(m)
	last := stretch[len(stretch)-1].State.Tick
	side := &r.Sides[m.Player]
	for _, f := range m.Frames {
		if f.Newest < r.First || f.Newest > last {
			continue
		}
		side.Frames = append(side.Frames, Frame{
			At: f.At, Server: float64(f.At-begun) / float64(frame), seat: m.Player, Key: f.Key, Stage: f.Stage,
			InPlay: f.InPlay, Ball: f.Raw.Ball, Paddle: f.Raw.Paddle, Times: f.Times, Shown: f.Shown, Newest: f.Newest,
			Corrected: f.Corrected, Missed: f.Missed, Wanted: f.Wanted,
		})
		side.addShadows(&f)
	}
	for _, f := range m.Frames {
		if len(f.Shadows) > 0 && len(f.Shadows) >= len(side.Beside) {
			for i := range side.Beside {
				r.besideNames = append(r.besideNames, f.Shadows[i].View)
			}
			break
		}
	}
	if len(side.Frames) == 0 {
		return nil, errors.New("no frame was drawn while the ticks of the match are known")
	}
	return r, nil
}

// addShadows adds what shadows have drawn in the newest frame. A shadow that has not drawn all frames is left out.
func (s *Side) addShadows(f *measurements.Frame) {
	drawn := &s.Frames[len(s.Frames)-1]
	if len(s.Frames) == 1 {
		s.Beside = make([][]RallyFrame, len(f.Shadows))
	}
	for i := range s.Beside {
		if i >= len(f.Shadows) {
			s.Beside = s.Beside[:i]
			break
		}
		shadow := &f.Shadows[i]
		s.Beside[i] = append(s.Beside[i], RallyFrame{
			Server: drawn.Server, Own: shadow.Times.Own, Remote: shadow.Times.Remote, Flight: shadow.Times.Ball,
			InPlay: shadow.InPlay, Ball: [2]float64{shadow.Raw.Ball.X, shadow.Raw.Ball.Y}, Paddle: shadow.Raw.Paddle,
		})
	}
}

// longestStretch returns the longest part in which each tick follows the one before.
func longestStretch(ticks []measurements.Tick) (longest []measurements.Tick) {
	begin := 0
	for i := range ticks {
		if i > 0 && ticks[i].State.Tick != ticks[i-1].State.Tick+1 {
			begin = i
		}
		if i+1-begin > len(longest) {
			longest = ticks[begin : i+1]
		}
	}
	return longest
}

// ownVariant returns the way in which most frames were drawn.
func ownVariant(m *measurements.Match) Variant {
	var drawn [len(variantNames)]int
	for i := range m.Frames {
		drawn[max(slices.Index(variantNames[:], m.Frames[i].View), 0)]++
	}
	return Variant(slices.Index(drawn[:], slices.Max(drawn[:])))
}

// serverBegun returns when the server's tick 0 was, by the client's clock.
func serverBegun(m *measurements.Match) time.Duration {
	fastest, trip := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for i := range m.Datagrams {
		d := &m.Datagrams[i]
		if !d.Up && d.Datagram.Tick > 0 {
			fastest = min(fastest, d.At-time.Duration(d.Datagram.Tick)*frame)
		}
		if d.RTT > 0 {
			trip = min(trip, d.RTT)
		}
	}
	if fastest == math.MaxInt64 {
		fastest = 0
	}
	if trip == math.MaxInt64 {
		trip = 0
	}
	return fastest - trip/2
}

// ownWords describes the network of a match by what its client has measured.
func ownWords(m *measurements.Match) string {
	var trips []float64
	var loss netcode.Loss
	up, down := 0, 0
	for i := range m.Datagrams {
		d := &m.Datagrams[i]
		if d.RTT > 0 {
			trips = append(trips, float64(d.RTT)/float64(time.Millisecond))
		}
		if d.Up {
			up += d.Bytes
			continue
		}
		down += d.Bytes
		loss.Add(d.Number)
	}
	span := (m.Frames[len(m.Frames)-1].At - m.Frames[0].At).Seconds()
	perSecond := func(bytes int) string { return brief(float64(bytes) / 1000 / max(span, 1)) }
	return fmt.Sprintf("Round trips of %s ms in the middle, %s ms at the 99th percentile; %s %% of the newest "+
		"datagrams from the server lost. %s kB/s up and %s kB/s down, without the headers of UDP and IP.",
		brief(quantile(trips, 0.5)), brief(quantile(trips, 0.99)), brief(100*loss.Share()), perSecond(up),
		perSecond(down))
}
