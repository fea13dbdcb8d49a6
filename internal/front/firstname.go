package front

import (
	"math/rand/v2"
	"sync"
)

// The words of first names. Each pair of them is a name that a server accepts.
var (
	firstWords = []string{"Brisk", "Calm", "Clever", "Eager", "Gentle", "Happy", "Keen", "Lucky", "Merry", "Nimble",
		"Patient", "Quick", "Quiet", "Rapid", "Steady", "Swift"}
	lastWords = []string{"Badger", "Beaver", "Crane", "Falcon", "Ferret", "Finch", "Gecko", "Heron", "Lynx", "Marten",
		"Otter", "Puffin", "Raven", "Robin", "Stoat", "Walrus"}
)

// firstName returns a name for a player who has not chosen one, such as Brisk Otter. It is the same for the whole
// process, and is kept once the player has joined a server.
var firstName = sync.OnceValue(func() string {
	return firstWords[rand.IntN(len(firstWords))] + " " + lastWords[rand.IntN(len(lastWords))]
})
