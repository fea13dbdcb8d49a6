package server

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"pong/internal/cluster"
	"pong/internal/shard"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// A Bus carries messages between the nodes of a cluster.
type Bus interface {
	// Join has the messages to an instance arrive at this process from now on, beside those to all.
	Join(instance string) error

	// Send sends a message, which it may use only until it returns, to an instance, or to all other nodes if it is
	// empty. It does not block.
	Send(to string, message []byte)

	// Receive sets what is called with each message, by goroutines of the bus.
	Receive(func(message []byte))
}

// A Cluster is what a server needs to be one of several: see package cluster.
type Cluster struct {
	Node    string        // the name of this node, unique in the cluster
	Address string        // HOST:PORT by which players reach this node
	Size    int           // how many nodes there are
	Lease   time.Duration // If zero, cluster.DefaultLease.
	Bus     Bus
}

// A clusterNode gives a cluster.Node a bus, a clock and a lock: the goroutines of all shards use it.
type clusterNode struct {
	log  *slog.Logger
	bus  Bus
	turn sync.Mutex // held while a match is taken over, so that its other player finds it

	mu        sync.Mutex // guards what follows
	node      *cluster.Node
	leased    bool            // as the log has it
	changedAt time.Time       // when that was so last
	known     map[string]bool // whether a peer lives, as the log has it
	silence   time.Duration
	also      string // as WELCOME and NODES have it
	changed   func(also string)
}

// newClusterNode returns a node whose messages are taken from now on.
func newClusterNode(cfg *Cluster, log *slog.Logger, changed func(also string)) *clusterNode {
	c := &clusterNode{log: log, bus: cfg.Bus, known: make(map[string]bool), changed: changed}
	if cfg.Lease == 0 {
		cfg.Lease = cluster.DefaultLease
	}
	c.silence = 2 * cfg.Lease
	c.mu.Lock()
	defer c.mu.Unlock()
	c.node = cluster.New(time.Now(), cluster.Config{
		Name: cfg.Node, Address: cfg.Address, Size: cfg.Size, Lease: cfg.Lease,
		Send: cfg.Bus.Send, NewInstance: c.newInstance,
	})
	cfg.Bus.Receive(c.receive)
	return c
}

// newInstance returns the name of a new instance, at which messages can arrive.
func (c *clusterNode) newInstance() string {
	var random [8]byte
	_, _ = rand.Read(random[:]) // it never fails
	instance := hex.EncodeToString(random[:])
	if err := c.bus.Join(instance); err != nil {
		c.log.Warn("the cluster's bus does not work", slog.String("reason", err.Error()))
	}
	return instance
}

func (c *clusterNode) receive(message []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.node.Receive(time.Now(), message)
	c.note(time.Now())
}

// tickEvery is how often a node looks at the time. It is short compared to the time between two beats.
const tickEvery = 10 * time.Millisecond

// run lets time pass until ctx is done.
func (c *clusterNode) run(ctx context.Context, players func() int) {
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		n := players()
		c.mu.Lock()
		now := time.Now()
		c.node.SetPlayers(n)
		c.node.Tick(now)
		c.node.Flush()
		c.note(now)
		c.mu.Unlock()
	}
}

// note logs what has changed. The caller holds mu.
func (c *clusterNode) note(now time.Time) {
	if c.node.Lost() {
		c.log.Warn("this server was away for too long: its matches go on at other nodes")
	}
	switch leased := c.node.Leased(now); {
	case leased == c.leased:
		c.changedAt = now
	case leased || now.Sub(c.changedAt) > c.silence:
		if c.leased = leased; leased {
			c.log.Info("this server reaches most nodes of the cluster: matches can be played")
		} else {
			c.log.Warn("this server does not reach most nodes of the cluster: its matches are paused until it does")
		}
	}
	var addresses []string
	for _, peer := range c.node.Peers(now) {
		if peer.Silent < goneAfter && !peer.Draining {
			addresses = append(addresses, peer.Address)
		}
		if lives := peer.Silent < c.silence; lives != c.known[peer.Name] {
			if c.known[peer.Name] = lives; lives {
				c.log.Info("node found", slog.String("node", peer.Name), slog.String("address", peer.Address))
			} else {
				c.log.Warn("node lost", slog.String("node", peer.Name), slog.String("address", peer.Address))
			}
		}
	}
	addresses = addresses[:min(len(addresses), wire.MaxAlso)]
	if also := strings.Join(addresses, ","); also != c.also {
		c.also = also
		c.changed(also)
	}
}

// goneAfter is for how long after its last beat clients look for a match at a node. It is long: a node that is silent
// may only be out of this one's reach.
const goneAfter = time.Minute

// sendLine sends a control line to a client. WELCOME has the other nodes of the cluster.
func (s *server) sendLine(id sealed.ID, m wire.Message) {
	if m.Type == wire.Welcome && s.cluster != nil {
		s.cluster.mu.Lock()
		m.Also = s.cluster.also
		s.cluster.mu.Unlock()
	}
	s.players.send(id, m)
}

// state returns what the node knows of the cluster.
func (c *clusterNode) state(now time.Time) *ClusterState {
	c.mu.Lock()
	defer c.mu.Unlock()
	is := &ClusterState{Nodes: 1, Leased: c.node.Leased(now), Counts: c.node.Counts()}
	for _, peer := range c.node.Peers(now) {
		if peer.Silent < c.silence {
			is.Nodes++
		}
	}
	return is
}

// flush sends the copies that wait.
func (c *clusterNode) flush() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.node.Flush()
}

// drain has other nodes keep no further copies here.
func (c *clusterNode) drain() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.node.Drain()
}

// bye ends the node, after its matches have ended.
func (c *clusterNode) bye() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.node.Flush()
	c.node.Bye()
}

// own returns the Copier of a match that has begun here.
func (c *clusterNode) own(match string, epoch uint32) shard.Copier {
	c.mu.Lock()
	defer c.mu.Unlock()
	return &copier{c, c.node.Own(match, epoch)}
}

// A copier is the shard.Copier of a match.
type copier struct {
	c *clusterNode
	o *cluster.Owned
}

// Put implements shard.Copier, as do the other methods.
func (k *copier) Put(now time.Time, tick uint32, record []byte) {
	k.c.mu.Lock()
	defer k.c.mu.Unlock()
	k.o.Put(now, tick, record)
}

func (k *copier) Acked() uint32 {
	k.c.mu.Lock()
	defer k.c.mu.Unlock()
	return k.o.Acked()
}

func (k *copier) MayPlay(now time.Time, reached bool) bool {
	k.c.mu.Lock()
	defer k.c.mu.Unlock()
	return k.o.MayPlay(now, reached)
}

func (k *copier) Over() bool {
	k.c.mu.Lock()
	defer k.c.mu.Unlock()
	return k.o.Over()
}

func (k *copier) Drop() {
	k.c.mu.Lock()
	defer k.c.mu.Unlock()
	k.o.Drop()
}

// The times of a client that comes back to a match of another node.
const (
	claimWithin = 1500 * time.Millisecond
	claimEvery  = 10 * time.Millisecond
)

// errAtOther refuses a client that comes back to a match whose node lives.
var errAtOther = errors.New("another node of the cluster has this match: try again there")

// resume joins a client that comes back, to a match of this server or to one of another node, which this one then
// continues.
func (s *server) resume(ctx context.Context, r shard.JoinRequest) (at *loop, err error) {
	began, digest := time.Now(), sha256.Sum256(r.Resume)
	for {
		answer := cluster.Unknown
		s.cluster.turn.Lock()
		if at, err = s.lobby.join(r); errors.Is(err, shard.ErrResume) {
			answer = s.claim(began, digest)
		}
		s.cluster.turn.Unlock()
		now := time.Now()
		switch {
		case answer == cluster.Unknown:
			return at, err
		case answer == cluster.Alive, answer == cluster.Wait && now.Sub(began) > claimWithin:
			return nil, errAtOther
		case answer == cluster.Taken:
			continue
		}
		select {
		case <-ctx.Done():
			return nil, errAtOther
		case <-time.After(claimEvery):
		}
	}
}

// claim continues the match of a resume secret's digest, if this node keeps a copy of it and its owner is gone.
func (s *server) claim(since time.Time, digest [sha256.Size]byte) cluster.Answer {
	var copied *shard.Copied
	finds := func(record []byte) bool {
		c, err := shard.ParseCopied(record)
		if err == nil && c.Resumes(digest) {
			copied = c
		}
		return copied == c && c != nil
	}
	s.cluster.mu.Lock()
	answer, c := s.cluster.node.Claim(time.Now(), since, finds)
	s.cluster.mu.Unlock()
	if answer != cluster.Taken {
		return answer
	}
	at := s.lobby.byPreference()[0]
	if copied.Room != "" {
		at = s.lobby.roomShard(copied.Room)
	}
	err, by := error(shard.ErrClosing), s.cluster.own(c.Match, c.Epoch)
	at.do(func(now time.Time) { err = at.shard.TakeOver(now, c.Received, copied, by) })
	if err != nil {
		by.Drop()
		s.log.Warn("a match of another node cannot go on here", slog.String("match", c.Match),
			slog.String("reason", err.Error()))
	}
	return answer
}

// yieldWithin is how long a server that ends waits for its last copies to arrive.
const yieldWithin = 300 * time.Millisecond

// yield stops all matches and has their last states copied, so that other nodes can continue them at once.
func (s *server) yield(ctx context.Context) {
	s.log.Info("shutting down: the matches go on at the other nodes of the cluster")
	s.cfg.Monitor.markEnding()
	s.cluster.drain()
	for end := time.Now().Add(yieldWithin); time.Now().Before(end) && ctx.Err() == nil; {
		left := 0
		for _, l := range s.loops {
			l.do(func(now time.Time) {
				if l.shard.Yield(now); !l.shard.Yielded() {
					left++
				}
			})
		}
		s.cluster.flush()
		if left == 0 {
			break
		}
		time.Sleep(claimEvery)
	}
	s.cluster.bye()
}
