package term

import (
	"cmp"
	"strings"
)

// ASCIILocale reports whether the environment names a locale whose terminals cannot be expected to have more than
// ASCII: C, or one with another charset than UTF-8. Without any locale, as in many containers, the terminal usually has
// UTF-8.
func ASCIILocale(getenv func(string) string) bool {
	locale := strings.ToUpper(cmp.Or(getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG")))
	_, charset, named := strings.Cut(locale, ".")
	if !named {
		return locale == "C" || locale == "POSIX"
	}
	return !strings.HasPrefix(charset, "UTF-8") && !strings.HasPrefix(charset, "UTF8")
}
