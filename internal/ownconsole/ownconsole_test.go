package ownconsole

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestGiven_IsFoundBeforeOtherPackages checks that the package imports nothing that would be initialized after the
// library that closes the console.
func TestGiven_IsFoundBeforeOtherPackages(t *testing.T) {
	paths, err := filepath.Glob("*.go")
	if err != nil || len(paths) < 3 {
		t.Fatalf("the files of the package are %v, error %v", paths, err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			if name, _ := strconv.Unquote(spec.Path.Value); name != "syscall" && name != "unsafe" {
				t.Errorf("%s imports %s, want nothing but syscall and unsafe", path, name)
			}
		}
	}
}
