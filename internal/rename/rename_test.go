package main

import (
	"os"
	"path/filepath"
	"testing"
)

// tree writes files into a temporary directory.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// checkTree compares the files of dir with what is wanted.
func checkTree(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != text {
			t.Errorf("%s is\n%s\nwant\n%s", name, got, text)
		}
	}
}

var before = map[string]string{
	"go.mod": "module pong\n\ngo 1.26\n\nrequire example.net/zebra v1.0.0\n",
	"bench/go.mod": "module pong/bench\n\ngo 1.26\n\nrequire (\n\texample.net/zebra v1.0.0\n\tpong v0.0.0\n)\n\n" +
		"replace pong => ../\n",
	"cmd/pong/main.go": "package main\n\nimport (\n\t\"fmt\"\n\n\t\"github.com/zebra/z\"\n\t\"pong/lib\"\n)\n\n" +
		"func main() { fmt.Println(lib.Name, z.Z, \"pong/1\", \"cmd/pong/lib\", \"pong/library\") }\n",
	"lib/lib.go":     "// Package lib is for everyone: go doc pong/lib.\npackage lib\n\nconst Name = \"pong\"\n",
	"script":         "go test -c pong/lib\nprofile 'pong/lib.(*T).run'\n./pong/lib\n",
	"bin/pong":       "pong/lib\n",
	"docs/picture":   "pong/lib\x00\n",
	"docs/README.md": "Import `pong/lib`. The program is cmd/pong, the link pong://host, the protocol pong/1.\n",
}

func TestRename_ChangesEveryPathOfTheModule(t *testing.T) {
	dir := tree(t, before)
	changed, err := rename(dir, "github.com/ada/pong")
	if err != nil {
		t.Fatal(err)
	}
	checkTree(t, dir, map[string]string{
		"go.mod": "module github.com/ada/pong\n\ngo 1.26\n\nrequire example.net/zebra v1.0.0\n",
		"bench/go.mod": "module github.com/ada/pong/bench\n\ngo 1.26\n\nrequire (\n\texample.net/zebra v1.0.0\n" +
			"\tgithub.com/ada/pong v0.0.0\n)\n\nreplace github.com/ada/pong => ../\n",
		"cmd/pong/main.go": "package main\n\nimport (\n\t\"fmt\"\n\n" +
			"\t\"github.com/ada/pong/lib\"\n\t\"github.com/zebra/z\"\n)\n\n" +
			"func main() { fmt.Println(lib.Name, z.Z, \"pong/1\", \"cmd/pong/lib\", \"pong/library\") }\n",
		"lib/lib.go": "// Package lib is for everyone: go doc github.com/ada/pong/lib.\npackage lib\n\n" +
			"const Name = \"pong\"\n",
		"script":       "go test -c github.com/ada/pong/lib\nprofile 'github.com/ada/pong/lib.(*T).run'\n./pong/lib\n",
		"bin/pong":     before["bin/pong"],
		"docs/picture": before["docs/picture"],
		"docs/README.md": "Import `github.com/ada/pong/lib`. The program is cmd/pong, the link pong://host, " +
			"the protocol pong/1.\n",
	})
	if len(changed) != 6 {
		t.Errorf("%d files changed, want 6: %v", len(changed), changed)
	}
}

// TestRename_WorksAgain renames a tree twice: a path with a host is found as well as the short one.
func TestRename_WorksAgain(t *testing.T) {
	dir := tree(t, before)
	if _, err := rename(dir, "example.com/ada/pong"); err != nil {
		t.Fatal(err)
	}
	if _, err := rename(dir, "github.com/ada/pong"); err != nil {
		t.Fatal(err)
	}
	once := tree(t, before)
	if _, err := rename(once, "github.com/ada/pong"); err != nil {
		t.Fatal(err)
	}
	for name := range before {
		want, err := os.ReadFile(filepath.Join(once, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		checkTree(t, dir, map[string]string{name: string(want)})
	}
}

func TestRename_RefusesPathsThatCannotBeFetched(t *testing.T) {
	for _, path := range []string{
		"", "pong", "you/pong", "github.com/you/pong/", "https://github.com/you/pong", "github.com/you/pong@v1",
	} {
		dir := tree(t, before)
		if changed, err := rename(dir, path); err == nil {
			t.Errorf("rename to %q changed %v, want an error", path, changed)
		}
		checkTree(t, dir, before)
	}
}
