package admin

import (
	"github.com/prometheus/client_golang/prometheus"

	"pong/internal/server"
)

// A clusterFigure is a figure of a server of a cluster. A server that is alone has none.
type clusterFigure struct {
	name string
	desc *prometheus.Desc
	kind prometheus.ValueType
	of   func(c *server.ClusterState) float64
}

// clusterFigures are all of them.
var clusterFigures = []clusterFigure{
	clusterGauge("nodes", "Servers of the cluster that live, this one among them.",
		func(c *server.ClusterState) float64 { return float64(c.Nodes) }),
	clusterGauge("leased", "Whether this server reaches a majority of the cluster, so that matches are played.",
		func(c *server.ClusterState) float64 { return truth(c.Leased) }),
	clusterCounter("copies_total", "States of matches sent to their standbys.",
		func(c *server.ClusterState) int { return c.Counts.Copies }),
	clusterCounter("kept_total", "States of other servers' matches received as their standby.",
		func(c *server.ClusterState) int { return c.Counts.Kept }),
	clusterCounter("takeovers_total", "Matches of other servers continued here.",
		func(c *server.ClusterState) int { return c.Counts.Takeovers }),
	clusterCounter("leases_lost_total", "Times that this server did not reach a majority any more.",
		func(c *server.ClusterState) int { return c.Counts.Leases }),
	clusterCounter("fenced_total", "Times that this server has lost its matches to others.",
		func(c *server.ClusterState) int { return c.Counts.Fenced }),
	clusterCounter("refused_total", "Messages of the cluster that were refused.",
		func(c *server.ClusterState) int { return c.Counts.Refused }),
}

func clusterGauge(name, help string, of func(*server.ClusterState) float64) clusterFigure {
	name = "pong_cluster_" + name
	return clusterFigure{name, prometheus.NewDesc(name, help, nil, nil), prometheus.GaugeValue, of}
}

func clusterCounter(name, help string, of func(*server.ClusterState) int) clusterFigure {
	name = "pong_cluster_" + name
	return clusterFigure{
		name, prometheus.NewDesc(name, help, nil, nil), prometheus.CounterValue,
		func(c *server.ClusterState) float64 { return float64(of(c)) },
	}
}

// collectCluster collects the figures of a cluster, if there is one.
func collectCluster(to chan<- prometheus.Metric, c *server.ClusterState) {
	if c == nil {
		return
	}
	for _, f := range clusterFigures {
		to <- prometheus.MustNewConstMetric(f.desc, f.kind, f.of(c))
	}
}
