package server_test

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/memnet"
)

// stopped stops the server and wants Serve to return nil within a while.
func (r *rig) stopped(within time.Duration) {
	r.Helper()
	start := time.Now()
	r.stop()
	if err := <-r.ended; err != nil {
		r.Errorf("Serve ended with %v, want nil", err)
	}
	if took := time.Since(start); took > within {
		r.Errorf("Serve took %v to end, want %v at most", took, within)
	}
	r.ended <- nil // for end
}

// TestShutdown stops a server in mid-game: all players are told at once, and Serve returns without waiting for
// strangers in any state.
func TestShutdown(t *testing.T) {
	bubble(t, func(s *settings) { s.shards = 2 }, func(r *rig) {
		left, right := r.two()
		third, fourth := r.join("third"), r.join("fourth")
		all := []*player{left, right, third, fourth}
		r.want(5*time.Second, "both matches play", at(client.StagePlaying, all...))
		r.tcp("10.0.0.1")               // has not begun TLS
		_ = r.raw("10.0.0.2")           // has not said JOIN
		r.raw("10.0.0.3").say(joinLine) // has not sent REGISTER
		r.stopped(1100 * time.Millisecond)
		r.want(time.Second/60, "all players are told", at(client.StageLost, all...))
		for _, p := range all {
			if p.view.Reason != client.ReasonShutdown {
				r.Errorf("a player is told %v, want that the server is shutting down", p.view.Reason)
			}
		}
		if _, err := r.net.Host("10.0.0.4").DialStream(r.Context(), controlAddr.String()); err == nil {
			r.Error("the control port is still open")
		}
		if _, _, err := r.games[1].ReadFromUDPAddrPort(nil); !errors.Is(err, net.ErrClosed) {
			r.Errorf("a game port is still open: %v", err)
		}
	})
}

// TestShutdown_IsQuick ends a server with nobody but players who read: there is nothing to wait for.
func TestShutdown_IsQuick(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.two()
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
		r.stopped(50 * time.Millisecond)
	})
}

// TestShutdown_PlayerDoesNotRead ends a server one of whose players reads nothing: it is not waited for.
func TestShutdown_PlayerDoesNotRead(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		c := r.raw("10.0.0.1")
		c.say(joinLine)
		c.hear()
		c.NetConn().(*memnet.Conn).SetWindow(0)
		r.stopped(1100 * time.Millisecond)
	})
}

// TestShutdown_WhileJoining stops a server while forty players join, at every stage of it. Whoever is in is told; the
// others get an error; nobody hangs.
func TestShutdown_WhileJoining(t *testing.T) {
	for _, after := range []time.Duration{0, time.Microsecond, time.Millisecond, 5 * time.Millisecond, 20 * time.Millisecond} {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			bubble(t, nil, func(r *rig) {
				var dials sync.WaitGroup
				for i := range 40 {
					dials.Go(func() {
						time.Sleep(time.Duration(i) * time.Millisecond / 2)
						c, err := dial.Dial(r.Context(), r.config("p", fmt.Sprintf("10.0.0.%d", i)))
						if err != nil {
							return
						}
						defer c.Close()
						for range 120 {
							c.Update(time.Now(), 0)
							if v := c.Frame(time.Now()); v.Reason == client.ReasonShutdown {
								return
							}
							time.Sleep(time.Second / 60)
						}
						r.Errorf("a player who was let in is not told that the server ends")
					})
				}
				time.Sleep(after)
				r.stopped(1100 * time.Millisecond)
				dials.Wait()
			})
		})
	}
}

// TestServe_SocketFails closes a server's sockets under it: Serve says so, the players are told, nothing is left.
func TestServe_SocketFails(t *testing.T) {
	for _, test := range []struct {
		name  string
		fails func(*rig)
		want  string
	}{
		{"control", func(r *rig) { r.control.Close() }, "control socket"},
		{"game", func(r *rig) { r.games[0].Close() }, "game socket"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := serve(t, nil)
				left, right := r.two()
				r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
				test.fails(r)
				if err := <-r.ended; err == nil || !errors.Is(err, net.ErrClosed) || !strings.Contains(err.Error(), test.want) {
					t.Errorf("Serve ended with %v, want an error about the %s", err, test.want)
				}
				r.want(2*time.Second, "the players see that the server is gone", at(client.StageLost, left, right))
				r.want(time.Minute, "and in the end that it stays away", at(client.StageClosed, left, right))
				r.ended <- nil
				r.end()
			})
		})
	}
}

// TestClose_Twice closes clients twice, also after the server is gone.
func TestClose_Twice(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.two()
		for range 2 {
			if err := left.Close(); err != nil {
				r.Errorf("Close: %v", err)
			}
		}
		left.frame(time.Now()) // a screen may draw once more
		r.stopped(time.Second)
		for range 2 {
			if err := right.Close(); err != nil {
				r.Errorf("Close after the server has gone: %v", err)
			}
		}
	})
}

// TestClose_ServerDoesNotRead leaves a server that reads nothing any more: Close takes a second at most.
func TestClose_ServerDoesNotRead(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left := r.join("left")
		r.net.Streams()[0].Peer().SetWindow(0)
		start := time.Now()
		left.Close()
		if took := time.Since(start); took > 1100*time.Millisecond {
			r.Errorf("Close took %v, want a second at most", took)
		}
	})
}
