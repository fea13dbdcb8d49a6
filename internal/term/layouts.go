//go:build !js

package term

import "unicode"

// usKeys are the letters of a US keyboard, row by row.
const usKeys = "qwertyuiopasdfghjklzxcvbnm"

// layouts have the characters at these places on keyboards without Latin letters. A space stands for a character that
// is not a letter there, or is several. Where two layouts have the same letter at different places, the first counts.
var layouts = [...]string{
	"йцукенгшщзфывапролдячсмить", // Russian
	" ςερτυθιοπασδφγηξκλζχψωβνμ", // Greek
	"  קראטוןםפשדגכעיחלךזסבהנמצ", // Hebrew
	"ضصثقفغعهخحشسيبلاتنمئءؤر ىة", // Arabic
	"ضصثقفغعهخحشسیبلاتنمظطزر دپ", // Persian
	"ๆไำพะัีรนยฟหกดเ้่าสผปแอิืท", // Thai
	"ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ", // Korean
	"ौैाीूबहगदजोे्िुपरकतॆंमनवलस", // Hindi (InScript)
	"ქწერტყუიოპასდფგჰჯკლზხცვბნმ", // Georgian
	"        ў  і", // Belarusian and Ukrainian, where they differ from Russian
}

// usLetters maps these characters to the letters of a US keyboard at the same places.
var usLetters = func() map[rune]rune {
	all := make(map[rune]rune)
	for _, layout := range layouts {
		place := 0
		for _, char := range layout {
			if _, known := all[char]; !known && char != ' ' && place < len(usKeys) {
				all[char] = rune(usKeys[place])
			}
			place++
		}
	}
	return all
}()

// usLetter returns the letter of a US keyboard at the place where another alphabet has a character, or the character
// in lower case if that is not known.
func usLetter(char rune) rune {
	char = unicode.ToLower(char)
	if latin, ok := usLetters[char]; ok {
		return latin
	}
	return char
}
