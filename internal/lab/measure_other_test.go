package lab

import (
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/game"
)

func TestMeasure_KeyToScreen(t *testing.T) {
	t.Parallel()
	for delay := range 4 {
		var s Side
		var drawn []float64
		y := 200.0
		for i := range 400 {
			key := []game.Input{game.Down, game.None, game.Up, game.None}[i/20%4]
			y += wayOf(key) * paddleStep
			drawn = append(drawn, y)
			f := Frame{At: time.Duration(i) * frame, Key: key, Stage: client.StagePlaying}
			f.Times.Own = float64(i)
			f.Paddle[0] = drawn[max(i-delay, 0)]
			s.Frames = append(s.Frames, f)
		}
		for _, wait := range s.keyWaits(0) {
			if wait != float64(1+delay) {
				t.Errorf("with frames %d too late a key shows in frame %v, want %d", delay, wait, 1+delay)
			}
		}
	}
}

func TestMeasure_Corrections(t *testing.T) {
	t.Parallel()
	r := made(t, 2000)
	r.Sides[0].Frames[100].Corrected = -5
	r.Sides[1].Frames[900].Corrected = 35
	within(t, r, corrections, r.perMinute(2), r.perMinute(2))
	within(t, r, correctionSize, 35, 35)
}

func TestMeasure_OpponentJumps(t *testing.T) {
	t.Parallel()
	r := made(t, 2000)
	at := r.flying(t, 300, 30)
	r.Sides[0].Frames[at].Paddle[1] += 15 // away and back
	within(t, r, opponentJumps, r.perMinute(1), r.perMinute(2))
	r.Sides[0].Frames[at+1].Stage = client.StagePaused
	r.Sides[1].Frames[at].Paddle[1] += 15 // the own paddle belongs to another measure
	within(t, r, opponentJumps, r.perMinute(1), r.perMinute(2))
}

func TestMeasure_MissedAndLead(t *testing.T) {
	t.Parallel()
	r := made(t, 999)
	r.Sides[0].Inputs.Missed, r.Sides[1].Inputs.Missed = 30, 10
	within(t, r, missedRaw, 2, 2)
	for i := range r.Sides[0].Frames {
		r.Sides[0].Frames[i].Times.Own += 4
	}
	within(t, r, lead, 2.9, 3.1) // the mean of 5 and 1
}

func TestMeasure_RTTError(t *testing.T) {
	t.Parallel()
	r := made(t, 10)
	r.Sides[0].Latencies = []Latency{{52, 50}, {48, 50}}
	r.Sides[1].Latencies = []Latency{{53, 50}, {51, 50}}
	within(t, r, rttError, 2, 2)
}

func TestMeasure_TrafficHasHeaders(t *testing.T) {
	t.Parallel()
	r := made(t, 60)
	r.Cell.Length = 2 * time.Second
	r.Sides[0].Up, r.Sides[1].Up = Volume{10, 720}, Volume{30, 2160}
	within(t, r, bytesUp, 1, 1) // 40 datagrams of 72 and 28 bytes by 2 players in 2 s
}

func TestMeasure_Recovery(t *testing.T) {
	t.Parallel()
	r := made(t, 2000)
	r.Cell.Profile = named(t, "L8.1")
	frames := r.Sides[0].Frames
	end := r.flying(t, 300, 45)
	healed := Act{At: frames[end].At, Seat: 0, Kind: Heal}
	r.Acts = []Act{{At: healed.At - time.Second, Seat: 0, Kind: Cut}, healed}
	within(t, r, recovery, 0, 0.02)
	for i := end - 60; i < end+30; i++ {
		frames[i].Newest = frames[end-60].Newest // no STATE until half a second after the end
	}
	within(t, r, recovery, 0.49, 0.51)
	for i := end + 30; i < end+42; i++ {
		frames[i].Paddle[1] += 11 // and the other paddle is wrong for 0.2 s more
	}
	within(t, r, recovery, 0.69, 0.71)
}

func TestMeasure_Settling(t *testing.T) {
	t.Parallel()
	r := made(t, 2000)
	r.Cell.Profile = step("step", 0, 100*ms) // three ticks up
	frames := r.Sides[0].Frames
	slow := Act{At: frames[300].At, Seat: 0, Kind: Slow}
	r.Acts = []Act{slow}
	for i := range frames {
		lead := 1.0
		switch {
		case i >= 450:
			lead = 4
		case i >= 400:
			lead = 4.6 // too much
		case i >= 360:
			lead = 2 // nearer, but still two ticks off
		}
		frames[i].Wanted, frames[i].Times.Own = 1, frames[i].Server+lead-1
	}
	within(t, r, settling, 1.64, 1.66)
	within(t, r, overshoot, 0, 1)
}
