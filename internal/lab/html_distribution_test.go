package lab

import (
	"strings"
	"testing"
)

func TestDistribution_Quantile(t *testing.T) {
	d := distribute([]float64{0.1, 0.2, 1.5, 7.9}, 1)
	for share, want := range map[float64]float64{0.25: 1, 0.5: 1, 0.75: 2, 0.99: 8, 1: 8} {
		if got := d.quantile(share); got != want {
			t.Errorf("the quantile %v is %v, want %v", share, got, want)
		}
	}
}

func TestDistribution_CumulativeEndsAtAll(t *testing.T) {
	d := distribute([]float64{0, 1, 2, 3}, 1)
	path := d.cumulative(span{0, 4, 0, 40}, span{0, 1, 100, 0})
	if want := "M0 100L0 100L10 75L10 75L20 50L20 50L30 25L30 25L40 0H40"; path != want {
		t.Errorf("the path is %s, want %s", path, want)
	}
}

func TestDistribution_HistogramJoinsClasses(t *testing.T) {
	var samples []float64
	for i := range 400 {
		samples = append(samples, float64(i))
	}
	d := new(svg)
	d.histogram(distribute(samples, 1), 0, span{0, 400, 0, 200})
	if n := strings.Count(d.String(), "z"); n > mostBars || n < mostBars/2 {
		t.Errorf("400 classes are drawn as %d bars, want %d at most", n, mostBars)
	}
}

func TestDistribution_ChartWithoutSamples(t *testing.T) {
	rows := map[key]*Row{{"L4", "filter", "m"}: {Mean: 1}}
	if _, ok := distributionChart([]string{"filter"}, Named{Name: "L4"}, Named{Name: "m"}, rows); ok {
		t.Error("a chart was drawn without samples")
	}
}
