package trust

import "strings"

// Command joins the words of a command line for a person who will paste it. Words that have a meaning in some shell are
// in double quotes, because those are quotes in cmd.exe, PowerShell, sh and where pong itself asks for an address;
// single quotes are none in cmd.exe. A word that double quotes do not protect in sh, such as a folder with a dollar
// sign, is quoted for sh.
func Command(words ...string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = quote(word)
	}
	return strings.Join(quoted, " ")
}

// quote quotes a word of a command line if that is needed.
func quote(word string) string {
	switch {
	case word != "" && strings.IndexFunc(word, special) < 0:
		return word
	case strings.ContainsAny(word, "\"$`!"):
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return `"` + word + `"`
}

// special reports whether a character may have a meaning in a shell.
func special(r rune) bool { return !isWord(string(r)) && !strings.ContainsRune("./:@+", r) && r < 0x80 }
