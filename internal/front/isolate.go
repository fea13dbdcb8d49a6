package front

// The characters around a piece of text that has an order of its own (FSI and PDI of UAX 9).
const (
	isolateStart = "\u2068"
	isolateEnd   = "\u2069"
)

// isolated returns a name for use in a sentence. If any letter of it is written from right to left, it is isolated, so
// that it does not change the order of the words and figures around it. A terminal is not sent these characters.
func isolated(name string) string {
	for _, r := range name {
		if fromRight(r) {
			return isolateStart + name + isolateEnd
		}
	}
	return name
}

// fromRight reports whether a character is in a block of Unicode for scripts that are written from right to left.
func fromRight(r rune) bool {
	return r >= 0x590 && r <= 0x8ff || r >= 0xfb1d && r <= 0xfdff || r >= 0xfe70 && r <= 0xfeff ||
		r >= 0x10800 && r <= 0x10fff || r >= 0x1e800 && r <= 0x1efff
}
