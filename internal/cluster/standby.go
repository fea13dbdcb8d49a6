package cluster

import "time"

// A kept is the newest copy of another instance's match.
type kept struct {
	owner    string // the instance
	epoch    uint32
	tick     uint32
	record   []byte
	received time.Time
}

// keep keeps copies of a node that is known, and acknowledges them.
func (n *Node) keep(now time.Time, m *message) {
	if !n.knows(m.instance) {
		n.counts.Refused++
		return
	}
	answer := &message{kind: kindAcks}
	for _, c := range m.copies {
		if n.owned[c.match] != nil { // it goes on here
			continue
		}
		k := n.kept[c.match]
		switch {
		case k != nil && c.epoch < k.epoch:
			continue // late, from an instance that has lost the match
		case k == nil || k.owner != m.instance:
			k = &kept{owner: m.instance, epoch: c.epoch}
			n.kept[c.match] = k
		}
		if k.record == nil || c.tick > k.tick {
			k.tick, k.record, k.received = c.tick, c.record, now
			n.counts.Kept++
		}
		answer.acks = append(answer.acks, acked{c.match, k.tick})
	}
	n.send(m.instance, answer)
}

// dropKept forgets copies of matches that have ended.
func (n *Node) dropKept(m *message) {
	for _, match := range m.drops {
		if k := n.kept[match]; k != nil && k.owner == m.instance {
			delete(n.kept, match)
		}
	}
}

// An Answer says what Claim has found.
type Answer uint8

// The answers of Claim.
const (
	Unknown Answer = iota // no copy of the match is kept here
	Alive                 // its owner lives
	Wait                  // nothing has been received of its owner for a moment: claim it again soon
	Taken                 // this node continues the match from now on
)

// A Copy is the state of a match from which this node continues it.
type Copy struct {
	Match    string
	Epoch    uint32 // under which it goes on
	Record   []byte
	Received time.Time // when it arrived
}

// Claim is called when a player of a match comes to this node, since some time, and finds the match by its record.
func (n *Node) Claim(now, since time.Time, finds func(record []byte) bool) (Answer, Copy) {
	for match, k := range n.kept {
		if finds(k.record) {
			return n.claim(now, since, match, k)
		}
	}
	return Unknown, Copy{}
}

func (n *Node) claim(now, since time.Time, match string, k *kept) (Answer, Copy) {
	if _, over := n.over[k.owner]; !over {
		for _, is := range n.members {
			if is.instance == k.owner && is.received.After(since) {
				return Alive, Copy{}
			}
		}
		if !n.wantFenced(now, k.owner) {
			return Wait, Copy{}
		}
	}
	// A node that was fenced itself may have an old copy, and not know that yet. It has no lease then.
	if !n.Leased(now) && n.cfg.Size > 2 {
		return Wait, Copy{}
	}
	delete(n.kept, match)
	n.counts.Takeovers++
	return Taken, Copy{match, k.epoch + 1, k.record, k.received}
}
