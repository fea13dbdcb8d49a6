// Package pong holds no code: only the test of the architecture, which is drawn in docs/architecture.md.
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
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rule is a row of the table in docs/architecture.md: what of ours a package may import, and what else it must not.
type rule struct {
	may  []string
	not  []string
	pure bool     // no clock, no sleeping, no goroutines ...
	but  []string // ... except in these files, the shells
}

var rules = map[string]rule{
	"internal/game":   {not: []string{"time", "math/rand", "math/rand/v2", "fmt", "net", "math", "os", "log/slog"}, pure: true},
	"netcode":         {not: []string{"net", "net/netip", "os", "sync", "log", "log/slog", "math/rand", "math/rand/v2"}, pure: true},
	"netcode/sealed":  {not: []string{"net", "os", "log", "log/slog", "math/rand", "math/rand/v2"}, pure: true},
	"netcode/netsim":  {not: []string{"log", "log/slog"}, pure: true, but: []string{"packetconn.go", "timed.go", "relay.go", "relay_udp.go", "relay_tcp.go"}},
	"internal/wire":   {may: []string{"internal/game", "netcode"}, not: []string{"net", "log", "log/slog", "os", "time"}, pure: true},
	"internal/bot":    {may: []string{"internal/game"}, not: []string{"net", "os", "math/rand", "math/rand/v2"}, pure: true},
	"internal/trust":  {not: []string{"net/http"}, pure: true},
	"internal/acme":   {pure: true, but: []string{"acme.go"}},
	"internal/server": {may: []string{"internal/game", "internal/wire", "netcode", "netcode/sealed", "internal/trust"}, pure: true, but: []string{"server.go", "loop.go", "socket.go", "batch_linux.go", "alarm_linux.go", "control.go", "ending.go", "apart.go", "status.go"}},
	"internal/client": {may: []string{"internal/game", "internal/wire", "netcode", "netcode/sealed", "internal/trust"}, pure: true, but: []string{"connection.go", "rejoin.go", "dial.go", "join.go", "list.go"}},
	"internal/front":   {may: []string{"internal/client", "internal/wire", "internal/trust"}, not: []string{"net", "os", "time"}, pure: true},
	"internal/gui":    {may: []string{"internal/client", "internal/game", "internal/front"}},
	"internal/term":   {may: []string{"internal/client", "internal/game", "internal/front"}},
	"internal/world": {may: []string{"internal/game", "internal/wire", "netcode", "netcode/sealed", "netcode/netsim",
		"internal/server", "internal/client", "internal/bot"}, not: []string{"net"}, pure: true},
	"internal/lab": {may: []string{"internal/game", "internal/wire", "netcode", "netcode/netsim", "internal/server",
		"internal/client", "internal/bot", "internal/world"}, not: []string{"net", "os", "log", "log/slog"}, pure: true, but: []string{"run.go"}},
	// A shell from end to end, but for crowd.go, player.go and impair.go.
	"internal/load": {may: []string{"internal/game", "internal/wire", "netcode", "netcode/sealed", "netcode/netsim", "internal/trust"},
		pure: true, but: []string{"load.go", "stages.go", "join.go", "control.go", "scrape.go", "sockets.go", "conduit_linux.go", "conduit_other.go"}},
	"internal/admin": {may: []string{"internal/server", "netcode"}, pure: true, but: []string{"admin.go"}},
	"internal/siege": {}, // tests only
	"cmd/pong": {may: []string{"internal/game", "internal/wire", "netcode", "netcode/sealed", "netcode/netsim", "internal/server",
		"internal/client", "internal/trust", "internal/acme", "internal/front", "internal/gui", "internal/term", "internal/bot", "internal/world", "internal/lab", "internal/load", "internal/admin"}},
}

// listed is what go list tells of a package.
type listed struct {
	ImportPath, Dir, Doc string
	GoFiles, Imports     []string
}

const module = "pong"

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,Doc,GoFiles,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		all = append(all, p)
	}
}

func TestArchitecture(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range packages(t) {
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		if name == "" {
			continue
		}
		seen[name] = true
		r, ok := rules[name]
		if !ok {
			t.Errorf("package %s is not in the table of the architecture: a new package is a decision", name)
			continue
		}
		if p.Doc == "" {
			t.Errorf("package %s has no package comment", name)
		}
		checkImports(t, name, r, p.Imports)
		if r.pure {
			for _, f := range p.GoFiles {
				if !slices.Contains(r.but, f) {
					checkPure(t, filepath.Join(p.Dir, f))
				}
			}
		}
	}
	for name := range rules {
		if !seen[name] {
			t.Errorf("package %s is in the table of the architecture, but not in the tree", name)
		}
	}
}

func checkImports(t *testing.T, name string, r rule, imports []string) {
	t.Helper()
	for _, i := range imports {
		if ours, ok := strings.CutPrefix(i, module+"/"); ok && !slices.Contains(r.may, ours) {
			t.Errorf("%s imports %s: an arrow against the architecture", name, ours)
		}
		if slices.Contains(r.not, i) {
			t.Errorf("%s imports %s, which the architecture keeps out of it", name, i)
		}
	}
}

// checkPure fails on what belongs in a shell: reading the clock, sleeping, tickers and goroutines.
func checkPure(t *testing.T, path string) {
	t.Helper()
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	clocks := []string{"Now", "Since", "Until", "Sleep", "NewTicker", "Tick", "NewTimer", "After", "AfterFunc"}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			t.Errorf("%s: a goroutine outside a shell", files.Position(n.Pos()))
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && x.Obj == nil && slices.Contains(clocks, n.Sel.Name) {
				t.Errorf("%s: time.%s outside a shell", files.Position(n.Pos()), n.Sel.Name)
			}
		}
		return true
	})
}

// TestGameHasNoFloats keeps the rules on integers: x + v*dt in floats is not the same on every machine.
func TestGameHasNoFloats(t *testing.T) {
	files, err := filepath.Glob("internal/game/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of internal/game: %v", err)
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				if n.Name == "float64" || n.Name == "float32" {
					t.Errorf("%s uses %s", path, n.Name)
				}
			case *ast.BasicLit:
				if n.Kind == token.FLOAT {
					t.Errorf("%s has the float %s", path, n.Value)
				}
			}
			return true
		})
	}
}

// TestDocumentNamesEveryPackage holds the picture for readers against the table.
func TestDocumentNamesEveryPackage(t *testing.T) {
	doc, err := os.ReadFile("docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range rules {
		if !strings.Contains(string(doc), "`"+name+"`") {
			t.Errorf("docs/architecture.md does not name `%s`", name)
		}
	}
}

// TestPromisesNameRealTests holds the table of promises against the tree.
func TestPromisesNameRealTests(t *testing.T) {
	doc, err := os.ReadFile("docs/promises.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]bool{}
	err = filepath.WalkDir(".", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(string(text), -1) {
			tests[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(string(doc), -1)
	if len(named) < 33 {
		t.Errorf("docs/promises.md names %d tests, and there are 33 promises", len(named))
	}
	for _, m := range named {
		if !tests[m[1]] {
			t.Errorf("docs/promises.md names %s, which does not exist", m[1])
		}
	}
}
