//go:build !nogui

package gui

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"
)

// hanFamilies are the usual families for Chinese characters in each language, as fontscan spells them.
var hanFamilies = map[string][]string{
	"ja": {"notosanscjkjp", "notosansjp", "hiraginosans", "hiraginokakugothicpron", "yugothicui", "yugothic", "meiryo",
		"msgothic", "ipaexgothic", "takaogothic"},
	"ko": {"notosanscjkkr", "notosanskr", "applesdgothicneo", "malgungothic", "nanumgothic"},
	"zh-hans": {"notosanscjksc", "notosanssc", "pingfangsc", "hiraginosansgb", "microsoftyaheiui", "microsoftyahei",
		"wenquanyimicrohei", "wenquanyizenhei", "simsun"},
	"zh-hant": {"notosanscjktc", "notosanstc", "pingfangtc", "microsoftjhengheiui", "microsoftjhenghei", "mingliu"},
}

// noFonts are families that have a picture of every character, which says that there is none.
var noFonts = []string{"lastresort", "adobeblank", "notosanslastresort", "unicodebmpfallback"}

// chooseFont returns the best font that has a picture of a cluster, or nil. locale is the language of the user, see
// localeHan.
func chooseFont(fonts []fontscan.Footprint, q fontQuery, locale string) *fontscan.Footprint {
	var best *fontscan.Footprint
	for i := range fonts {
		f := &fonts[i]
		if !hasRunes(f.Runes, q.cluster) || slices.ContainsFunc(noFonts, func(name string) bool {
			return strings.HasPrefix(f.Family, name)
		}) {
			continue
		}
		if best == nil || compareFonts(f, best, q, locale) > 0 {
			best = f
		}
	}
	return best
}

// compareFonts compares two fonts by their points, and then by their names, so that the order of files does not matter.
func compareFonts(a, b *fontscan.Footprint, q fontQuery, locale string) int {
	return cmp.Or(
		cmp.Compare(fontPoints(a, q, locale), fontPoints(b, q, locale)),
		strings.Compare(b.Family, a.Family),
		strings.Compare(b.Location.File, a.Location.File),
		cmp.Compare(b.Location.Index, a.Location.Index),
	)
}

// fontPoints rates a font for a cluster: a plain, upright font without serifs in the right weight is the best.
func fontPoints(f *fontscan.Footprint, q fontQuery, locale string) (points float64) {
	if strings.Contains(f.Family, "emoji") == emoji(q.cluster) {
		points += 100
	}
	for _, style := range []string{"serif", "mono", "nastaliq", "kufi", "rashi", "condensed", "display", "symbols",
		"looped", "slanted", "unifont", "code", "typewriter"} {
		if strings.Contains(f.Family, style) && !strings.Contains(f.Family, "sansserif") {
			points -= 20
		}
	}
	for _, style := range []string{"notosans", "dejavusans", "segoeui", "sans", "gothic"} {
		if strings.HasPrefix(f.Family, style) {
			points += 10
			break
		}
	}
	if f.Aspect.Style == font.StyleItalic {
		points -= 30
	}
	if f.Aspect.Stretch != 0 && f.Aspect.Stretch != font.StretchNormal {
		points -= 15
	}
	want := font.WeightNormal
	if q.face == bold {
		want = font.WeightBold
	}
	points -= 10 * max(float64(f.Aspect.Weight-want), float64(want-f.Aspect.Weight)) / 300
	return points + hanPoints(f.Family, q, locale)
}

// hanPoints rates a family for the language of Chinese characters, and of the letters that are written with them.
func hanPoints(family string, q fontQuery, locale string) float64 {
	if !strings.ContainsFunc(q.cluster, eastAsian) {
		return 0
	}
	language := cmp.Or(q.han, locale, "zh-hans")
	if at := slices.Index(hanFamilies[language], family); at >= 0 {
		return 80 - float64(at)
	}
	return 0
}

func eastAsian(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo) ||
		r >= 0x3000 && r < 0x3040 || r >= 0xff00 && r < 0xfff0
}

// emoji reports whether a cluster is usually drawn as a coloured picture.
func emoji(cluster string) bool {
	for i, r := range cluster {
		if r == '\ufe0f' || i == 0 && (r >= 0x1f000 && r < 0x1fb00 || r >= 0x2600 && r < 0x27c0) {
			return true
		}
	}
	return false
}

func hasRunes(runes fontscan.RuneSet, cluster string) bool {
	for _, r := range cluster {
		if !runes.Contains(r) && !ignorable(r) {
			return false
		}
	}
	return true
}

// localeHan returns the language of Chinese characters for the locale of the user, or "".
func localeHan(getenv func(string) string) string {
	locale := strings.ToLower(cmp.Or(getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG")))
	switch {
	case strings.HasPrefix(locale, "ja"):
		return "ja"
	case strings.HasPrefix(locale, "ko"):
		return "ko"
	case strings.HasPrefix(locale, "zh_tw"), strings.HasPrefix(locale, "zh_hk"), strings.HasPrefix(locale, "zh_mo"):
		return "zh-hant"
	}
	return ""
}
