package front

// words are what a room code begins with: short, told apart when spoken, spelled as they sound. With their numbers there
// are some 6 000 codes: enough that two pairs of friends do not meet by chance, and no secret. Who must keep strangers out
// types a longer one.
var words = [...]string{
	"amber", "apple", "arrow", "autumn", "bamboo", "banjo", "basil", "beach", "birch", "bison", "cactus", "camel",
	"candle", "canyon", "cedar", "cherry", "clover", "comet", "coral", "dragon", "eagle", "ember", "falcon", "forest",
	"garden", "ginger", "harbor", "hazel", "island", "jungle", "kettle", "lemon", "lion", "maple", "meadow", "melon",
	"meteor", "mango", "ocean", "olive", "orange", "otter", "panda", "pepper", "pirate", "planet", "pumpkin", "rabbit",
	"river", "rocket", "saddle", "salmon", "sunset", "tiger", "tulip", "turtle", "velvet", "violin", "walnut", "willow",
	"window", "winter", "yellow", "zebra",
}

// newCode makes a room code such as maple-42. pick draws a number below n.
func newCode(pick func(n int) int) string {
	n := 10 + pick(90) // two figures, neither a leading zero nor a lone one to be misheard
	return words[pick(len(words))] + "-" + string([]byte{byte('0' + n/10), byte('0' + n%10)})
}
