// Package pong holds no code, only tests of the module as a whole: that the packages import each other as
// docs/architecture.md says, and that the documents name things that exist.
package pong

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A pkg is a package of this module, with the files that a build for any system may compile.
type pkg struct {
	name  string // relative to the module, as in the table: "internal/game"
	doc   string
	files []sourceFile
}

// A sourceFile is a parsed Go file that is not a test.
type sourceFile struct {
	path    string
	imports []string
	syntax  *ast.File
	set     *token.FileSet
}

// packages lists the module's packages with go list. The files are read from the directory, so that files for other
// systems and build tags are checked too.
func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,Doc,Module", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var listed struct {
			ImportPath, Dir, Doc string
			Module               struct{ Path string }
		}
		if err := d.Decode(&listed); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		if listed.ImportPath == listed.Module.Path {
			continue // this directory, which holds tests only
		}
		p := pkg{name: strings.TrimPrefix(listed.ImportPath, listed.Module.Path+"/"), doc: listed.Doc}
		p.files = sourceFiles(t, listed.Dir, listed.Module.Path)
		all = append(all, p)
	}
}

// sourceFiles parses the Go files of a directory other than tests. Imports of this module are relative to it.
func sourceFiles(t *testing.T, dir, module string) []sourceFile {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []sourceFile
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		syntax, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		f := sourceFile{path: path, syntax: syntax, set: set}
		for _, spec := range syntax.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if ours, ok := strings.CutPrefix(imported, module+"/"); ok {
				imported = "./" + ours
			}
			f.imports = append(f.imports, imported)
		}
		files = append(files, f)
	}
	return files
}

// table reads the table of packages from docs/architecture.md.
func table(t *testing.T) map[string]rule {
	t.Helper()
	text, err := os.ReadFile("docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	rules, err := parseTable(string(text))
	if err != nil {
		t.Fatalf("docs/architecture.md: %v", err)
	}
	return rules
}

func TestArchitecture_TableNamesEveryPackage(t *testing.T) {
	rules := table(t)
	seen := map[string]bool{}
	for _, p := range packages(t) {
		seen[p.name] = true
		if _, ok := rules[p.name]; !ok {
			t.Errorf("package %s is not in the table of docs/architecture.md", p.name)
		}
		if p.doc == "" {
			t.Errorf("package %s has no package comment", p.name)
		}
	}
	for name := range rules {
		if !seen[name] {
			t.Errorf("package %s is in the table of docs/architecture.md, but not in the tree", name)
		}
	}
}

func TestArchitecture_ImportsAreThoseOfTheTable(t *testing.T) {
	rules := table(t)
	for _, p := range packages(t) {
		r := rules[p.name]
		used := map[string]bool{}
		for _, f := range p.files {
			for _, imported := range f.imports {
				ours, ok := strings.CutPrefix(imported, "./")
				used[ours] = ok
				if ok && !r.anyImport && !slices.Contains(r.imports, ours) {
					t.Errorf("%s imports %s, which the table of docs/architecture.md does not allow", f.path, ours)
				}
				if r.forbids(imported) {
					t.Errorf("%s imports %s, which the table of docs/architecture.md forbids", f.path, imported)
				}
			}
		}
		for _, allowed := range r.imports {
			if !used[allowed] {
				t.Errorf("docs/architecture.md lets %s import %s, which it does not do", p.name, allowed)
			}
		}
	}
}

// TestArchitecture_ClocksAndGoroutinesAreInShells finds what makes code depend on the time and order in which it runs:
// reading the clock, sleeping, tickers and goroutines.
func TestArchitecture_ClocksAndGoroutinesAreInShells(t *testing.T) {
	rules := table(t)
	for _, p := range packages(t) {
		r := rules[p.name]
		if r.allShells {
			continue
		}
		unseen := slices.Clone(r.shells)
		for _, f := range p.files {
			name := filepath.Base(f.path)
			if i := slices.Index(unseen, name); i >= 0 {
				unseen = slices.Delete(unseen, i, i+1)
				continue
			}
			for _, at := range impurities(f.syntax) {
				t.Errorf("%s: a clock or a goroutine, in a file that docs/architecture.md does not name as a shell",
					f.set.Position(at))
			}
		}
		for _, name := range unseen {
			t.Errorf("docs/architecture.md names %s as a shell of %s, but there is no such file", name, p.name)
		}
	}
}

// TestArchitecture_GoroutinesAreGuarded checks that a panic in any goroutine of a program with a terminal gives the
// terminal back first.
func TestArchitecture_GoroutinesAreGuarded(t *testing.T) {
	takers := []string{
		"cmd/pong", "internal/dial", "internal/front", "internal/linequeue", "internal/server", "internal/term",
	}
	for _, p := range packages(t) {
		if !slices.Contains(takers, p.name) {
			continue
		}
		for _, f := range p.files {
			for _, at := range unguarded(f.syntax) {
				t.Errorf("%s: a goroutine whose function does not run through crash.Guarded", f.set.Position(at))
			}
		}
	}
}

// unguarded returns the positions of go statements and of calls of a WaitGroup's Go without crash.Guarded.
func unguarded(f *ast.File) (found []token.Pos) {
	guarded := func(e ast.Expr) bool {
		call, ok := e.(*ast.CallExpr)
		if !ok {
			return false
		}
		function, ok := call.Fun.(*ast.SelectorExpr)
		return ok && function.Sel.Name == "Guarded"
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			if !guarded(n.Call.Fun) {
				found = append(found, n.Pos())
			}
		case *ast.CallExpr:
			f, ok := n.Fun.(*ast.SelectorExpr)
			if ok && f.Sel.Name == "Go" && len(n.Args) == 1 && !guarded(n.Args[0]) {
				found = append(found, n.Pos())
			}
		}
		return true
	})
	return found
}

// impurities returns the positions of uses of the clock, of go statements and of calls of a WaitGroup's Go.
func impurities(f *ast.File) []token.Pos {
	clocks := []string{"Now", "Since", "Until", "Sleep", "NewTicker", "Tick", "NewTimer", "After", "AfterFunc"}
	var found []token.Pos
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = append(found, n.Pos())
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Go" {
				found = append(found, n.Pos())
			}
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			if ok && x.Name == "time" && x.Obj == nil && slices.Contains(clocks, n.Sel.Name) {
				found = append(found, n.Pos())
			}
		}
		return true
	})
	return found
}

// TestGame_HasNoFloats keeps the rules on integers: the product and sum of x + v*dt are rounded once on some processors
// and twice on others.
func TestGame_HasNoFloats(t *testing.T) {
	files := sourceFiles(t, "internal/game", "")
	if len(files) == 0 {
		t.Fatal("there are no files in internal/game")
	}
	for _, f := range files {
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				if n.Name == "float64" || n.Name == "float32" {
					t.Errorf("%s uses %s", f.set.Position(n.Pos()), n.Name)
				}
			case *ast.BasicLit:
				if n.Kind == token.FLOAT {
					t.Errorf("%s has the float %s", f.set.Position(n.Pos()), n.Value)
				}
			}
			return true
		})
	}
}
