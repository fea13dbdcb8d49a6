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
	"go.mod": "module ping\n\ngo 1.26\n\nrequire example.net/zebra v1.0.0\n",
	"bench/go.mod": "module ping/bench\n\ngo 1.26\n\nrequire (\n\texample.net/zebra v1.0.0\n\tping v0.0.0\n)\n\n" +
		"replace ping => ../\n",
	"cmd/ping/main.go": "package main\n\nimport (\n\t\"fmt\"\n\n\t\"github.com/zebra/z\"\n\t\"ping/lib\"\n)\n\n" +
		"func main() { fmt.Println(lib.Name, z.Z, \"ping/1\", \"cmd/ping/lib\", \"ping/library\") }\n",
	"lib/lib.go":     "// Package lib is for everyone: go doc ping/lib.\npackage lib\n\nconst Name = \"ping\"\n",
	"script":         "go test -c ping/lib\nprofile 'ping/lib.(*T).run'\n./ping/lib\n",
	"bin/ping":       "ping/lib\n",
	"docs/picture":   "ping/lib\x00\n",
	"docs/README.md": "Import `ping/lib`. The program is cmd/ping, the link ping://host, the protocol ping/1.\n",
}

func TestRename_ChangesEveryPathOfTheModule(t *testing.T) {
	dir := tree(t, before)
	changed, err := rename(dir, "github.com/ada/ping")
	if err != nil {
		t.Fatal(err)
	}
	checkTree(t, dir, map[string]string{
		"go.mod": "module github.com/ada/ping\n\ngo 1.26\n\nrequire example.net/zebra v1.0.0\n",
		"bench/go.mod": "module github.com/ada/ping/bench\n\ngo 1.26\n\nrequire (\n\texample.net/zebra v1.0.0\n" +
			"\tgithub.com/ada/ping v0.0.0\n)\n\nreplace github.com/ada/ping => ../\n",
		"cmd/ping/main.go": "package main\n\nimport (\n\t\"fmt\"\n\n" +
			"\t\"github.com/ada/ping/lib\"\n\t\"github.com/zebra/z\"\n)\n\n" +
			"func main() { fmt.Println(lib.Name, z.Z, \"ping/1\", \"cmd/ping/lib\", \"ping/library\") }\n",
		"lib/lib.go": "// Package lib is for everyone: go doc github.com/ada/ping/lib.\npackage lib\n\n" +
			"const Name = \"ping\"\n",
		"script":       "go test -c github.com/ada/ping/lib\nprofile 'github.com/ada/ping/lib.(*T).run'\n./ping/lib\n",
		"bin/ping":     before["bin/ping"],
		"docs/picture": before["docs/picture"],
		"docs/README.md": "Import `github.com/ada/ping/lib`. The program is cmd/ping, the link ping://host, " +
			"the protocol ping/1.\n",
	})
	if len(changed) != 6 {
		t.Errorf("%d files changed, want 6: %v", len(changed), changed)
	}
}

// TestRename_WorksAgain renames a tree twice: a path with a host is found as well as the short one.
func TestRename_WorksAgain(t *testing.T) {
	dir := tree(t, before)
	if _, err := rename(dir, "example.com/ada/ping"); err != nil {
		t.Fatal(err)
	}
	if _, err := rename(dir, "github.com/ada/ping"); err != nil {
		t.Fatal(err)
	}
	once := tree(t, before)
	if _, err := rename(once, "github.com/ada/ping"); err != nil {
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
		"", "ping", "you/pong", "github.com/you/pong/", "https://github.com/you/pong", "github.com/you/pong@v1",
	} {
		dir := tree(t, before)
		if changed, err := rename(dir, path); err == nil {
			t.Errorf("rename to %q changed %v, want an error", path, changed)
		}
		checkTree(t, dir, before)
	}
}
