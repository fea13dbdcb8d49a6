package trust

import (
	"net/netip"
	"slices"
	"strings"
	"unicode"

	"pong/internal/rooms"
)

// maxPasted is how much of a text FindAddress searches.
const maxPasted = 16 << 10

// FindAddress returns the address or join link in a text that a person typed or pasted, for ParseAddress: in the line
// that a server prints, in quotes or brackets, before a full stop, broken into lines, or with %23 instead of #. If the
// text has none, FindAddress returns the text, without spaces around it, so that the error of ParseAddress is about
// what the person sees.
//
// The last of the further addresses of a link may lack its end if it is broken into lines there; the others stay.
//
// A text with the key, the room or the ticket of a join link never gives an address without them: if one of them is
// damaged, the result is a link that ParseAddress refuses. A room code of rooms.New is found wherever it is broken into
// lines, and any other one if it is broken at a hyphen.
func FindAddress(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), maxPasted)], "")
	text = strings.TrimSpace(strings.Map(visible, text))
	text = strings.ReplaceAll(text, "&amp;", "&") // as in the source of a web page
	text = asJoinLink(text)
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

// asJoinLink returns a text in which the address of a page is a join link, of which it has all parts. Other addresses
// of the web stay as they are.
func asJoinLink(text string) string {
	at := indexFold(text, pageScheme)
	if at < 0 || indexScheme(text) >= 0 {
		return text
	}
	place, rest, found := strings.Cut(text[at+len(pageScheme):], "#")
	if !found {
		place, rest, found = strings.Cut(text[at+len(pageScheme):], "%23")
	}
	if !found || strings.Contains(strings.TrimSuffix(place, "/"), "/") || len(rest) < 2 || rest[1] != '=' {
		return text
	}
	return text[:at] + scheme + text[at+len(pageScheme):]
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
	words := slices.DeleteFunc(strings.Fields(rest), func(word string) bool { return word == ">" }) // marks of quotes
	if len(words) == 0 {
		return scheme, false
	}
	if link, whole = joinFurther(words); whole {
		return link, true
	}
	if hasFragment(strings.Join(words, "")) {
		link, whole = joinFragment(words)
	} else {
		link = scheme + unwrap(words[0])
		_, err := ParseJoinLink(link)
		whole = err == nil
	}
	return link, whole
}

// indexScheme returns the index of the first "pong://", or -1.
func indexScheme(text string) int { return indexFold(text, scheme) }

// indexFold returns the index of the first part of a text in ASCII, in upper or lower case, or -1.
func indexFold(text, part string) int {
	for i := range len(text) - len(part) + 1 {
		if strings.EqualFold(text[i:i+len(part)], part) {
			return i
		}
	}
	return -1
}

// maxLink is more than the length of any join link.
const maxLink = 2048

// joinFurther returns the link with further addresses that begins with the first of some words, if it is whole. It may
// be broken into lines, so words are joined, and the longest list of addresses is the whole one.
func joinFurther(words []string) (link string, whole bool) {
	joined := ""
	for _, word := range words {
		if joined += word; len(joined) > maxLink {
			break
		}
		place, further, found := strings.Cut(joined, furtherMark)
		if !found {
			continue
		}
		end := strings.IndexFunc(further, func(r rune) bool {
			return !isWord(string(r)) && !strings.ContainsRune(".:,[]%", r)
		})
		if end < 0 {
			end = len(further)
		}
		candidate := scheme + place + furtherMark + unwrap(further[:end])
		if _, err := ParseJoinLink(candidate); err != nil {
			continue
		}
		if link, whole = candidate, true; end < len(further) {
			break
		}
	}
	return link, whole
}

// joinFragment returns the link with a key or a room that begins with the first of some words, and whether it is whole.
// The link may be broken into lines, so words are joined until it is whole.
func joinFragment(words []string) (link string, whole bool) {
	damaged, joined := "", ""
	hyphen := false // the room of link ends with one, so that it goes on
	for _, word := range words {
		if joined += word; len(joined) > maxLink {
			break
		}
		at := strings.IndexByte(joined, '#')
		if at < 0 || !hasFragment(joined[at:]) {
			continue
		}
		asItIs := scheme + joined[:at+3] + unwrap(joined[at+3:])
		if damaged == "" {
			damaged = asItIs
		}
		if before, rest, found := cutMark(joined, "t="); found {
			if candidate, ok := endTicket(before, rest); ok {
				return candidate, true
			}
			link, whole, damaged = "", false, asItIs // the link without a ticket is not the whole one
			continue
		}
		before, room, hasRoom := cutMark(joined, "r=")
		if !hasRoom {
			if candidate, ok := endKey(joined); ok {
				link, whole = candidate, true // the longest key is the whole one
			}
			continue
		}
		candidate, code, goesOn := endRoom(before, room)
		switch hasRoom := parsed(link).Room != ""; {
		case rooms.Made(code):
			return candidate, true
		case code == "" && !hasRoom: // the link without a room is not the whole one
			link, whole, damaged = "", false, asItIs
		case code != "" && (!hasRoom || hyphen || len(word) > 1 && word[0] == '-'):
			link, whole, hyphen = candidate, true, goesOn
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

// parsed returns a link, or the zero JoinLink if it is not one.
func parsed(link string) JoinLink {
	l, _ := ParseJoinLink(link)
	return l
}

// more are characters after which a link, its key or its room goes on.
const more = "#%&+/=?@"

// endKey returns the link with the key, of any form, that a text without its scheme has after "#k=".
func endKey(text string) (link string, ok bool) {
	place, rest, _ := strings.Cut(text, "#k=")
	end := strings.IndexFunc(rest, func(r rune) bool { return !isWord(string(r)) && r != ':' })
	if end < 0 {
		end = len(rest)
	}
	if end < len(rest) && strings.IndexByte(more, rest[end]) >= 0 {
		return "", false
	}
	link = scheme + place + "#k=" + strings.TrimRight(rest[:end], "-_:") // neither form ends with one
	_, err := ParseJoinLink(link)
	return link, err == nil
}

// hasFragment reports whether a text has the beginning of what follows the address in a link.
func hasFragment(text string) bool {
	return strings.Contains(text, "#k=") || strings.Contains(text, "#r=") || strings.Contains(text, "#t=")
}

// cutMark cuts a text without its scheme after a mark such as "r=" that follows "#", or "&" if a key is before it.
func cutMark(text, mark string) (before, rest string, found bool) {
	for _, mark := range []string{"#" + mark, "&" + mark} {
		if at := strings.Index(text, mark); at >= 0 {
			before, rest = text[:at+len(mark)], text[at+len(mark):]
			return before, rest, true
		}
	}
	return text, "", false
}

// endTicket returns the link with the ticket that follows some text without its scheme. A ticket says how long it is;
// marks of emphasis may follow it.
func endTicket(before, rest string) (link string, ok bool) {
	end := strings.IndexFunc(rest, func(r rune) bool { return !isWord(string(r)) })
	if end < 0 {
		end = len(rest)
	}
	link = scheme + before + strings.TrimRight(rest[:end], "-_") // the last byte of a signature is 16 or less
	_, err := ParseJoinLink(link)
	return link, err == nil
}

// endRoom returns the link with the room that follows some text without its scheme, and the room's code. Both are empty
// if there is none yet. goesOn reports that the text ends with a hyphen, which no code does.
func endRoom(before, rest string) (link, code string, goesOn bool) {
	end := strings.IndexFunc(rest, func(r rune) bool { return r != '-' && rooms.Clean(string(r)) == "" })
	if end < 0 {
		end = len(rest)
	}
	if end < len(rest) && strings.IndexByte(more, rest[end]) >= 0 {
		return "", "", false
	}
	code = strings.TrimRight(rest[:end], "-")
	link = scheme + before + code
	if _, err := ParseJoinLink(link); err != nil {
		return "", "", false
	}
	return link, code, end == len(rest) && code != rest
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
