package server_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/memnet"
	"pong/internal/server"
	"pong/internal/trust"
	"pong/internal/udp"
	"pong/netcode/netsim"
)

// A testBus carries messages between servers in one process, each after a millisecond.
type testBus struct {
	mu    sync.Mutex // guards what follows
	nodes []*testNode
}

// A testNode is a server of a cluster in a bubble, and its end of the bus.
type testNode struct {
	bus       *testBus
	instances []string
	take      func([]byte)
	gone      bool // nothing passes to and from it any more

	address netip.AddrPort
	logged  *logged
	monitor server.Monitor
	drain   chan struct{}
	stop    context.CancelFunc
	ended   chan error
}

func (n *testNode) Join(instance string) error {
	n.bus.mu.Lock()
	defer n.bus.mu.Unlock()
	n.instances = append(n.instances, instance)
	return nil
}

func (n *testNode) Receive(take func([]byte)) {
	n.bus.mu.Lock()
	defer n.bus.mu.Unlock()
	n.take = take
}

func (n *testNode) Send(to string, message []byte) {
	n.bus.mu.Lock()
	defer n.bus.mu.Unlock()
	for _, other := range n.bus.nodes {
		if other == n || n.gone || other.gone || other.take == nil {
			continue
		}
		if to == "" || slices.Contains(other.instances, to) {
			copied, take := bytes.Clone(message), other.take
			time.AfterFunc(time.Millisecond, func() { take(copied) })
		}
	}
}

// cut lets nothing pass between a node and the others any more.
func (n *testNode) cut() {
	n.bus.mu.Lock()
	defer n.bus.mu.Unlock()
	n.gone = true
}

// clustered runs a test with a cluster of servers and two players at the first, whose match is being played.
func clustered(t *testing.T, size int, test func(r *rig, nodes []*testNode)) {
	t.Helper()
	clusteredAs(t, size, func(int, *server.Config) {}, test)
}

// clusteredAs is clustered with servers whose configurations are changed.
func clusteredAs(t *testing.T, size int, change func(int, *server.Config), test func(r *rig, nodes []*testNode)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		identity, err := trust.NewIdentity(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		r := &rig{T: t, key: identity.Fingerprint(), net: memnet.New(), logged: new(logged)}
		r.net.SetLink(netsim.Profile{Delay: 25 * time.Millisecond}, netsim.Profile{Delay: 25 * time.Millisecond})
		bus := new(testBus)
		for i := range size {
			n := &testNode{bus: bus, logged: new(logged), drain: make(chan struct{}), ended: make(chan error, 1)}
			n.address = netip.AddrPortFrom(netip.AddrFrom4([4]byte{203, 0, 113, 5 + byte(i)}), controlAddr.Port())
			bus.nodes = append(bus.nodes, n)
			control := r.net.Listen(n.address)
			udpSocket := r.net.ListenDatagrams(netip.AddrPortFrom(n.address.Addr(), n.address.Port()+1))
			var ctx context.Context
			ctx, n.stop = context.WithCancel(t.Context())
			cfg := server.Config{
				TLS: trust.ServerTLS(identity, time.Now), Auto: true, Drain: n.drain, Seed: 1, Monitor: &n.monitor,
				Log:         slog.New(slog.NewJSONHandler(n.logged, nil)),
				MatchPrefix: fmt.Sprintf("n%d-", i),
				Cluster: &server.Cluster{
					Node: fmt.Sprint("node", i), Address: n.address.String(), Size: size, Bus: n,
				},
			}
			change(i, &cfg)
			go func() { n.ended <- server.Serve(ctx, cfg, control, []udp.Socket{udp.NewSocket(udpSocket)}) }()
		}
		defer func() {
			for _, p := range r.players {
				p.Close()
			}
			for i, n := range bus.nodes {
				n.stop()
				if err := <-n.ended; err != nil {
					t.Errorf("Serve of node %d ended with %v, want nil", i, err)
				}
			}
		}()
		time.Sleep(2 * time.Second) // the nodes find each other
		r.joinTwo()
		r.want(30*time.Second, "a point is scored and the next rally runs", func() bool {
			v := r.players[0].view
			return v.Stage == client.StagePlaying && v.Score[0]+v.Score[1] > 0
		})
		test(r, bus.nodes)
		if t.Failed() {
			for i, n := range bus.nodes {
				t.Logf("log of node %d:\n%s", i, n.logged)
			}
		}
	})
}

// goesOn checks that the match goes on within a time, at another node and with its score, and returns for how long no
// STATE arrived.
func (r *rig) goesOn(within time.Duration) (gap time.Duration) {
	r.Helper()
	before, began := r.players[0].view, time.Now()
	last, tick := began, before.Tick
	r.want(within, "the match goes on at another node", func() bool {
		v := r.players[0].view
		if now := time.Now(); v.Tick != tick {
			gap, last, tick = max(gap, now.Sub(last)), now, v.Tick
		}
		for _, p := range r.players {
			if v := &p.view; v.Match != before.Match || v.Score[0] < before.Score[0] || v.Score[1] < before.Score[1] ||
				v.NewMatch || v.Stage == client.StageClosed {
				r.Fatalf("a player has the match %s with the score %v and the stage %v (%v); it was %s with %v",
					v.Match, v.Score, v.Stage, v.Reason, before.Match, before.Score)
			}
			if v.Server.Control == before.Server.Control || v.Stage != client.StagePlaying {
				return false
			}
		}
		return time.Since(last) < 100*time.Millisecond
	})
	return gap
}

// The server of a rally is gone: another node has the match, and it goes on with the same score.
func TestCluster_MatchOutlivesItsServer(t *testing.T) {
	clustered(t, 3, func(r *rig, nodes []*testNode) {
		nodes[0].cut()
		nodes[0].stop()
		if gap := r.goesOn(10 * time.Second); gap > 700*time.Millisecond {
			t.Errorf("%v without a STATE, want at most 700 ms", gap)
		}
		takeovers := 0
		for i, n := range nodes[1:] {
			is := n.monitor.Look(0, 0).Cluster
			if takeovers += is.Counts.Takeovers; is.Nodes != 2 || !is.Leased || is.Counts.Kept+is.Counts.Copies == 0 {
				t.Errorf("node %d knows of the cluster: %+v", i+1, is)
			}
		}
		if takeovers != 1 {
			t.Errorf("%d matches were taken over, want 1", takeovers)
		}
		for i, p := range r.players {
			if slices.Contains(p.seen, client.StagePaused) {
				t.Errorf("player %d saw a pause: %v", i+1, p.seen)
			}
		}
	})
}

// The server of a rally plays no more, and its connections stay open: players look for the match without being told.
func TestCluster_MatchOutlivesAServerThatHangs(t *testing.T) {
	clustered(t, 3, func(r *rig, nodes []*testNode) {
		nodes[0].cut()
		r.net.Kill(nodes[0].address.Addr().String())
		if gap := r.goesOn(10 * time.Second); gap > 1500*time.Millisecond {
			t.Errorf("%v without a STATE, want at most 1.5 s", gap)
		}
	})
}

// A server that ends in good order hands its matches over: in most cases nothing is seen of it. The order in which
// goroutines run decides whether a player finds the other server in time, so several matches are handed over.
func TestCluster_DrainedMatchGoesOnWithoutAPause(t *testing.T) {
	const times = 7
	unseen := 0
	for range times {
		clustered(t, 3, func(r *rig, nodes []*testNode) {
			jumps := new(paddleJumps)
			for i, p := range r.players {
				p.seen = nil
				p.hand = jumps.hand(i)
			}
			r.run(500 * time.Millisecond)
			jumps.most = 0
			close(nodes[0].drain)
			gap := r.goesOn(10 * time.Second)
			r.run(300 * time.Millisecond)
			noticed := gap > 300*time.Millisecond || jumps.most > 3*tickOfPaddle
			for _, p := range r.players {
				for _, stage := range p.seen {
					noticed = noticed || stage == client.StageLost || stage == client.StagePaused ||
						stage == client.StageCountdown
				}
			}
			if noticed {
				t.Logf("%v without a STATE, a paddle jumped by %.0f pixels on its screen, the players saw %v and %v",
					gap, jumps.most, r.players[0].seen, r.players[1].seen)
				return
			}
			unseen++
		})
	}
	if unseen <= times/2 {
		t.Errorf("%d of %d changes of servers were not seen, want most", unseen, times)
	}
}

// tickOfPaddle is how far a paddle moves in a tick, in pixels.
const tickOfPaddle = float64(game.PaddleSpeed) / float64(game.One)

// paddleJumps measures how far players' own paddles move from one frame to the next.
type paddleJumps struct {
	last [2]float64
	most float64
}

// hand moves the paddle of a player up and down for as long as the test lasts.
func (j *paddleJumps) hand(player int) func(client.Frame) game.Input {
	frames := 0
	return func(v client.Frame) game.Input {
		if at := v.Paddle[v.Me]; frames > 0 {
			j.most = max(j.most, math.Abs(at-j.last[player]))
		}
		j.last[player] = v.Paddle[v.Me]
		if frames++; frames/40%2 == 0 {
			return game.Up
		}
		return game.Down
	}
}

// A match that no other server can continue is lost, and its players meet again at one of them.
func TestCluster_PlayersOfALostMatchGetNewSeats(t *testing.T) {
	otherRules := func(i int, cfg *server.Config) {
		if i > 0 {
			cfg.Rules.Points = 3
		}
	}
	clusteredAs(t, 3, otherRules, func(r *rig, nodes []*testNode) {
		before := r.players[0].view.Match
		nodes[0].cut()
		nodes[0].stop()
		r.want(30*time.Second, "both players play another match, together", func() bool {
			one, two := &r.players[0].view, &r.players[1].view
			return one.Match != before && one.Match == two.Match && playing(r.players...)
		})
	})
}

// Of two nodes, the one that both players reach goes on without the other.
func TestCluster_OneOfTwoNodesGoesOn(t *testing.T) {
	clustered(t, 2, func(r *rig, nodes []*testNode) {
		nodes[1].cut()
		before := r.players[0].view.Tick
		r.want(20*time.Second, "600 ticks without the other node", func() bool {
			v := &r.players[0].view
			if v.Stage == client.StageLost {
				t.Fatalf("the player sees %v (%v)", v.Stage, v.Reason)
			}
			return v.Tick > before+600
		})
	})
}

// A server that most other nodes cannot reach pauses its matches, and plays them again when they can.
func TestCluster_NothingIsPlayedWithoutAMajority(t *testing.T) {
	clustered(t, 3, func(r *rig, nodes []*testNode) {
		for _, n := range nodes {
			n.cut()
		}
		r.run(time.Second)
		before := r.players[0].view.Tick
		r.run(time.Second)
		if after := r.players[0].view.Tick; after != before {
			t.Errorf("%d ticks were played without a majority", after-before)
		}
		nodes[0].bus.mu.Lock()
		for _, n := range nodes {
			n.gone = false
		}
		nodes[0].bus.mu.Unlock()
		r.want(20*time.Second, "the match goes on", func() bool { return r.players[0].view.Tick > before+60 })
	})
}
