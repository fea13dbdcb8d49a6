package lab

import (
	"testing"
	"time"

	"pong/internal/client"
)

// Where a fifth of the datagrams is lost, clients that send each INPUT with a new key once more have their paddles
// corrected less than half as often, and send at most a quarter more.
func TestRepeat_CorrectsThePaddleLessOften(t *testing.T) {
	t.Parallel()
	c := cell(t, "L5", Filter, 1, 3*time.Minute)
	without, bytes := figureOf(t, corrections, c), figureOf(t, bytesUp, c)
	c.Without = client.Settings{Repeat: true}
	with, more := figureOf(t, corrections, c), figureOf(t, bytesUp, c)
	t.Logf("%.2f corrections a minute and %.2f kB/s up; with repeated INPUTs %.2f and %.2f", without, bytes, with, more)
	if with > without/2 || more > 1.25*bytes {
		t.Errorf("%.2f corrections a minute and %.2f kB/s up; with repeated INPUTs %.2f and %.2f, want at most half "+
			"and 1.25 times", without, bytes, with, more)
	}
}
