package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// collectOften keeps the garbage small beside what lives, which is 45 KB a match. Game traffic makes none, so it
// is players who join, and their PINGs every ten seconds, that pay for it. Whoever has set GOGC knows better.
func tuneGC() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(25)
	}
}

// giveEachAThread lets the scheduler run one thread more than there are shards, however few cores there are. A loop that
// sleeps gives up its place among them; were it the only one, it would have to wait for a player's TLS handshake to get it
// back, for milliseconds, and the runtime would watch over it day and night.
func reserveThreads(shards int) {
	if runtime.GOMAXPROCS(0) <= shards {
		runtime.GOMAXPROCS(shards + 1)
	}
}
