package client

import (
	"time"

	"pong/internal/wire"
)

// Figures are the numbers of the HUD. Times are in milliseconds.
type Figures struct {
	Latency, Jitter    float64 // mean and mean successive difference of the last 20 round trips
	P50, P95, P99      float64 // round trip percentiles
	LossUp, LossDown   float64 // shares, 0 to 1
	BurstDown          int     // longest run of datagrams lost on the way down
	Lead               float64 // by how many ticks the own paddle is ahead of the newest STATE
	Margin, Wanted     float64 // how early inputs reach the server at best, and how early they should, in ticks
	Corrections        int     // of the own paddle, so far
	CorrectionsPerMin  float64 // the same, over the last minute
	Missed             int     // ticks that the server played without our input
	Sent, Received     int     // datagrams so far
	Samples            int     // round trips measured so far; the figures above mean nothing if it is zero
	BytesUp, BytesDown int     // datagram bytes so far
}

// measures are what a session measures and counts besides its channel.
type measures struct {
	lossUp, margin float64       // as the newest STATE reports them
	tailUp         time.Duration // likewise: how late inputs are
	lead           float64
	missed         int
	corrections    int            // of the own paddle
	recent         [256]time.Time // of the newest corrections
	correctedBy    float64        // pixels, of the own paddle, by all corrections
	arrived        time.Time      // of the newest STATE
	resyncs        int
	stale          int // STATEs older than the newest

	// Computed a few times a second, because they take sorting and counting.
	computed   time.Time
	quantiles  [3]float64
	lastMinute int // corrections
}

// takeMargin takes the report of a STATE on our inputs.
func (m *measures) takeMargin(r wire.Margin) {
	m.lossUp, m.tailUp = r.Loss, time.Duration(r.TailMS)*time.Millisecond
	if r.Valid {
		m.margin = r.Base
	}
}

// corrected counts a correction of the own paddle.
func (m *measures) corrected(now time.Time) {
	m.recent[m.corrections%len(m.recent)] = now
	m.corrections++
}

// figures returns the numbers of the HUD.
func (m *measures) figures(now time.Time, c *channel, wanted float64) Figures {
	if now.Sub(m.computed) > time.Second/4 {
		m.computed, m.quantiles = now, [3]float64{0.5, 0.95, 0.99}
		c.trips.Quantiles(m.quantiles[:]...)
		m.lastMinute = m.countLastMinute(now)
	}
	return Figures{
		Latency: milliseconds(c.echo.RTT()), Jitter: milliseconds(c.echo.Jitter()),
		P50: m.quantiles[0], P95: m.quantiles[1], P99: m.quantiles[2],
		LossUp: m.lossUp, LossDown: c.loss.Share(), BurstDown: c.loss.Burst(),
		Lead: m.lead, Margin: m.margin, Wanted: wanted,
		Corrections: m.corrections, CorrectionsPerMin: float64(m.lastMinute), Missed: m.missed,
		Sent: c.sent, Received: c.received, Samples: c.echo.Samples(),
		BytesUp: c.bytesUp, BytesDown: c.bytesDown,
	}
}

// countLastMinute counts the corrections of the last minute, as far as they are remembered.
func (m *measures) countLastMinute(now time.Time) int {
	n := 0
	for _, at := range m.recent[:min(m.corrections, len(m.recent))] {
		if now.Sub(at) < time.Minute {
			n++
		}
	}
	return n
}
