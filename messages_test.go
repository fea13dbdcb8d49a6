package pong

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestMessages_AreThoseOfTheProgram looks for the fixed parts of the messages in docs/messages.md among the strings of
// the program.
func TestMessages_AreThoseOfTheProgram(t *testing.T) {
	var all []string // the strings of each file, so that those that are joined by + follow each other
	eachFile(t, ".go", func(name, text string) {
		if strings.HasSuffix(name, "_test.go") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		var joined strings.Builder
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				word, _ := strconv.Unquote(lit.Value)
				joined.WriteString(word)
			}
			return true
		})
		all = append(all, joined.String())
	})
	has := func(part string) bool {
		for _, text := range all {
			if strings.Contains(text, part) {
				return true
			}
		}
		return false
	}
	n, message := 0, regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")
	for _, m := range message.FindAllStringSubmatch(documents(t)["docs/messages.md"], -1) {
		for _, part := range strings.Split(m[1], "...") {
			if part = strings.Trim(part, " .,"); len(part) > 2 && !has(part) {
				t.Errorf("docs/messages.md has the message %q; no file of the program has the part %q", m[1], part)
			}
		}
		n++
	}
	if n < 20 {
		t.Errorf("docs/messages.md has %d messages, want 20 or more", n)
	}
}
