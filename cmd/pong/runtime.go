package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// tuneGC keeps garbage small compared with live memory, which is 45 KB a match. Game traffic makes no garbage, so
// only joins, and PINGs every ten seconds, pay for it. If GOGC is set, tuneGC changes nothing.
func tuneGC() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(25)
	}
}

// reserveThreads lets the scheduler run one thread more than there are shards, whatever the number of cores. A loop
// that sleeps gives up its processor. If there were only one, the loop would wait for a player's TLS handshake to get
// it back, for milliseconds, and the runtime would have to supervise it all the time.
func reserveThreads(shards int) {
	if runtime.GOMAXPROCS(0) <= shards {
		runtime.GOMAXPROCS(shards + 1)
	}
}
