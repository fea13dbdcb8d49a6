package world

import (
	"testing"
	"time"

	"pong/internal/bot"
	"pong/netcode/netsim"
)

// BenchmarkWorld plays a minute between two bots over a bad network. The target is 1000 virtual seconds in a real one.
func BenchmarkWorld(b *testing.B) {
	bad := netsim.Profile{Delay: 50 * time.Millisecond, Jitter: 5 * time.Millisecond, Loss: 0.05, Burst: 2}
	b.ReportAllocs()
	const span = time.Minute
	for i := 0; b.Loop(); i++ {
		w := New(Config{Seed: uint64(i + 1), Up: bad, Down: bad})
		w.Join("left", Bot(bot.Hard, 1))
		w.Join("right", Bot(bot.Normal, 2))
		w.Run(span)
	}
	b.ReportMetric(float64(b.N)*span.Seconds()/b.Elapsed().Seconds(), "virtual-s/s")
}
