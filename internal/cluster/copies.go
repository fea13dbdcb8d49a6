package cluster

import (
	"hash/fnv"
	"math"
	"time"
)

// An Owned is a match that this instance plays.
type Owned struct {
	node    *Node
	match   string
	epoch   uint32 // one more than that of the instance from which it was taken over
	standby string // the instance that keeps the copies; empty if there is none
	acked   uint32 // the newest tick whose copy it has received
	over    bool   // the instance has lost the match
}

// Own records that this instance plays a match from now on. The epoch is 0 for a new match, else that of the Copy.
func (n *Node) Own(match string, epoch uint32) *Owned {
	o := &Owned{node: n, match: match, epoch: epoch}
	n.owned[match] = o
	return o
}

// Put has the state of the match at a tick copied, by the next Flush.
func (o *Owned) Put(now time.Time, tick uint32, record []byte) {
	n := o.node
	if o.over {
		return
	}
	if o.standby == "" {
		if o.standby = n.chooseStandby(now, o.match); o.standby == "" {
			return
		}
	}
	m := n.outbox[o.standby]
	if m == nil {
		m = &message{kind: kindCopies}
		n.outbox[o.standby] = m
	}
	n.counts.Copies++
	m.copies = append(m.copies, copied{o.match, o.epoch, tick, append([]byte(nil), record...)})
	if len(m.copies) == copiesPerMessage {
		n.Flush()
	}
}

// copiesPerMessage bounds the length of a message, which a bus limits.
const copiesPerMessage = 64

// Acked returns the newest tick whose copy has arrived. While there is no node that could keep one, it is the greatest
// tick.
func (o *Owned) Acked() uint32 {
	if o.standby == "" {
		return math.MaxUint32
	}
	return o.acked
}

// MayPlay reports whether the match may be played at now. reached says whether both players reach this node: of two
// nodes, the one that they reach goes on without the other.
func (o *Owned) MayPlay(now time.Time, reached bool) bool {
	return !o.over && (o.node.Leased(now) || reached && o.node.cfg.Size == 2)
}

// Over reports whether this instance has lost the match.
func (o *Owned) Over() bool { return o.over }

// Drop records that the match has ended.
func (o *Owned) Drop() {
	n := o.node
	if o.over {
		return
	}
	o.over = true
	delete(n.owned, o.match)
	if o.standby != "" {
		n.drops[o.standby] = append(n.drops[o.standby], o.match)
	}
}

// Flush sends the copies since the last Flush, one message to each standby.
func (n *Node) Flush() {
	for to, m := range n.outbox {
		n.send(to, m)
		delete(n.outbox, to)
	}
	for to, matches := range n.drops {
		n.send(to, &message{kind: kindDrop, drops: matches[:min(len(matches), mostEntries)]})
		delete(n.drops, to)
	}
}

// chooseStandby returns the instance that is to keep the copies of a match: of those that live, the one with the
// greatest hash of its name and the match (rendezvous hashing), one that does not drain if there is one.
func (n *Node) chooseStandby(now time.Time, match string) (instance string) {
	best, bestDrains := uint64(0), true
	for name, is := range n.members {
		if _, over := n.over[is.instance]; over || !is.admitted || now.Sub(is.received) >= n.silentAfter() {
			continue
		}
		h := fnv.New64a()
		h.Write([]byte(name + "\x00" + match))
		sum, drains := mix(h.Sum64()), is.beat.draining
		if instance == "" || bestDrains && !drains || bestDrains == drains && sum > best {
			instance, best, bestDrains = is.instance, sum, drains
		}
	}
	return instance
}

// mix spreads the bits of a hash: the last ones of FNV depend on few bytes.
func mix(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// takeAcks takes acknowledgements of a standby.
func (n *Node) takeAcks(m *message) {
	for _, a := range m.acks {
		if o := n.owned[a.match]; o != nil && o.standby == m.instance {
			o.acked = max(o.acked, a.tick)
		}
	}
}

// watchStandbys replaces standbys that are gone. One that is only silent could still continue its matches, so it is
// fenced first.
func (n *Node) watchStandbys(now time.Time) {
	checked := make(map[string]bool)
	for _, o := range n.owned {
		if o.standby == "" {
			continue
		}
		gone, known := checked[o.standby]
		if !known {
			gone = n.isGone(now, o.standby)
			checked[o.standby] = gone
		}
		if gone {
			o.standby, o.acked = "", 0
		}
	}
}

// isGone reports whether an instance is over, and has it fenced if it is silent.
func (n *Node) isGone(now time.Time, instance string) bool {
	if _, over := n.over[instance]; over {
		return true
	}
	return n.mayFence(now, instance) && n.wantFenced(now, instance)
}
