package wire_test

import (
	"go/ast"
	"go/build"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"pong/internal/wire"
)

// A source reads the constants of this program's packages from their source text, unexported ones too, and without an
// import that the packages must not have. Other errors of type checking are ignored.
type source struct {
	t        *testing.T
	files    *token.FileSet
	packages map[string]*types.Package
}

func newSource(t *testing.T) *source {
	return &source{t, token.NewFileSet(), map[string]*types.Package{"time": fakeTime()}}
}

// fakeTime is as much of package time as constants need.
func fakeTime() *types.Package {
	p := types.NewPackage("time", "time")
	duration := types.NewNamed(types.NewTypeName(token.NoPos, p, "Duration", nil), types.Typ[types.Int64], nil)
	p.Scope().Insert(duration.Obj())
	for name, d := range map[string]time.Duration{
		"Microsecond": time.Microsecond, "Millisecond": time.Millisecond,
		"Second": time.Second, "Minute": time.Minute, "Hour": time.Hour,
	} {
		p.Scope().Insert(types.NewConst(token.NoPos, p, name, duration, constant.MakeInt64(int64(d))))
	}
	p.MarkComplete()
	return p
}

// Import makes a source a types.Importer.
func (s *source) Import(name string) (*types.Package, error) {
	if p := s.packages[name]; p != nil {
		return p, nil
	}
	folder, ours := strings.CutPrefix(name, module+"/")
	if !ours {
		p := types.NewPackage(name, path.Base(name))
		p.MarkComplete()
		return p, nil
	}
	dir := filepath.Join("../..", folder)
	listed, err := build.ImportDir(dir, 0)
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range listed.GoFiles {
		file, err := parser.ParseFile(s.files, filepath.Join(dir, name), nil, 0)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	config := types.Config{Importer: s, IgnoreFuncBodies: true, Error: func(error) {}}
	s.packages[name], _ = config.Check(name, s.files, files, nil)
	return s.packages[name], nil
}

// module is the path of this module, which may have been renamed.
var module = strings.TrimSuffix(reflect.TypeFor[wire.Message]().PkgPath(), "/internal/wire")

// folders has the directories of the packages that the document names.
var folders = map[string]string{
	"wire": "internal/wire", "game": "internal/game", "server": "internal/server", "shard": "internal/shard",
	"client": "internal/client", "trust": "internal/trust", "netcode": "netcode", "sealed": "netcode/sealed",
	"dial": "internal/dial", "tcp": "internal/tcp", "names": "internal/names", "rooms": "internal/rooms",
	"ticket": "internal/ticket", "web": "internal/web",
}

func (s *source) open(name string) *types.Package {
	s.t.Helper()
	p, err := s.Import(module + "/" + folders[name])
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// value returns the value of a constant like wire.MaxLine.
func (s *source) value(name string) constant.Value {
	s.t.Helper()
	folder, local, _ := strings.Cut(name, ".")
	c, ok := s.open(folder).Scope().Lookup(local).(*types.Const)
	if !ok || c.Val().Kind() == constant.Unknown {
		s.t.Fatalf("the documents name the constant %s, which the program does not have", name)
	}
	return c.Val()
}

// exported returns the exported constants of a package.
func (s *source) exported(name string) map[string]string {
	s.t.Helper()
	all, scope := make(map[string]string), s.open(name).Scope()
	for _, name := range scope.Names() {
		if c, ok := scope.Lookup(name).(*types.Const); ok && c.Exported() {
			all[name] = c.Val().ExactString()
		}
	}
	return all
}

// spelled reads a value as the document writes it: a number, a duration or a string in quotes.
func spelled(text string) constant.Value {
	if n, err := strconv.ParseInt(text, 0, 64); err == nil {
		return constant.MakeInt64(n)
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return constant.MakeFromLiteral(text, token.FLOAT, 0)
	}
	if d, err := time.ParseDuration(text); err == nil {
		return constant.MakeInt64(int64(d))
	}
	if s, err := strconv.Unquote(text); err == nil {
		return constant.MakeString(s)
	}
	return constant.MakeUnknown()
}

// constantRow is | `package.Name` | `value` | ...
var constantRow = regexp.MustCompile("^\\| `([a-z]+\\.[A-Za-z0-9]+)` \\| `([^`]*)` \\|")

// checkConstants compares the tables of constants of a document with the program and returns the names in them.
func checkConstants(t *testing.T, path string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, said := newSource(t), make(map[string]bool)
	for i, line := range strings.Split(string(text), "\n") {
		m := constantRow.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		said[m[1]] = true
		if got, want := spelled(m[2]), s.value(m[1]); !constant.Compare(got, token.EQL, want) {
			t.Errorf("%s:%d: %s is %s; in the program it is %s", path, i+1, m[1], m[2], want)
		}
	}
	return said
}

func TestProtocol_ConstantsHaveTheirValues(t *testing.T) {
	said := checkConstants(t, docPath)
	if len(said) < 60 {
		t.Errorf("%s has only %d constants: are its tables still read?", docPath, len(said))
	}
	upper := regexp.MustCompile(`^"[A-Z]+"$`) // types of lines have a table of their own
	for name, value := range newSource(t).exported("wire") {
		if !said["wire."+name] && !upper.MatchString(value) {
			t.Errorf("%s does not name wire.%s", docPath, name)
		}
	}
}

// TestProtocol_NetcodePageHasTheirValuesToo checks the other document with such tables.
func TestProtocol_NetcodePageHasTheirValuesToo(t *testing.T) {
	const path = "../../docs/netcode.md"
	if said := checkConstants(t, path); len(said) < 25 {
		t.Errorf("%s has only %d constants: are its tables still read?", path, len(said))
	}
}

// constantInText is a number, its unit if it has one, and the constant that it must equal: 10 s
// (`shard.RegisterWithin`). A few words may stand in between, of the same sentence.
var constantInText = regexp.MustCompile("(\\d+)( ms| s| minutes| hours)?([^.:;|\\d`]*)\\(`([a-z]+\\.[A-Za-z0-9]+)`\\)")

func TestProtocol_NumbersInTextAreConstants(t *testing.T) {
	s := newSource(t)
	units := map[string]time.Duration{
		"": 1, " ms": time.Millisecond, " s": time.Second, " minutes": time.Minute, " hours": time.Hour,
	}
	text := strings.Join(openDocument(t).lines, " ")
	found := constantInText.FindAllStringSubmatch(text, -1)
	for _, m := range found {
		n, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		got, want := constant.MakeInt64(n*int64(units[m[2]])), s.value(m[4])
		if !constant.Compare(got, token.EQL, want) {
			t.Errorf("%s says %q; in the program %s is %s", docPath, m[0], m[4], want)
		}
	}
	named := regexp.MustCompile("\\(`[a-z]+\\.[A-Za-z0-9]+`\\)").FindAllString(text, -1)
	if len(found) != len(named) || len(found) < 8 {
		t.Errorf("%d constants stand in the text of %s after their number, want all %d, and 8 at least",
			len(found), docPath, len(named))
	}
}
