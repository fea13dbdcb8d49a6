package admin

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"pong/internal/shard"
	"pong/netcode"
)

// shards collects the figures of the server's loops. Each figure has the UDP port of its shard as a label.
type shards struct {
	source *source

	up, ready, refused  *prometheus.Desc
	dropped, load       *prometheus.Desc
	simple              []simple
	inputs              *prometheus.Desc
	lateness, rtt       *prometheus.Desc
	margin              *prometheus.Desc
	durations, distance []float64 // bounds of histograms
}

// A simple is a figure that has no other label.
type simple struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
	of   func(c *shard.Counts) int
}

func newShards(source *source) *shards {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("pong_"+name, help, append([]string{"shard"}, labels...), nil)
	}
	s := &shards{
		source: source,
		up:     prometheus.NewDesc("pong_up", "Whether all shards answer.", nil, nil),
		ready:  prometheus.NewDesc("pong_ready", "Whether players can join.", nil, nil),
		refused: prometheus.NewDesc("pong_refused_total",
			"Connections and players refused on the control channel, by reason.", []string{"reason"}, nil),
		dropped: desc("datagrams_dropped_total", "Datagrams received and not accepted, by reason.", "reason"),
		load: desc("loop_load",
			"Recent share of a core that the shard's loop uses. At 0.7 or more it admits no new match."),
		inputs: desc("player_inputs_total", "Inputs by their fate when they first arrived: fresh means in time.",
			"fate"),
		lateness:  desc("tick_lateness_seconds", "Time from when a tick was due to when the loop played it."),
		rtt:       desc("rtt_seconds", "Round trips between the server and its players."),
		margin:    desc("input_margin_ticks", "How early inputs arrive, in ticks. Negative means late."),
		durations: shard.DurationBounds(), distance: shard.MarginBounds(),
	}
	s.addSimple(desc)
	return s
}

// addSimple adds the figures without further labels.
func (s *shards) addSimple(desc func(name, help string, labels ...string) *prometheus.Desc) {
	gauge := func(name, help string, of func(c *shard.Counts) int) {
		s.simple = append(s.simple, simple{desc(name, help), prometheus.GaugeValue, of})
	}
	counter := func(name, help string, of func(c *shard.Counts) int) {
		s.simple = append(s.simple, simple{desc(name, help), prometheus.CounterValue, of})
	}
	gauge("matches", "Matches that exist, with one player or two.", func(c *shard.Counts) int { return c.Matches })
	gauge("players", "Seats of players, without watchers.", func(c *shard.Counts) int { return c.Players })
	counter("joins_total", "Players seated since the start, including players who came back.",
		func(c *shard.Counts) int { return c.Joins })
	counter("never_registered_total", "Seats freed because no REGISTER arrived over UDP.",
		func(c *shard.Counts) int { return c.NeverRegistered })
	counter("addresses_moved_total", "Sessions moved to another address.", func(c *shard.Counts) int { return c.Moved })
	counter("ticks_total", "Ticks played, in all matches.", func(c *shard.Counts) int { return c.Ticks })
	counter("ticks_without_input_total",
		"Inputs that had not arrived when their tick was played, in matches that had begun.",
		func(c *shard.Counts) int { return c.Missed })
	counter("inputs_total", "INPUT datagrams accepted.", func(c *shard.Counts) int { return c.Inputs })
	counter("states_total", "STATE datagrams sent.", func(c *shard.Counts) int { return c.States })
	counter("ticks_lost_total", "Ticks never played because the server stood still when they were due.",
		func(c *shard.Counts) int { return c.Lost })
	counter("states_skipped_total", "STATEs not sent because the loop had fallen behind.",
		func(c *shard.Counts) int { return c.Skipped })
	counter("datagrams_received_total", "Datagrams received, including those that were dropped.",
		func(c *shard.Counts) int { return c.Datagrams })
	counter("datagrams_accepted_total", "Datagrams that were authentic and of the protocol.",
		func(c *shard.Counts) int { return c.Accepted })
	counter("datagrams_sent_total", "Datagrams sent.", func(c *shard.Counts) int { return c.Sent })
	counter("datagrams_exhausted_total", "Datagrams not sent because the packet numbers of a session were used up.",
		func(c *shard.Counts) int { return c.Exhausted })
	counter("datagrams_unsent_total", "Datagrams that the system refused to send.",
		func(c *shard.Counts) int { return c.Unsent })
	counter("players_refused_busy_total", "Players refused because the loop was too busy for a new match.",
		func(c *shard.Counts) int { return c.Busy })
	counter("received_bytes_total", "Bytes of datagrams received, without IP and UDP headers.",
		func(c *shard.Counts) int { return c.BytesIn })
	counter("sent_bytes_total", "Bytes of datagrams sent, without IP and UDP headers.",
		func(c *shard.Counts) int { return c.BytesOut })
}

// Describe implements prometheus.Collector.
func (s *shards) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{s.up, s.ready, s.refused, s.dropped, s.load, s.inputs, s.lateness, s.rtt,
		s.margin} {
		to <- d
	}
	for _, m := range s.simple {
		to <- m.desc
	}
	for _, f := range clusterFigures {
		to <- f.desc
	}
}

// Collect implements prometheus.Collector.
func (s *shards) Collect(to chan<- prometheus.Metric) {
	snap, ok := s.source.look()
	to <- prometheus.MustNewConstMetric(s.up, prometheus.GaugeValue, truth(ok))
	to <- prometheus.MustNewConstMetric(s.ready, prometheus.GaugeValue, truth(ok && snap.Serving && !snap.Full))
	for reason, n := range snap.Refused {
		to <- prometheus.MustNewConstMetric(s.refused, prometheus.CounterValue, float64(n), reason)
	}
	collectCluster(to, snap.Cluster)
	for i := range snap.Shards {
		s.collect(to, &snap.Shards[i])
	}
}

func (s *shards) collect(to chan<- prometheus.Metric, v *shard.Stats) {
	port := strconv.Itoa(v.Port)
	for _, m := range s.simple {
		to <- prometheus.MustNewConstMetric(m.desc, m.kind, float64(m.of(&v.Counts)), port)
	}
	to <- prometheus.MustNewConstMetric(s.load, prometheus.GaugeValue, v.Counts.Load, port)
	for reason, n := range v.Counts.Dropped {
		to <- prometheus.MustNewConstMetric(s.dropped, prometheus.CounterValue, float64(n), port,
			shard.DropReason(reason).String())
	}
	for fate, name := range map[netcode.Fate]string{netcode.Fresh: "fresh", netcode.TooLate: "late",
		netcode.TooEarly: "early"} {
		to <- prometheus.MustNewConstMetric(s.inputs, prometheus.CounterValue, float64(v.Counts.Fates[fate]), port,
			name)
	}
	to <- histogram(s.lateness, &v.Lateness, s.durations, port)
	to <- histogram(s.rtt, &v.RTT, s.durations, port)
	to <- histogram(s.margin, &v.Margin, s.distance, port)
}

// histogram converts counts by bucket to the cumulative counts of Prometheus.
func histogram(desc *prometheus.Desc, h *shard.Histogram, bounds []float64, shard string) prometheus.Metric {
	cumulative, sum := make(map[float64]uint64, len(bounds)), uint64(0)
	for i, bound := range bounds {
		sum += h.Buckets[i]
		cumulative[bound] = sum
	}
	return prometheus.MustNewConstHistogram(desc, h.Count(), h.Sum, cumulative, shard)
}

func truth(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
