//go:build !nogui

package gui

import (
	"slices"
	"testing"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"
)

// listed returns a font with some characters as a scan of the system lists it.
func listed(family, characters string, change func(*fontscan.Footprint)) fontscan.Footprint {
	f := fontscan.Footprint{Family: family}
	f.Location.File = family + ".ttf"
	f.Aspect = font.Aspect{Style: font.StyleNormal, Weight: font.WeightNormal, Stretch: font.StretchNormal}
	for _, r := range characters {
		f.Runes.Add(r)
	}
	if change != nil {
		change(&f)
	}
	return f
}

func TestChooseFont(t *testing.T) {
	isBold := func(f *fontscan.Footprint) { f.Aspect.Weight, f.Location.File = font.WeightBold, f.Family+"-bold.ttf" }
	italic := func(f *fontscan.Footprint) { f.Aspect.Style = font.StyleItalic }
	fonts := []fontscan.Footprint{
		listed("lastresort", "田中さ한דא❤😀\U00012000", nil),
		listed("notoserifcjkjp", "田中さ한", nil),
		listed("notosanscjksc", "田中さ한", nil),
		listed("notosanscjkjp", "田中さ한", nil),
		listed("notosanscjkjp", "田中さ한", isBold),
		listed("notosanscjkkr", "田中さ한", nil),
		listed("notosanscjktc", "田中さ한", nil),
		listed("notoserifhebrew", "דא", nil),
		listed("notosanshebrew", "דא", italic),
		listed("notosanshebrew2", "דא", nil),
		listed("dejavusans", "❤", nil),
		listed("notocoloremoji", "❤😀1\u20e3", nil),
	}
	for _, c := range []struct {
		cluster string
		face    typeface
		han     string
		locale  string
		want    string
	}{
		{"田", regular, "", "", "notosanscjksc.ttf"},
		{"田", regular, "ja", "zh-hant", "notosanscjkjp.ttf"},
		{"田", bold, "ja", "", "notosanscjkjp-bold.ttf"},
		{"田", regular, "", "ko", "notosanscjkkr.ttf"},
		{"田", regular, "", "zh-hant", "notosanscjktc.ttf"},
		{"한", regular, "ko", "", "notosanscjkkr.ttf"},
		{"ד", regular, "", "", "notosanshebrew2.ttf"},
		{"❤️", regular, "", "", "notocoloremoji.ttf"},
		{"1️⃣", regular, "", "", "notocoloremoji.ttf"},
		{"😀", bold, "", "", "notocoloremoji.ttf"},
		{"\U00012000", regular, "", "", ""}, // in a font of boxes only
		{"ก", regular, "", "", ""},
	} {
		for range len(fonts) {
			fonts = append(fonts[1:], fonts[0]) // the order of files must not matter
			got := ""
			if f := chooseFont(slices.Clone(fonts), fontQuery{c.cluster, c.face, c.han}, c.locale); f != nil {
				got = f.Location.File
			}
			if got != c.want {
				t.Errorf("%q in typeface %d, language %q, locale %q: got %q, want %q",
					c.cluster, c.face, c.han, c.locale, got, c.want)
				break
			}
		}
	}
}

func TestHanOf(t *testing.T) {
	for line, want := range map[string]string{
		"Ann": "", "田中": "", "田中さくら": "ja", "カトウ 田": "ja", "김 田": "ko", "ㄅ田": "zh-hant",
	} {
		if got := hanOf(line); got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}

func TestLocaleHan(t *testing.T) {
	for _, c := range []struct{ all, lang, want string }{
		{"", "ja_JP.UTF-8", "ja"}, {"", "ko_KR.UTF-8", "ko"}, {"zh_TW.UTF-8", "ja_JP.UTF-8", "zh-hant"},
		{"", "zh_CN.UTF-8", ""}, {"", "de_DE.UTF-8", ""}, {"", "", ""},
	} {
		env := map[string]string{"LC_ALL": c.all, "LANG": c.lang}
		if got := localeHan(func(name string) string { return env[name] }); got != c.want {
			t.Errorf("%v: got %q, want %q", env, got, c.want)
		}
	}
}
