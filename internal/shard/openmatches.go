package shard

import (
	"cmp"
	"slices"
)

// openMatches are the matches with a free seat, oldest first, so that whoever comes and whoever waits is brought together
// without looking through thousands of tables.
type openMatches []*match

// update takes up how a match's seats are now. It is called whenever somebody has sat down or got up.
func (v *openMatches) update(m *match) {
	i, there := v.search(m)
	switch vacant := m.free() != nil; {
	case vacant && !there:
		*v = slices.Insert(*v, i, m)
	case !vacant && there:
		*v = slices.Delete(*v, i, i+1)
	}
}

// remove takes out a match that has ended.
func (v *openMatches) remove(m *match) {
	if i, there := v.search(m); there {
		*v = slices.Delete(*v, i, i+1)
	}
}

func (v *openMatches) search(m *match) (int, bool) {
	return slices.BinarySearchFunc(*v, m, func(a, b *match) int { return cmp.Compare(a.serial, b.serial) })
}
