// Package namestest has names of players in the world's scripts, for the tests of what checks, sends or draws names.
package namestest

// A Sample is a name that players must be able to use.
type Sample struct {
	Script string // as package unicode calls it; "Emoji" if the name has a picture
	Name   string // in Unicode's normalization form NFC
}

// Names has names in all scripts that many people write, among them every kind of character that needs care: marks
// above each other, nuktas, stacks, joiners, letters of two cells, writing from right to left, and pictures of several
// characters.
var Names = []Sample{
	{"Latin", "Zoë"},
	{"Latin", "Nguyễn"},
	{"Latin", "Łukasz"},
	{"Latin", "Ọlọ́run"}, // a letter with two marks, one of which has no composed form
	{"Greek", "Ἀλέξανδρος"},
	{"Cyrillic", "Ольга"},
	{"Cyrillic", "Ђорђе"},
	{"Armenian", "Արմեն"},
	{"Georgian", "ნინო"},
	{"Hebrew", "נֹעַם"}, // with vowel points
	{"Arabic", "محمد"},
	{"Arabic", "مُحَمَّد"},     // with vowels: two marks on a letter
	{"Arabic", "علی\u200cرضا"}, // Persian: a zero width non-joiner
	{"Syriac", "ܡܪܝܡ"},
	{"Thaana", "އަޙްމަދު"},
	{"Nko", "ߝߊ߬ߕߎ߬"},
	{"Ethiopic", "አበበ"},
	{"Tifinagh", "ⵜⵉⵍⵍⵉ"},
	{"Devanagari", "ज\u093cोया"}, // with a nukta, which NFC does not compose
	{"Devanagari", "श्रीकृष्ण"},
	{"Bengali", "অনির্বাণ"},
	{"Gurmukhi", "ਗੁਰਪ੍ਰੀਤ"},
	{"Gujarati", "કૃષ્ણા"},
	{"Oriya", "ଶ୍ରୀୟା"},
	{"Tamil", "ஸ்ரீதேவி"},
	{"Telugu", "లక్ష్మి"},
	{"Kannada", "ಕೃಷ್ಣ"},
	{"Malayalam", "ലക്ഷ്മി"},
	{"Sinhala", "ශ්\u200dරී"}, // with a zero width joiner
	{"Thai", "ที่รัก"},
	{"Lao", "ສີວິໄລ"},
	{"Tibetan", "བསྟན་འཛིན"}, // stacks of letters
	{"Myanmar", "ကျော်"},     // four marks in a row
	{"Myanmar", "မြို့"},
	{"Khmer", "ស្រីមុំ"},
	{"Mongolian", "ᠪᠠᠲᠤ"},
	{"Han", "王小明"},
	{"Katakana", "ジョージ"},
	{"Hiragana", "さくら"},
	{"Hangul", "김민준"},
	{"Cherokee", "ᎠᏂ"},
	{"Emoji", "Ann ❤\ufe0f"},
	{"Emoji", "👩\u200d👩\u200d👧\u200d👦"},
	{"Emoji", "🏳\ufe0f\u200d🌈 Sam"},
	{"Emoji", "🇫🇷 Léa"},
	{"Emoji", "👍🏽 Ben"},
	{"Emoji", "1\ufe0f⃣"},
}
