package dial

import (
	"slices"
	"sync"
)

// addresses remembers which addresses of a server's name have carried a game, and which have not, so that the next
// connection begins with one that is likely to work. All connections of a Client share one; they are made in several
// goroutines.
type addresses struct {
	mu     sync.Mutex // guards what follows
	known  []string   // those that the name had when it was resolved last
	worked string     // a STATE has arrived from it; empty if from none
	failed []string   // nothing has arrived over their game channels, oldest failure first
}

// order returns addresses in the order in which to dial them: the one that has worked, those that have not been tried,
// and those that have failed, of which the one that failed last comes last.
func (a *addresses) order(known []string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.known = slices.Clone(known)
	rank := func(address string) int {
		if address == a.worked {
			return -2
		}
		return slices.Index(a.failed, address) // -1 if it has not failed
	}
	ordered := slices.Clone(known)
	slices.SortStableFunc(ordered, func(x, y string) int { return rank(x) - rank(y) })
	return ordered
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
	return slices.ContainsFunc(a.known, func(address string) bool {
		return address != than && !slices.Contains(a.failed, address)
	})
}
