package trust

import (
	"net/netip"
	"strings"
	"unicode"
)

// maxPasted is how much of a text FindAddress searches.
const maxPasted = 16 << 10

// FindAddress returns the address or join link in a text that a person typed or pasted, for ParseAddress: in the line
// that a server prints, in quotes or brackets, before a full stop, broken into lines, or with %23 instead of #. If the
// text has none, FindAddress returns the text, without spaces around it, so that the error of ParseAddress is about
// what the person sees.
//
// A text with the key of a join link never gives an address without one: if the key is damaged, the result is a link
// that ParseAddress refuses.
func FindAddress(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), maxPasted)], "")
	text = strings.TrimSpace(strings.Map(visible, text))
	link, whole := findLink(text)
	if whole {
		return link
	}
	if decoded, whole := findLink(decodePercent(text)); whole || link == "" && decoded != "" {
		return decoded
	}
	switch {
	case link != "":
		return link
	case strings.Contains(text, "://"):
		return text
	}
	return findPlain(text)
}

// visible removes characters that take no space and come with text from web pages, such as U+200B.
func visible(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// findLink returns the first join link in a text, and whether it is whole. The link is empty if there is none.
func findLink(text string) (link string, whole bool) {
	at := indexScheme(text)
	if at < 0 {
		return "", false
	}
	rest := text[at+len(scheme):]
	if next := indexScheme(rest); next >= 0 {
		rest = rest[:next]
	}
	words := strings.Fields(rest)
	if len(words) == 0 {
		return scheme, false
	}
	if strings.Contains(strings.Join(words, ""), "#k=") {
		link, whole = joinKey(words)
	} else {
		link = scheme + unwrap(words[0])
		_, err := ParseJoinLink(link)
		whole = err == nil
	}
	return link, whole
}

// indexScheme returns the index of the first "pong://", or -1.
func indexScheme(text string) int {
	for i := range len(text) - len(scheme) + 1 {
		if strings.EqualFold(text[i:i+len(scheme)], scheme) {
			return i
		}
	}
	return -1
}

// maxLink is more than the length of any join link.
const maxLink = 512

// joinKey returns the link with a key that begins with the first of some words, and whether it is whole. The link may
// be broken into lines, so words are joined until the key is whole. A word ">" is the mark of a quoted line of a mail.
func joinKey(words []string) (link string, whole bool) {
	damaged, joined := "", ""
	for _, word := range words {
		if word == ">" {
			continue
		}
		if joined += word; len(joined) > maxLink {
			break
		}
		place, rest, found := strings.Cut(joined, "#k=")
		if !found {
			continue
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return !isWord(string(r)) && r != ':' })
		if end < 0 {
			end = len(rest)
		}
		key := strings.TrimRight(rest[:end], "-_:") // neither form ends with one
		if damaged == "" {
			damaged = scheme + place + "#k=" + unwrap(rest)
		}
		if end < len(rest) && strings.IndexByte("#%&+/=?@", rest[end]) >= 0 { // more of the link, or of the key
			continue
		}
		candidate := scheme + place + "#k=" + key
		if _, err := ParseJoinLink(candidate); err == nil {
			link, whole = candidate, true // the longest key is the whole one
		}
	}
	if whole {
		return link, true
	}
	if damaged == "" {
		damaged = scheme + unwrap(words[0]) + "#k="
	}
	return damaged, false
}

// findPlain returns the address in a text without a link: the only word that is one beyond doubt.
func findPlain(text string) string {
	words := strings.Fields(text)
	if len(words) == 1 {
		return strings.TrimSuffix(unwrap(words[0]), "/")
	}
	found, address := "", ""
	for _, word := range words {
		word = strings.TrimSuffix(unwrap(word), "/")
		link, err := ParseAddress(word, DefaultPort)
		if _, notIP := netip.ParseAddr(word); err != nil || notIP != nil && !strings.Contains(word, ":") {
			continue
		}
		if found != "" && link.Address != address {
			return text
		}
		found, address = word, link.Address
	}
	if found == "" {
		return text
	}
	return found
}

// unwrap returns a word without quotes and brackets around it, and without what follows them or ends a sentence. The
// brackets of an IPv6 address stay.
func unwrap(word string) string {
	inner := strings.TrimLeftFunc(word[:min(len(word), 2*maxLink)], encloses)
	if end := strings.IndexFunc(inner, encloses); end >= 0 {
		inner = inner[:end]
	}
	for {
		trimmed := strings.TrimRight(inner, ".,;!?*_~")
		if strings.Count(trimmed, "]") > strings.Count(trimmed, "[") {
			trimmed = strings.TrimSuffix(trimmed, "]")
		}
		if trimmed == inner {
			return inner
		}
		inner = trimmed
	}
}

// encloses reports whether a character stands around a link and never in it.
func encloses(r rune) bool {
	if r > unicode.MaxASCII {
		return unicode.IsPunct(r) || unicode.IsSymbol(r)
	}
	return strings.ContainsRune("\"'`<>(){}|\\", r)
}

// decodePercent decodes the percent-encoded ASCII characters of a text and leaves everything else as it is.
func decodePercent(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if c, ok := percent(text[i:]); ok {
			b.WriteByte(c)
			i += 2
		} else {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

// percent returns the printable ASCII character that a text begins with in the form %23.
func percent(text string) (byte, bool) {
	if len(text) < 3 || text[0] != '%' {
		return 0, false
	}
	c := byte(0)
	for _, digit := range []byte(strings.ToLower(text[1:3])) {
		n := strings.IndexByte("0123456789abcdef", digit)
		if n < 0 {
			return 0, false
		}
		c = c<<4 | byte(n)
	}
	return c, ' ' <= c && c <= '~'
}
