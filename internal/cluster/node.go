// Package cluster lets several servers be one: a match goes on at another node when its own has ended. A Node is the
// part of one server: a state machine over a bus, without a clock, socket or goroutine. Time and messages are
// arguments. Package natsbus gives it a bus, and package server a clock.
//
//	time      -> Tick (member.go)     -> beats, requests to fence
//	messages  -> Receive (node.go)    -> members (member.go), acknowledgements (copies.go), copies (standby.go)
//	matches   -> Owned.Put (copies.go) -> Flush -> copies for standbys
//	players   -> Claim (standby.go)   -> a match to continue
//
// Each process is an instance of a node. An instance may play its matches while it holds a lease: a majority of the
// nodes has received a beat that it sent less than Lease ago. A node that has received nothing of an instance for twice
// that can fence it: it never echoes a beat of the instance again. An instance that a majority has fenced has no lease
// any more and gets none, so its matches can go on elsewhere. docs/cluster.md has the argument.
package cluster

import (
	"slices"
	"time"
)

// The times of a node.
const (
	// DefaultLease is for how long after a beat was sent its echoes give the right to play.
	DefaultLease = 200 * time.Millisecond

	beatsPerLease = 4 // beats sent within one lease
	askEvery      = 20 * time.Millisecond
	forgetAfter   = 10 * time.Minute // a fenced instance of which nothing more is received
	copyKeptFor   = 3 * time.Minute  // after the last copy; the seats of a match are freed sooner
)

// Config is how a Node is made.
type Config struct {
	Name    string        // unique in the cluster
	Address string        // HOST:PORT by which players reach this node
	Size    int           // how many nodes the cluster has, this one among them
	Lease   time.Duration // If zero, DefaultLease.

	// Send sends a message, which it may use only until it returns, to the instance of a node, or to all other nodes if
	// to is empty. It does not block; messages can be lost, late and in another order.
	Send func(to string, message []byte)

	// NewInstance returns a name that no instance has had.
	NewInstance func() string
}

// A Node is one server's part in a cluster. One goroutine at a time calls its methods.
type Node struct {
	cfg      Config
	instance string
	born     time.Time // the instance
	started  time.Time // the process

	members  map[string]*member   // by name
	promised map[string]time.Time // instances whose beats are not echoed any more, and when the last one arrived
	over     map[string]time.Time // instances that play nothing any more, and since when that is known
	asked    map[string]*ballot   // by instance: those that this node wants fenced
	number   uint32               // of the newest beat
	sent     [64]time.Time        // when the newest beats were sent, by number
	nextBeat time.Time
	draining bool
	players  int
	ended    bool

	owned  map[string]*Owned
	kept   map[string]*kept
	outbox map[string]*message // copies to send, by instance
	drops  map[string][]string // matches to drop, by instance

	leased bool // at the last Tick
	lost   bool // this instance was fenced: see Lost
	counts Counts
	buffer []byte
}

// Counts are what a node has counted.
type Counts struct {
	Copies    int // sent
	Kept      int // received
	Takeovers int
	Leases    int // times that the lease was lost
	Fenced    int // times that this node was fenced
	Refused   int // messages that are not of this protocol, or of a fenced instance
}

// Counts returns what the node has counted.
func (n *Node) Counts() Counts { return n.counts }

// New returns a node that knows of no others.
func New(now time.Time, cfg Config) *Node {
	if cfg.Lease == 0 {
		cfg.Lease = DefaultLease
	}
	return &Node{
		cfg: cfg, instance: cfg.NewInstance(), born: now, started: now, nextBeat: now,
		members: make(map[string]*member), promised: make(map[string]time.Time), over: make(map[string]time.Time),
		asked: make(map[string]*ballot),
		owned: make(map[string]*Owned), kept: make(map[string]*kept),
		outbox: make(map[string]*message), drops: make(map[string][]string),
	}
}

// majority is how many nodes are more than half.
func (n *Node) majority() int { return n.cfg.Size/2 + 1 }

// silentAfter is for how long nothing was received of an instance that can be fenced.
func (n *Node) silentAfter() time.Duration { return 2 * n.cfg.Lease }

// Receive takes a message from the bus. It accepts any bytes.
func (n *Node) Receive(now time.Time, bytes []byte) {
	m, err := parse(bytes)
	if err != nil || n.ended {
		n.counts.Refused++
		return
	}
	if m.instance == n.instance {
		return // our own, as some buses deliver it
	}
	if _, fenced := n.promised[m.instance]; fenced && m.kind != kindBye {
		n.counts.Refused++
		return
	}
	switch m.kind {
	case kindBeat:
		n.takeBeat(now, m)
	case kindCopies:
		n.keep(now, m)
	case kindAcks:
		n.takeAcks(m)
	case kindDrop:
		n.dropKept(m)
	case kindAsk:
		n.answer(now, m)
	case kindVote:
		n.count(m)
	case kindBye:
		n.end(now, m.instance)
		if is := n.members[m.name]; is != nil && is.instance == m.instance {
			delete(n.members, m.name)
		}
	}
}

// send sends a message of this node.
func (n *Node) send(to string, m *message) {
	m.name, m.instance = n.cfg.Name, n.instance
	n.buffer = m.append(n.buffer[:0])
	n.cfg.Send(to, n.buffer)
}

// Bye ends the node. The caller has stopped all its matches, and their last states were flushed.
func (n *Node) Bye() {
	if !n.ended {
		n.send("", &message{kind: kindBye})
		n.ended = true
	}
}

// Drain has other nodes keep no further copies here.
func (n *Node) Drain() { n.draining = true }

// SetPlayers sets how many players the node has, as others know it.
func (n *Node) SetPlayers(players int) { n.players = players }

// Lost reports once whether this instance was fenced. All its matches may go on elsewhere: the caller must drop them.
// The node has begun a new instance.
func (n *Node) Lost() bool {
	was := n.lost
	n.lost = false
	return was
}

// begin begins a new instance, which owns and keeps nothing.
func (n *Node) begin(now time.Time) {
	n.instance, n.born = n.cfg.NewInstance(), now
	n.sent = [64]time.Time{}
	for _, is := range n.members {
		is.echoed = 0
	}
	for _, o := range n.owned {
		o.over = true
	}
	clear(n.owned)
	clear(n.kept)
	clear(n.outbox)
	clear(n.drops)
	clear(n.asked)
	n.nextBeat = now
}

// A Peer is another node, as an operator sees it.
type Peer struct {
	Name, Address string
	Players       int
	Draining      bool
	Silent        time.Duration // since its last beat
}

// Peers returns the other nodes that are known, in the order of their names.
func (n *Node) Peers(now time.Time) []Peer {
	var all []Peer
	for name, is := range n.members {
		all = append(all, Peer{name, is.beat.address, is.beat.players, is.beat.draining, now.Sub(is.received)})
	}
	slices.SortFunc(all, func(a, b Peer) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return all
}
