package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
)

// checkProse finds sentences in comments and documents that begin with a clause instead of a noun, such as "Who joins
// is awaited". They are hard to read at first sight.
func checkProse() (found []string, err error) {
	err = eachFile([]string{".go", ".md"}, func(name, text string) {
		paragraphs := markdownParagraphs
		if strings.HasSuffix(name, ".go") {
			paragraphs = commentParagraphs
		}
		for _, p := range paragraphs(text) {
			for _, sentence := range bareClauses(p.text) {
				found = append(found, fmt.Sprintf("%s:%d: a sentence begins with a clause: %q", name, p.line, sentence))
			}
		}
	})
	return found, err
}

// A paragraph is text without line breaks.
type paragraph struct {
	line int // on which it begins
	text string
}

// commentParagraphs returns the comments of a Go file.
func commentParagraphs(text string) (all []paragraph) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "", text, parser.ParseComments)
	if err != nil {
		return nil // the compiler says more about it
	}
	for _, group := range file.Comments {
		for _, p := range markdownParagraphs(group.Text()) {
			all = append(all, paragraph{set.Position(group.Pos()).Line + p.line - 1, p.text})
		}
	}
	return all
}

// markdownParagraphs returns the paragraphs of a text, without its code blocks and tables.
func markdownParagraphs(text string) (all []paragraph) {
	code, open := false, false
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "```") {
			code, open = !code, false
			continue
		}
		words := strings.TrimSpace(line)
		switch {
		case code || words == "" || strings.ContainsRune("|#\t", rune(line[0])):
			open = false
		case open && !strings.HasPrefix(words, "- ") && !strings.HasPrefix(words, "* "):
			all[len(all)-1].text += " " + words
		default:
			all, open = append(all, paragraph{i + 1, strings.TrimLeft(words, "-* ")}), true
		}
	}
	return all
}

var (
	sentenceEnd = regexp.MustCompile(`[.!?:]["')*]*\s+`)
	bareClause  = regexp.MustCompile(`^["'(*]*` +
		`(Who|Whoever|Whom|What|Whatever|That\s+(a|an|the|its?|no|each|every|they|nobody))\s+\w`)
)

// bareClauses returns the beginnings of the sentences in text that start with such a clause. A question may.
func bareClauses(text string) (found []string) {
	for text != "" {
		sentence, rest := text, ""
		if at := sentenceEnd.FindStringIndex(text); at != nil {
			sentence, rest = text[:at[1]], text[at[1]:]
		}
		if bareClause.MatchString(sentence) && !strings.Contains(sentence, "?") {
			found = append(found, sentence[:min(len(sentence), 60)])
		}
		text = rest
	}
	return found
}
