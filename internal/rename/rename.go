package main

import (
	"bytes"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// rename changes the path of the module in dir to path: in its go.mod, in those of modules below it, and wherever a
// file names one of its packages. It returns the files that it has changed.
func rename(dir, path string) (changed []string, err error) {
	if err := module.CheckPath(path); err != nil {
		return nil, err
	}
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return nil, err
	}
	old := modfile.ModulePath(mod)
	if old == "" {
		return nil, fmt.Errorf("%s names no module", filepath.Join(dir, "go.mod"))
	}
	packages, err := packagePaths(dir, old)
	if err != nil {
		return nil, err
	}
	err = filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && notSource(entry.Name()) {
			return filepath.SkipDir
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil || bytes.IndexByte(text, 0) >= 0 || !utf8.Valid(text) {
			return err
		}
		renamed, err := renameIn(filepath.Base(file), text, packages, old, path)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if bytes.Equal(renamed, text) {
			return nil
		}
		changed = append(changed, file)
		info, err := entry.Info()
		if err != nil {
			return err
		}
		return os.WriteFile(file, renamed, info.Mode().Perm())
	})
	return changed, err
}

// notSource reports whether a directory of this name holds no source files: the repository's own data, and what builds
// and servers leave behind.
func notSource(name string) bool { return name == ".git" || name == "bin" || name == "certs" }

// packagePaths matches the import paths of the packages of the module in dir. A path counts only up to a directory at
// the top of the module, so that "pong/1", a protocol, or "cmd/pong" is not taken for one.
func packagePaths(dir, module string) (*regexp.Regexp, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var tops []string
	for _, entry := range entries {
		if entry.IsDir() && !notSource(entry.Name()) && !strings.HasPrefix(entry.Name(), ".") {
			tops = append(tops, regexp.QuoteMeta(entry.Name()))
		}
	}
	return regexp.Compile(`(^|[^\w./-])` + regexp.QuoteMeta(module) + `(/(?:` + strings.Join(tops, "|") + `)\b)`)
}

// renameIn returns the text of a file with the module's path changed from old to path.
func renameIn(name string, text []byte, packages *regexp.Regexp, old, path string) ([]byte, error) {
	if name == "go.mod" {
		return renameMod(text, old, path)
	}
	renamed := packages.ReplaceAll(text, []byte("${1}"+path+"${2}"))
	if strings.HasSuffix(name, ".go") && !bytes.Equal(renamed, text) {
		return format.Source(renamed) // the imports may have another order now
	}
	return renamed, nil
}

// renameMod renames the module of a go.mod, in whatever line names it or a module below it.
func renameMod(text []byte, old, path string) ([]byte, error) {
	f, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		return nil, err
	}
	for _, statement := range f.Syntax.Stmt {
		switch s := statement.(type) {
		case *modfile.Line:
			renameTokens(s.Token, old, path)
		case *modfile.LineBlock:
			for _, line := range s.Line {
				renameTokens(line.Token, old, path)
			}
		}
	}
	// Blocks are sorted by path, so parse the new paths first.
	f, err = modfile.Parse("go.mod", modfile.Format(f.Syntax), nil)
	if err != nil {
		return nil, err
	}
	f.SortBlocks()
	return f.Format()
}

func renameTokens(tokens []string, old, path string) {
	for i, token := range tokens {
		if unquoted, err := strconv.Unquote(token); err == nil {
			token = unquoted
		}
		if token == old || strings.HasPrefix(token, old+"/") {
			tokens[i] = modfile.AutoQuote(path + strings.TrimPrefix(token, old))
		}
	}
}
