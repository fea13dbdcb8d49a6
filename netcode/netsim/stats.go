package netsim

import "time"

// Stats counts what a link did to its packets. At any time
// Sent + Duplicated = Delivered + Lost + QueueDrops + OutageDrops + InFlight.
type Stats struct {
	Sent        uint64 // packets given to Send
	Delivered   uint64 // packets returned by Receive, including copies
	Lost        uint64 // dropped by Profile.Loss
	Duplicated  uint64 // extra copies made
	Reordered   uint64 // packets overtaken by a later one
	Corrupted   uint64 // packets with a bit flipped
	QueueDrops  uint64 // dropped because the queue before the bottleneck, or the link itself, was full
	OutageDrops uint64 // dropped during an outage
	InFlight    int    // packets in flight now

	// MeanDelay is the mean time from Send to arrival of about the last 64 delivered packets, including the time in
	// the queue. It is zero until one has been delivered.
	MeanDelay time.Duration
}

const meanOver = 64

func (s *Stats) deliver(delay time.Duration) {
	s.Delivered++
	s.MeanDelay += (delay - s.MeanDelay) / time.Duration(min(s.Delivered, meanOver))
}

// Add returns the sum of the counts of two links. MeanDelay is the mean of both, weighted by their delivered packets.
func (s Stats) Add(t Stats) Stats {
	if n := s.Delivered + t.Delivered; n > 0 {
		share := float64(t.Delivered) / float64(n)
		s.MeanDelay += time.Duration(share * float64(t.MeanDelay-s.MeanDelay))
	}
	s.Sent += t.Sent
	s.Delivered += t.Delivered
	s.Lost += t.Lost
	s.Duplicated += t.Duplicated
	s.Reordered += t.Reordered
	s.Corrupted += t.Corrupted
	s.QueueDrops += t.QueueDrops
	s.OutageDrops += t.OutageDrops
	s.InFlight += t.InFlight
	return s
}
