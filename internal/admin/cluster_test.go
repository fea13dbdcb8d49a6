package admin

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"pong/internal/cluster"
	"pong/internal/server"
)

func TestMetrics_OfACluster(t *testing.T) {
	to := make(chan prometheus.Metric, 2*len(clusterFigures))
	collectCluster(to, nil)
	if len(to) > 0 {
		t.Errorf("a server that is alone has %d figures of a cluster", len(to))
	}
	collectCluster(to, &server.ClusterState{Nodes: 3, Leased: true, Counts: cluster.Counts{Takeovers: 7}})
	close(to)
	var sum float64
	for m := range to {
		var out dto.Metric
		if err := m.Write(&out); err != nil {
			t.Fatal(err)
		}
		sum += out.GetGauge().GetValue() + out.GetCounter().GetValue()
	}
	if sum != 3+1+7 {
		t.Errorf("the figures add up to %v, want 3 nodes, a lease and 7 takeovers", sum)
	}
}
