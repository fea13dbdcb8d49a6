package server

import (
	"testing"
	"time"
)

// TestDescriptors_KeepAReserve for clients that have not joined, whatever the limit of the system.
func TestDescriptors_KeepAReserve(t *testing.T) {
	for _, limit := range []int{64, 128, 256, 1024, 4096, 1 << 20} {
		d := newDescriptors(limit, 1)
		now, n := time.Now(), 0
		for n < limit && d.take(false) {
			n++
		}
		if free := limit - n - ownDescriptors - shardDescriptors; free < min(limit/4, maxPending) || n < limit/3 {
			t.Errorf("with a limit of %d files, %d clients can join, and %d more can read an ERROR", limit, n,
				free)
		}
		if !d.short(now) {
			t.Errorf("with a limit of %d files and %d clients the server is not short of descriptors", limit, n)
		}
		if !d.take(true) {
			t.Error("a player who resumes is refused")
		}
		d.give()
		d.give()
		if d.short(now) || !d.take(false) {
			t.Error("a client has left, and the next one is refused")
		}
	}
}

func TestDescriptors_WithoutLimit(t *testing.T) {
	d := newDescriptors(0, 1)
	for range 100_000 {
		if !d.take(false) {
			t.Fatal("a client is refused without a limit")
		}
	}
	if d.short(time.Now()) {
		t.Error("the server is short of descriptors without a limit")
	}
}

// TestDescriptors_ShortAfterAccept has run out of descriptors, for whatever reason, and after a while not any more.
func TestDescriptors_ShortAfterAccept(t *testing.T) {
	d, now := newDescriptors(1024, 1), time.Now()
	d.ranOut(now)
	if !d.short(now.Add(statusEvery - time.Second)) {
		t.Error("the system had no descriptor, and the server takes players")
	}
	if d.short(now.Add(statusEvery + time.Second)) {
		t.Errorf("the system had no descriptor, and after %v the server still takes no players", statusEvery)
	}
}
