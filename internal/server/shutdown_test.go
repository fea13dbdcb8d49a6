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

// stopped stops the server. It fails unless Serve returns nil within a time.
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

// TestShutdown stops a server during a game. All players are told at once, and Serve does not wait for connections in
// any earlier state.
func TestShutdown(t *testing.T) {
	bubble(t, func(s *settings) { s.shards = 2 }, func(r *rig) {
		left, right := r.joinTwo()
		third, fourth := r.join("third"), r.join("fourth")
		all := []*player{left, right, third, fourth}
		r.want(5*time.Second, "both matches play", at(client.StagePlaying, all...))
		r.dialStream("10.0.0.1")             // has not begun TLS
		_ = r.dialTLS("10.0.0.2")            // has not sent JOIN
		r.dialTLS("10.0.0.3").send(joinLine) // has not sent REGISTER
		r.stopped(1100 * time.Millisecond)
		r.want(time.Second/60, "all players are told", at(client.StageLost, all...))
		for _, p := range all {
			if p.view.Reason != client.ReasonShutdown {
				r.Errorf("a player is given the reason %v, want %v", p.view.Reason, client.ReasonShutdown)
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

// TestShutdown_IsQuick stops a server whose clients read all lines, so that there is nothing to wait for.
func TestShutdown_IsQuick(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
		r.stopped(50 * time.Millisecond)
	})
}

// TestShutdown_PlayerDoesNotRead stops a server one of whose clients does not read.
func TestShutdown_PlayerDoesNotRead(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		c := r.dialTLS("10.0.0.1")
		c.send(joinLine)
		c.next()
		c.NetConn().(*memnet.Conn).SetWindow(0)
		r.stopped(1100 * time.Millisecond)
	})
}

// TestShutdown_WhileJoining stops a server while forty players are at different steps of joining. Players that have
// joined are told, the others get an error, and none waits forever.
func TestShutdown_WhileJoining(t *testing.T) {
	const ms = time.Millisecond
	for _, after := range []time.Duration{0, time.Microsecond, ms, 5 * ms, 20 * ms} {
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
						r.Error("a player who has joined is not told that the server shuts down")
					})
				}
				time.Sleep(after)
				r.stopped(1100 * time.Millisecond)
				dials.Wait()
			})
		})
	}
}

// TestServe_SocketFails closes a socket of a running server. Serve returns an error, and the players notice.
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
				left, right := r.joinTwo()
				r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
				test.fails(r)
				if err := <-r.ended; err == nil || !errors.Is(err, net.ErrClosed) ||
					!strings.Contains(err.Error(), test.want) {
					t.Errorf("Serve ended with %v, want an error about the %s", err, test.want)
				}
				r.want(2*time.Second, "the server is shown as lost", at(client.StageLost, left, right))
				r.want(time.Minute, "the clients give up", at(client.StageClosed, left, right))
				r.ended <- nil
				r.end()
			})
		})
	}
}

// TestClose_Twice closes clients twice, one of them after the server has ended.
func TestClose_Twice(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		for range 2 {
			if err := left.Close(); err != nil {
				r.Errorf("Close: %v", err)
			}
		}
		left.frame(time.Now()) // a front end may draw once more
		r.stopped(time.Second)
		for range 2 {
			if err := right.Close(); err != nil {
				r.Errorf("Close after the server has ended: %v", err)
			}
		}
	})
}

// TestClose_ServerDoesNotRead closes a client whose server does not read any more.
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

// TestServe_Drain drains a server. The point in play is finished, new players are refused, and Serve returns nil.
func TestServe_Drain(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		close(r.drain)
		r.run(200 * time.Millisecond)
		if left.view.Stage != client.StagePlaying || !left.view.Closing {
			r.Errorf("a player is at %v with Closing %v, want play and true", left.view.Stage, left.view.Closing)
		}
		_, err := dial.Dial(r.Context(), r.config("late", "10.0.0.1"))
		if err == nil || !strings.Contains(err.Error(), "shutting down or restarting") {
			r.Errorf("a new player joins: %v, want that the server is shutting down", err)
		}
		r.want(20*time.Second, "both are told that the server has ended", at(client.StageLost, left, right))
		if n := len(r.logged.entries("score")); n != 1 {
			r.Errorf("%d points were scored, want the one in play", n)
		}
		if err := <-r.ended; err != nil {
			r.Errorf("Serve ended with %v, want nil", err)
		}
		r.ended <- nil
	})
}

// TestServe_StopWhileDraining stops a server at once while it waits for a point.
func TestServe_StopWhileDraining(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		close(r.drain)
		r.run(200 * time.Millisecond)
		r.stopped(time.Second)
	})
}

// TestShutdown_DoesNotWaitForHandshakes stops a server to which a silent connection is open.
func TestShutdown_DoesNotWaitForHandshakes(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		silent := r.dialStream("198.51.100.9")
		defer silent.Close()
		synctest.Wait()
		r.stopped(100 * time.Millisecond)
	})
}
