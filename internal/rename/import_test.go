package main

import (
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// published is the name under which the tests publish the module.
var published = module.Version{Path: "example.com/you/pong", Version: "v0.1.0"}

// TestModule_CanBeImported does as a stranger would with the module once it has been renamed and published: a module of
// his own gets the library and builds a program with it, and go install fetches and builds pong.
func TestModule_CanBeImported(t *testing.T) {
	renamed := renamedCopy(t)
	run := goCommand(t, publish(t, renamed))

	own := t.TempDir()
	run(own, "mod", "init", "example.org/game")
	library := published.Path + "/netcode/..."
	t.Logf("go get %s\n%s", library, run(own, "get", library))
	writeGame(t, renamed, filepath.Join(own, "main.go"))
	game := filepath.Join(own, executable("game"))
	run(own, "build", "-o", game, ".")
	t.Logf("it has built %s, which prints\n%s", describe(t, run, game), checkGame(t, renamed, game))
	for _, line := range strings.Split(run(own, "list", "-m", "all"), "\n") {
		if strings.Contains(line, "=>") {
			t.Errorf("the module needs a replacement: %s", line)
		}
	}

	run(own, "install", published.Path+"/cmd/pong@"+published.Version)
	pong := filepath.Join(strings.TrimSpace(run(own, "env", "GOBIN")), executable("pong"))
	version, err := exec.Command(pong, "version").CombinedOutput()
	if err != nil {
		t.Fatalf("%s version: %v\n%s", pong, err, version)
	}
	if !strings.Contains(string(version), published.Version) {
		t.Errorf("pong version prints %q, want it to contain %s", version, published.Version)
	}
	t.Logf("go install has built %s, which prints\n%s", describe(t, run, pong), version)
}

// TestModule_HasNoOtherNameOnceRenamed reads the imports of every file of a renamed copy, whatever its build tags, and
// runs those tests there that read source files, and so must know the new name.
func TestModule_HasNoOtherNameOnceRenamed(t *testing.T) {
	mod, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	before, renamed := modfile.ModulePath(mod), renamedCopy(t)
	files, ours := 0, 0
	err = filepath.WalkDir(renamed, func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".go") {
			return err
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		files++
		for _, spec := range syntax.Imports {
			if strings.HasPrefix(spec.Path.Value, `"`+before+"/") {
				t.Errorf("%s imports %s", file, spec.Path.Value)
			}
			if strings.HasPrefix(spec.Path.Value, `"`+published.Path+"/") {
				ours++
			}
		}
		return nil
	})
	if err != nil || ours == 0 {
		t.Fatalf("%d imports of the renamed module in %d files, %v", ours, files, err)
	}
	test := exec.Command("go", "test", "-run", "^Test(Architecture|Protocol)", ".", "./internal/wire")
	test.Dir = renamed
	if out, err := test.CombinedOutput(); err != nil {
		t.Errorf("%v: %v\n%s", test, err, out)
	}
}

// renamedCopy returns a directory with a copy of this module, renamed.
func renamedCopy(t *testing.T) string {
	t.Helper()
	source, dir := filepath.Join("..", ".."), t.TempDir()
	err := filepath.WalkDir(source, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if notSource(entry.Name()) && entry.IsDir() {
			return filepath.SkipDir
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		relative, err := filepath.Rel(source, file)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a temporary file of another test
		}
		to := filepath.Join(dir, relative)
		return errors.Join(err, os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, text, 0o644))
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rename(dir, published.Path); err != nil {
		t.Fatal(err)
	}
	return dir
}

// publish packs the module in dir as a module proxy does and returns the URL of that proxy, a directory.
func publish(t *testing.T, dir string) string {
	t.Helper()
	proxy := t.TempDir()
	versions := filepath.Join(proxy, filepath.FromSlash(published.Path), "@v")
	if err := os.MkdirAll(versions, 0o755); err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"list":                      published.Version + "\n",
		published.Version + ".info": fmt.Sprintf(`{"Version":%q,"Time":"2026-01-01T00:00:00Z"}`, published.Version),
		published.Version + ".mod":  string(mod),
	} {
		if err := os.WriteFile(filepath.Join(versions, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	packed, err := os.Create(filepath.Join(versions, published.Version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(zip.CreateFromDir(packed, published, dir), packed.Close()); err != nil {
		t.Fatal(err)
	}
	return fileURL(proxy)
}

func fileURL(dir string) string {
	return (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(filepath.ToSlash(dir), "/")}).String()
}

// goCommand returns a function that runs the go command in a directory and returns its output. Modules come from proxy,
// or else from those that this machine has downloaded before, or else from where it usually gets them.
//
// The module cache and the installed programs are temporary. The build cache is the usual one: because of -trimpath it
// helps although the sources are in another directory every time.
func goCommand(t *testing.T, proxy string) func(dir string, args ...string) string {
	t.Helper()
	usual, err := exec.Command("go", "env", "GOMODCACHE", "GOPROXY", "GOCACHE").Output()
	if err != nil {
		t.Fatalf("go env: %v", err)
	}
	lines := strings.Split(string(usual), "\n")
	downloaded := fileURL(filepath.Join(strings.TrimSpace(lines[0]), "cache", "download"))
	env := append(os.Environ(), "GOENV=off", "GOWORK=off", "GOTOOLCHAIN=local", "CGO_ENABLED=0", "GOSUMDB=off",
		"GOPRIVATE=", "GONOPROXY=", "GOPROXY="+proxy+","+downloaded+","+strings.TrimSpace(lines[1]),
		"GOCACHE="+strings.TrimSpace(lines[2]), "GOFLAGS=-modcacherw -trimpath -buildvcs=false",
		"GOMODCACHE="+t.TempDir(), "GOBIN="+t.TempDir())
	return func(dir string, args ...string) string {
		t.Helper()
		cmd := exec.Command("go", args...)
		cmd.Dir, cmd.Env = dir, env
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}
}

// The parts of the example of package netcode, which is a whole game, that differ in a program.
const (
	examplePackage, exampleMain = "package netcode_test\n", "func Example() {\n"
	exampleOutput               = "\t// Output:\n"
)

// writeGame writes the example of package netcode as a program.
func writeGame(t *testing.T, module, to string) {
	t.Helper()
	text := example(t, module)
	if !strings.Contains(text, examplePackage) || !strings.Contains(text, exampleMain) {
		t.Fatalf("netcode/example_test.go has no %q or no %q", examplePackage, exampleMain)
	}
	text = strings.NewReplacer(examplePackage, "package main\n", exampleMain, "func main() {\n").Replace(text)
	if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// checkGame runs the program of writeGame and returns its output, which must be the example's.
func checkGame(t *testing.T, module, program string) string {
	t.Helper()
	_, after, _ := strings.Cut(example(t, module), exampleOutput)
	after, _, _ = strings.Cut(after, "}\n")
	want := strings.ReplaceAll(after, "\t// ", "")
	got, err := exec.Command(program).CombinedOutput()
	if err != nil || string(got) != want || want == "" {
		t.Errorf("the program prints\n%s(%v), want\n%s", got, err, want)
	}
	return string(got)
}

func example(t *testing.T, module string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(module, "netcode", "example_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// describe returns the size of a program and the modules of ours that it was built from.
func describe(t *testing.T, run func(string, ...string) string, program string) string {
	t.Helper()
	info, err := os.Stat(program)
	if err != nil {
		t.Fatal(err)
	}
	var from []string
	for _, line := range strings.Split(run(".", "version", "-m", program), "\n") {
		if fields := strings.Fields(line); len(fields) >= 3 && fields[1] == published.Path {
			from = append(from, fields[1]+" "+fields[2])
		}
	}
	if want := published.Path + " " + published.Version; len(from) != 1 || from[0] != want {
		t.Errorf("%s is built from %q, want %q", program, from, want)
	}
	return fmt.Sprintf("%s (%d bytes) from %s", filepath.Base(program), info.Size(), strings.Join(from, ", "))
}

func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}
