package cluster

import (
	"slices"
	"time"
)

// A member is another node.
type member struct {
	instance string
	beat     beat      // the newest
	received time.Time // when
	admitted bool      // its beats are echoed
	echoed   uint32    // our newest beat that it has received; 0 for none
}

// A ballot collects who has fenced an instance, by name.
type ballot struct {
	votes map[string]bool
	next  time.Time // when to ask again
	until time.Time
}

// Tick does what is due: it sends beats, and asks others to fence instances that are in the way.
func (n *Node) Tick(now time.Time) {
	if n.ended {
		return
	}
	if leased := n.Leased(now); leased != n.leased {
		if n.leased = leased; !leased {
			n.counts.Leases++
		}
	}
	n.watchStandbys(now)
	for instance, b := range n.asked {
		switch {
		case now.After(b.until):
			delete(n.asked, instance)
		case !now.Before(b.next):
			b.next = now.Add(askEvery)
			n.send("", &message{kind: kindAsk, target: instance})
		}
	}
	if now.Before(n.nextBeat) {
		return
	}
	n.renewIdle(now)
	n.sendBeat(now)
	n.forget(now)
}

// sendBeat sends a beat.
func (n *Node) sendBeat(now time.Time) {
	if n.nextBeat = n.nextBeat.Add(n.cfg.Lease / beatsPerLease); !n.nextBeat.After(now) {
		n.nextBeat = now.Add(n.cfg.Lease / beatsPerLease)
	}
	n.number++
	n.sent[n.number%uint32(len(n.sent))] = now
	b := beat{
		number: n.number, age: now.Sub(n.born), size: n.cfg.Size, leased: n.Leased(now), draining: n.draining,
		address: n.cfg.Address, players: n.players,
	}
	for _, is := range n.members {
		if is.admitted {
			b.echoes = append(b.echoes, echo{is.instance, is.beat.number})
		}
	}
	for instance := range n.over {
		if len(b.over) < mostOver {
			b.over = append(b.over, instance)
		}
	}
	slices.Sort(b.over)
	n.send("", &message{kind: kindBeat, beat: b})
}

// takeBeat takes a beat of another node.
func (n *Node) takeBeat(now time.Time, m *message) {
	if m.beat.size != n.cfg.Size {
		n.counts.Refused++
		return
	}
	if m.name == n.cfg.Name { // the process before this one, or another one with the same name
		return
	}
	is := n.members[m.name]
	if is != nil && is.instance != m.instance {
		if m.beat.age > now.Sub(is.received)+is.beat.age { // it is older than the one that is known
			return
		}
		n.end(now, is.instance) // its process has ended, or plays nothing of it any more
		is = nil
	}
	if is == nil {
		is = &member{instance: m.instance}
		n.members[m.name] = is
	}
	if is.received.IsZero() || m.beat.number > is.beat.number {
		is.beat, is.received = m.beat, now
	}
	if n.learnOver(now, m.beat.over) {
		return
	}
	is.admitted = is.admitted || n.admits(now, m)
	for _, e := range m.beat.echoes {
		if e.instance == n.instance && e.number <= n.number {
			is.echoed = max(is.echoed, e.number)
		}
	}
}

// admits reports whether the beats of an instance may be echoed: no majority has fenced it. That is known if this
// process has run for longer than the instance, if the instance has a lease, or if every other node lives and has not
// fenced it.
func (n *Node) admits(now time.Time, m *message) bool {
	if now.Sub(n.started) >= m.beat.age || m.beat.leased {
		return true
	}
	others := 0
	for name, is := range n.members {
		if name != m.name && now.Sub(is.received) < n.silentAfter() {
			others++
		}
	}
	return others >= n.cfg.Size-2
}

// learnOver takes the instances that are over, as another node knows: a majority has fenced them, or their processes
// have ended. It reports whether this instance is one of them.
func (n *Node) learnOver(now time.Time, over []string) (lost bool) {
	for _, instance := range over {
		if instance == n.instance {
			n.counts.Fenced++
			n.begin(now)
			n.lost = true
			return true
		}
		n.end(now, instance)
	}
	return false
}

// end records that an instance is over.
func (n *Node) end(now time.Time, instance string) {
	n.over[instance] = now
	n.promise(now, instance)
	delete(n.asked, instance)
}

// promise has this node never echo a beat of an instance again.
func (n *Node) promise(now time.Time, instance string) {
	if _, ok := n.promised[instance]; ok {
		return
	}
	last := n.started
	for _, is := range n.members {
		if is.instance == instance {
			is.admitted, is.echoed, last = false, 0, is.received
		}
	}
	n.promised[instance] = last
}

// forget forgets instances that were fenced long ago, and copies of matches that have ended.
func (n *Node) forget(now time.Time) {
	for instance, at := range n.over {
		if now.Sub(at) > forgetAfter {
			delete(n.over, instance)
			delete(n.promised, instance)
		}
	}
	for match, k := range n.kept {
		if now.Sub(k.received) > copyKeptFor {
			delete(n.kept, match)
		}
	}
}

// LeaseEnd returns until when this instance may play its matches: a majority has received a beat that was sent at most
// a lease before. It is zero if there was none.
func (n *Node) LeaseEnd() time.Time {
	echoed := []uint32{n.number}
	for _, is := range n.members {
		echoed = append(echoed, is.echoed)
	}
	if len(echoed) < n.majority() {
		return time.Time{}
	}
	slices.SortFunc(echoed, func(a, b uint32) int { return int(b) - int(a) })
	number := echoed[n.majority()-1]
	if number == 0 || n.number-number >= uint32(len(n.sent)) {
		return time.Time{}
	}
	sent := n.sent[number%uint32(len(n.sent))]
	if sent.IsZero() {
		return time.Time{}
	}
	return sent.Add(n.cfg.Lease)
}

// Leased reports whether this instance may play its matches at now.
func (n *Node) Leased(now time.Time) bool { return now.Before(n.LeaseEnd()) }

// renewIdle begins a new instance if this one plays nothing and has no lease: nodes that have started later cannot know
// whether it was fenced before, but echo one that is younger than they are.
func (n *Node) renewIdle(now time.Time) {
	if len(n.owned) == 0 && len(n.kept) == 0 && now.Sub(n.born) > n.silentAfter() && !n.Leased(now) {
		n.begin(now)
	}
}

// wantFenced has this node ask the others to fence an instance, for a while. It reports whether the instance is over.
func (n *Node) wantFenced(now time.Time, instance string) bool {
	if _, is := n.over[instance]; is {
		return true
	}
	b := n.asked[instance]
	if b == nil {
		b = &ballot{votes: make(map[string]bool), next: now}
		n.asked[instance] = b
	}
	b.until = now.Add(n.silentAfter())
	votes := len(b.votes)
	if n.mayFence(now, instance) {
		votes++
	}
	if votes < n.votesNeeded() {
		return false
	}
	n.end(now, instance)
	return true
}

// votesNeeded is how many nodes must fence an instance. Of two nodes the other one alone can do it: see
// docs/cluster.md.
func (n *Node) votesNeeded() int {
	if n.cfg.Size == 2 {
		return 1
	}
	return n.majority()
}

// mayFence reports whether this node has echoed no beat of an instance for so long that no lease of it has to do with
// this node's echoes any more.
func (n *Node) mayFence(now time.Time, instance string) bool {
	if _, is := n.over[instance]; is {
		return true
	}
	last, ok := n.promised[instance]
	if !ok {
		last = n.started
		for _, is := range n.members {
			if is.instance == instance {
				last = is.received
			}
		}
	}
	return now.Sub(last) >= n.silentAfter()
}

// answer fences an instance for another node, if that can be done, and tells it so.
func (n *Node) answer(now time.Time, m *message) {
	if m.target == n.instance || !n.mayFence(now, m.target) {
		return
	}
	n.promise(now, m.target)
	n.send(m.instance, &message{kind: kindVote, target: m.target})
}

// count counts a vote of another node.
func (n *Node) count(m *message) {
	if b := n.asked[m.target]; b != nil {
		b.votes[m.name] = true
	}
}

// knows reports whether a beat of an instance has arrived.
func (n *Node) knows(instance string) bool {
	for _, is := range n.members {
		if is.instance == instance {
			return true
		}
	}
	return false
}
