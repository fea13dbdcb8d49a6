package lab

import "testing"

func TestMeasure_CorrectionPath(t *testing.T) {
	t.Parallel()
	r := made(t, 2000)
	r.Sides[0].Frames[100].Corrected = -5
	r.Sides[1].Frames[900].Corrected = 35
	within(t, r, correctionPath, r.perMinute(40), r.perMinute(40))
}
