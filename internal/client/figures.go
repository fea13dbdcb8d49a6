package client

import "time"

// Figures holds the numbers of the HUD. Times are in milliseconds.
type Figures struct {
	Latency, Jitter    float64 // mean and mean successive difference of the last 20 round trips
	P50, P95, P99      float64 // round trip percentiles
	LossUp, LossDown   float64 // shares, 0 to 1
	BurstDown          int     // longest run of datagrams lost on the way down
	Lead               float64 // how many ticks the own paddle is ahead of the newest STATE
	Margin, Wanted     float64 // how early inputs reach the server, and how early they should, in ticks
	Corrections        int     // own-paddle corrections so far
	CorrectionsPerMin  float64 // the same, over the last minute
	Missed             int     // ticks that the server played without our input
	Sent, Received     int     // datagrams so far
	Samples            int     // round trips measured so far; the figures above mean nothing at zero
	BytesUp, BytesDown int     // datagram bytes so far
}

// linkFigures returns the numbers of the HUD. What has to be sorted or counted is renewed a few times a second.
func (s *Session) linkFigures(now time.Time) Figures {
	if now.Sub(s.figures.at) > time.Second/4 {
		q := [3]float64{0.5, 0.95, 0.99}
		s.trips.Quantiles(q[:]...)
		s.figures = figures{at: now, quantiles: q, corrections: s.stats.lastMinute(now)}
	}
	q := s.figures.quantiles
	return Figures{
		Latency: milliseconds(s.echo.RTT()), Jitter: milliseconds(s.echo.Jitter()), P50: q[0], P95: q[1], P99: q[2],
		LossUp: s.lossUp, LossDown: s.loss.Share(), BurstDown: s.loss.Burst(),
		Lead: s.lead, Margin: s.margin, Wanted: s.pacer.Wanted(),
		Corrections: s.stats.corrections, CorrectionsPerMin: float64(s.figures.corrections),
		Missed: s.stats.missed,
		Sent:   s.stats.sent, Received: s.stats.received, Samples: s.echo.Samples(),
		BytesUp: s.stats.bytesUp, BytesDown: s.stats.bytesDown,
	}
}

// figures are those that are not computed for every frame.
type figures struct {
	at          time.Time
	quantiles   [3]float64
	corrections int
}

// lastMinute counts the corrections of the last minute, as far as they are remembered.
func (s *sessionStats) lastMinute(now time.Time) int {
	n := 0
	for _, at := range s.recent[:min(s.corrections, len(s.recent))] {
		if now.Sub(at) < time.Minute {
			n++
		}
	}
	return n
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
