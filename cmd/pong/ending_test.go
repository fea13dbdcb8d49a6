package main

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// Windows ends a process 5 s after it has announced that. The points in play have a part of that time.
func TestEnding_LeavesTimeForTheLastLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, done := context.WithCancel(t.Context())
		start := time.Now()
		var drained, stopped []time.Duration
		announced := make(chan struct{}, 1)
		go handleEnding(ctx, announced, func() { drained = append(drained, time.Since(start)) },
			func() { stopped = append(stopped, time.Since(start)) })
		time.Sleep(time.Second)
		announced <- struct{}{}
		time.Sleep(time.Minute)
		done()
		synctest.Wait()
		if len(drained) != 1 || drained[0] != time.Second {
			t.Errorf("drained %v after the start, want once, after 1 s", drained)
		}
		if len(stopped) != 1 || stopped[0]-time.Second > 3*time.Second {
			t.Errorf("stopped %v after the start, want once, within 3 s of the announcement after 1 s", stopped)
		}
	})
}

// A server that has no point in play ends before that, and one that ends for another reason is not drained.
func TestEnding_IsOverWithTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, announce := range []bool{true, false} {
			ctx, done := context.WithCancel(t.Context())
			announced := make(chan struct{}, 1)
			drained := 0
			go handleEnding(ctx, announced, func() { drained++ }, func() { t.Error("stopped after the server's end") })
			if announce {
				announced <- struct{}{}
			}
			time.Sleep(time.Second)
			done()
			time.Sleep(time.Minute)
			synctest.Wait()
			if want := map[bool]int{true: 1}[announce]; drained != want {
				t.Errorf("announced: %v, drained %d times, want %d", announce, drained, want)
			}
		}
	})
}
