package front

// words are the first part of a room code: short, easy to tell apart when spoken, and spelled as they sound. Together
// with the numbers they make some 6 000 codes. That is enough to keep two pairs of friends apart, but it is no secret:
// to keep strangers out, type a longer code.
var words = [...]string{
	"amber", "apple", "arrow", "autumn", "bamboo", "banjo", "basil", "beach", "birch", "bison", "cactus", "camel",
	"candle", "canyon", "cedar", "cherry", "clover", "comet", "coral", "dragon", "eagle", "ember", "falcon", "forest",
	"garden", "ginger", "harbor", "hazel", "island", "jungle", "kettle", "lemon", "lion", "maple", "meadow", "melon",
	"meteor", "mango", "ocean", "olive", "orange", "otter", "panda", "pepper", "pirate", "planet", "pumpkin", "rabbit",
	"river", "rocket", "saddle", "salmon", "sunset", "tiger", "tulip", "turtle", "velvet", "violin", "walnut", "willow",
	"window", "winter", "yellow", "zebra",
}

// newCode returns a room code such as maple-42. pick draws a number below n.
func newCode(pick func(n int) int) string {
	n := 10 + pick(90) // always two digits, so that neither gets lost when the code is spoken
	return words[pick(len(words))] + "-" + string([]byte{byte('0' + n/10), byte('0' + n%10)})
}
