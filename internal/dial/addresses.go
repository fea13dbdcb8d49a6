package dial

import (
	"slices"
	"sync"
)

// addresses remembers which IP addresses of a server have carried a game, and which have not, so that the next
// connection begins with one that is likely to work. All connections of a Client share one; they are made in several
// goroutines.
type addresses struct {
	mu     sync.Mutex          // guards what follows
	known  map[string][]string // by HOST:PORT, those that it had when it was resolved last
	worked string              // a STATE has arrived from it; empty if from none
	failed []string            // nothing has arrived over their game channels, oldest failure first
}

// order returns the IP addresses of a HOST:PORT in the order in which to dial them: the one that has worked, those that
// have not been tried, and those that have failed, of which the one that failed last comes last.
func (a *addresses) order(of string, known []string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.known == nil {
		a.known = make(map[string][]string)
	}
	a.known[of] = slices.Clone(known)
	ordered := slices.Clone(known)
	slices.SortStableFunc(ordered, func(x, y string) int { return a.rank(x) - a.rank(y) })
	return ordered
}

// orderLink returns the addresses of a link, each HOST:PORT, in the order of the best of their IP addresses.
func (a *addresses) orderLink(all []string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.known == nil {
		a.known = make(map[string][]string)
	}
	for _, of := range all {
		if len(a.known[of]) == 0 { // it has not been resolved, and so not been tried
			a.known[of] = []string{of}
		}
	}
	best := func(of string) int {
		rank := a.rank(a.known[of][0])
		for _, address := range a.known[of] {
			rank = min(rank, a.rank(address))
		}
		return rank
	}
	ordered := slices.Clone(all)
	slices.SortStableFunc(ordered, func(x, y string) int { return best(x) - best(y) })
	return ordered
}

// untried is the rank of an address that has not been tried.
const untried = -1

// rank returns the place of an IP address in the order. mu must be held.
func (a *addresses) rank(address string) int {
	if address == a.worked {
		return untried - 1
	}
	return slices.Index(a.failed, address) // untried if it has not failed
}

// noteWorked notes that a STATE has arrived from an address.
func (a *addresses) noteWorked(address string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.worked = address
	a.failed = slices.DeleteFunc(a.failed, func(other string) bool { return other == address })
}

// noteFailed notes that an address carries no game.
func (a *addresses) noteFailed(address string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.worked == address {
		a.worked = ""
	}
	a.failed = append(slices.DeleteFunc(a.failed, func(other string) bool { return other == address }), address)
}

// hasUntried reports whether there is an address that has not failed, other than this one.
func (a *addresses) hasUntried(than string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, known := range a.known {
		if slices.ContainsFunc(known, func(address string) bool {
			return address != than && !slices.Contains(a.failed, address)
		}) {
			return true
		}
	}
	return false
}
