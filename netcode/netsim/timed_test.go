package netsim

import (
	"errors"
	"net"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestTimedLink_ReceivesWhenDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newTimedLink(Profile{Delay: 50 * ms}, 1)
		start := time.Now()
		l.send([]byte("first"))
		time.Sleep(20 * ms)
		l.send([]byte("second"))
		for _, test := range []struct {
			want string
			at   time.Duration
		}{{"first", 50 * ms}, {"second", 70 * ms}} {
			var b [16]byte
			n, err := l.receive(b[:])
			if err != nil || string(b[:n]) != test.want || time.Since(start) != test.at {
				t.Errorf("received %q, %v after %v, want %q after %v", b[:n], err, time.Since(start), test.want,
					test.at)
			}
		}
	})
}

func TestTimedLink_WakesForAPacketSentWhileWaiting(t *testing.T) {
	for _, test := range []struct {
		name string
		do   func(*timedLink)
		want error
	}{
		{"send", func(l *timedLink) { l.send([]byte("x")) }, nil},
		{"close", func(l *timedLink) { _ = l.close() }, net.ErrClosed},
		{"deadline", func(l *timedLink) { l.setDeadline(time.Now()) }, os.ErrDeadlineExceeded},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := newTimedLink(Profile{}, 1)
			done := make(chan error)
			go func() { _, err := l.receive(nil); done <- err }()
			synctest.Wait() // until the receiver waits
			test.do(l)
			if err := <-done; !errors.Is(err, test.want) {
				t.Errorf("%s: receive returned %v, want %v", test.name, err, test.want)
			}
		})
	}
}

func TestTimedLink_ServesSeveralReceivers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newTimedLink(Profile{Delay: 10 * ms}, 1)
		var receivers sync.WaitGroup
		for range 5 {
			receivers.Go(func() {
				if _, err := l.receive(nil); err != nil {
					t.Errorf("receive: %v", err)
				}
			})
		}
		synctest.Wait()
		for range 5 {
			l.send([]byte("x"))
		}
		receivers.Wait()
		if s := l.stats(); s.Delivered != 5 {
			t.Errorf("%d of 5 packets delivered", s.Delivered)
		}
	})
}
