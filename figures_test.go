package pong

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestNetcodePage_HasTheFiguresOfTheLaboratory compares the table of networks in docs/netcode.md with docs/figures.md,
// to the number of decimals that the former gives.
func TestNetcodePage_HasTheFiguresOfTheLaboratory(t *testing.T) {
	docs := documents(t)
	figures := laboratoryFigures(docs["docs/figures.md"])
	label := regexp.MustCompile("^(.*): `(\\w+)`$")
	var networks []string
	compared := 0
	for line := range strings.Lines(docs["docs/netcode.md"]) {
		cells := strings.Split(strings.Trim(line, "| \n"), " | ")
		if strings.HasPrefix(cells[0], "mean of ") {
			networks = nil
		}
		if cells[0] == "mean of 8 seeds of 10 minutes" {
			for _, head := range cells[1:] {
				network, _, _ := strings.Cut(head, " ")
				networks = append(networks, network)
			}
		}
		m := label.FindStringSubmatch(cells[0])
		if m == nil || len(cells) != len(networks)+1 {
			continue
		}
		for i, got := range cells[1:] {
			exact, err := strconv.ParseFloat(figures[[3]string{m[2], m[1], networks[i]}], 64)
			if err != nil {
				t.Errorf("docs/figures.md has no %q of the view %s on %s", m[1], m[2], networks[i])
				continue
			}
			_, decimals, _ := strings.Cut(got, ".")
			if want := strconv.FormatFloat(exact, 'f', len(decimals), 64); got != want {
				t.Errorf("docs/netcode.md: %s on %s is %s; docs/figures.md has %v", cells[0], networks[i], got, exact)
			}
			compared++
		}
	}
	if compared < 28 {
		t.Errorf("only %d figures of docs/netcode.md were compared", compared)
	}
}

// laboratoryFigures returns the means in docs/figures.md by view, measure and network.
func laboratoryFigures(text string) map[[3]string]string {
	figures := map[[3]string]string{}
	view, networks := "", []string(nil)
	for line := range strings.Lines(text) {
		if name, ok := strings.CutPrefix(line, "## The view `"); ok {
			view = strings.TrimSuffix(name, "`\n")
		}
		if !strings.HasPrefix(line, "|") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "| \n"), " | ")
		if strings.HasPrefix(line, "| |") {
			networks = cells
			continue
		}
		for i, cell := range cells[1:] {
			if i < len(networks) {
				mean, _, _ := strings.Cut(strings.TrimPrefix(cell, "**"), " ")
				figures[[3]string{view, cells[0], networks[i]}] = mean
			}
		}
	}
	return figures
}

// TestReliability_NamesFiguresThatExist compares the figures in docs/reliability.md with those that the tests of
// internal/siege print, and the names of floods and other cases with the strings in those tests.
func TestReliability_NamesFiguresThatExist(t *testing.T) {
	patterns, words := siegeFigures(t)
	name := regexp.MustCompile("`([a-z0-9*]+(?:_[a-z0-9*]+)+)`")
	n := 0
	for _, m := range name.FindAllStringSubmatch(documents(t)["docs/reliability.md"], -1) {
		n++
		known := func(p *regexp.Regexp) bool { return p.MatchString(strings.ReplaceAll(m[1], "*", "x")) }
		if !words[m[1]] && !slices.ContainsFunc(patterns, known) {
			t.Errorf("docs/reliability.md names the figure %s, which no test of internal/siege prints", m[1])
		}
	}
	if n < 50 {
		t.Errorf("docs/reliability.md names only %d figures", n)
	}
}

// siegeFigures returns the patterns of the names of figures that the tests of internal/siege print, and all strings in
// them.
func siegeFigures(t *testing.T) (patterns []*regexp.Regexp, words map[string]bool) {
	t.Helper()
	// The argument that is the name, and what is printed before it.
	calls := map[string]struct {
		at     int
		before string
	}{"figure": {0, ""}, "mustFigure": {1, ""}, "chaosFigure": {1, "chaos_"}}
	words = map[string]bool{}
	eachFile(t, "_test.go", func(name, text string) {
		if !strings.HasPrefix(name, "internal/siege/") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				word, err := strconv.Unquote(n.Value)
				if err != nil || n.Kind != token.STRING {
					break
				}
				words[word] = true
				if strings.Contains(word, "_") && strings.Contains(word, "%") { // a name that is kept in a variable
					patterns = append(patterns, regexp.MustCompile("^"+formatPattern(word)+"$"))
				}
			case *ast.CallExpr:
				f, _ := n.Fun.(*ast.Ident)
				if f == nil || len(n.Args) < 2 {
					break
				}
				if call, ok := calls[f.Name]; ok {
					pattern := "^" + call.before + stringPattern(n.Args[call.at]) + "$"
					if pattern != `^\w+$` {
						patterns = append(patterns, regexp.MustCompile(pattern))
					}
				}
			}
			return true
		})
	})
	if len(patterns) < 20 {
		t.Fatalf("only %d figures in the tests of internal/siege", len(patterns))
	}
	return patterns, words
}

// stringPattern returns a pattern of the values that an expression for a string may have.
func stringPattern(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		word, _ := strconv.Unquote(e.Value)
		return regexp.QuoteMeta(word)
	case *ast.BinaryExpr:
		return stringPattern(e.X) + stringPattern(e.Y)
	case *ast.CallExpr:
		if f, ok := e.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Sprintf" {
			return formatPattern(stringPattern(e.Args[0]))
		}
	}
	return `\w+`
}

// formatPattern returns a pattern of the strings that fmt.Sprintf makes with a format.
func formatPattern(format string) string {
	return regexp.MustCompile(`%[a-z]`).ReplaceAllString(format, `\w+`)
}
