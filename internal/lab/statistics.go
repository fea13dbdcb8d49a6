package lab

import (
	"math"
	"slices"
)

// mean returns the mean of samples; 0 if there are none.
func mean(samples []float64) float64 {
	if len(samples) == 0 {
		return 0
	}
	sum := 0.0
	for _, x := range samples {
		sum += x
	}
	return sum / float64(len(samples))
}

// quantile returns the sample at or below which a share of all samples lies (nearest rank); 0 if there are none.
func quantile(samples []float64, share float64) float64 {
	if len(samples) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(samples))
	rank := int(math.Ceil(share * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// per returns count divided by of; 0 if of is 0.
func per(count int, of float64) float64 {
	if of == 0 {
		return 0
	}
	return float64(count) / of
}
