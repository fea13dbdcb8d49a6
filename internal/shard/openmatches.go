package shard

import (
	"cmp"
	"slices"
)

// openMatches are the matches with a free seat, oldest first. With them a player finds an opponent without a search
// through thousands of matches.
type openMatches []*match

// update adds or removes a match after its seats have changed.
func (o *openMatches) update(m *match) {
	i, found := o.search(m)
	switch open := m.free() != nil; {
	case open && !found:
		*o = slices.Insert(*o, i, m)
	case !open && found:
		*o = slices.Delete(*o, i, i+1)
	}
}

// remove removes a match that has ended.
func (o *openMatches) remove(m *match) {
	if i, found := o.search(m); found {
		*o = slices.Delete(*o, i, i+1)
	}
}

func (o *openMatches) search(m *match) (int, bool) {
	return slices.BinarySearchFunc(*o, m, func(a, b *match) int { return cmp.Compare(a.serial, b.serial) })
}
