package client

import (
	"testing"
	"time"

	"pong/internal/game"
)

func TestFigures_OfAPerfectLink(t *testing.T) {
	f := newPeer(t, 1)
	if l := f.s.Frame(f.now).Figures; l.Samples != 0 || l.Latency != 0 {
		t.Errorf("before the first datagram: %+v, want no samples", l)
	}
	f.play()
	f.run(2*time.Second, game.Up)
	l := f.s.Frame(f.now).Figures
	if l.Samples == 0 || l.Latency < 0 || l.Latency > 17 || l.LossUp != 0 || l.LossDown != 0 ||
		l.Lead < 0 || l.Lead > 3 ||
		l.Sent == 0 || l.Received == 0 || l.BytesUp < l.Sent*42 || l.BytesDown < l.Received*42 {
		t.Errorf("over a perfect link: %+v", l)
	}
	if l.Corrections != 0 {
		t.Errorf("%d corrections over a perfect link, want none", l.Corrections)
	}
}
