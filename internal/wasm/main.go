// Command wasm compiles the program of the page, for make wasm: internal/page to WebAssembly, compressed with brotli,
// in internal/web/assets. The result is in the repository, so that go run and go install have it.
//
//	go run ./internal/wasm         compiles it
//	go run ./internal/wasm check   reports whether the one in the repository is of these sources
//
// The same sources give the same bytes. A text beside the program has a digest of them: of the files of this module,
// the versions of other modules and the version of Go.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
)

// The files, from the folder of the module.
const (
	packed  = "internal/web/assets/pong.wasm.br"
	support = "internal/web/assets/wasm_exec.js" // of the same Go
	sum     = "internal/web/pong.wasm.sum"
)

// errOld is the error of a program that was compiled from other sources.
var errOld = errors.New("the program of the page is not of these sources: run make wasm, and commit what it changes")

func main() {
	run := renew
	if len(os.Args) > 1 && os.Args[1] == "check" {
		run = check
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "wasm:", err)
		os.Exit(1)
	}
}

// renew compiles the program, unless it is of these sources.
func renew() error {
	digest, err := digestSources()
	if err != nil {
		return err
	}
	if kept, err := os.ReadFile(sum); err == nil && string(kept) == digest+"\n" {
		if _, err := os.Stat(packed); err == nil {
			fmt.Println("the program of the page is of these sources")
			return nil
		}
	}
	program, err := compile()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	w := brotli.NewWriterOptions(&out, brotli.WriterOptions{Quality: brotli.BestCompression, LGWin: 24})
	if _, err := w.Write(program); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	script, err := supportOfGo()
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d bytes, %d before compression\n", packed, out.Len(), len(program))
	return errors.Join(os.WriteFile(packed, out.Bytes(), 0o644), os.WriteFile(support, script, 0o644),
		os.WriteFile(sum, []byte(digest+"\n"), 0o644))
}

// check compares the program in the repository with one that is compiled now.
func check() error {
	digest, err := digestSources()
	if err != nil {
		return err
	}
	kept, err := os.ReadFile(sum)
	if err != nil || string(kept) != digest+"\n" {
		return errors.Join(errOld, err)
	}
	file, err := os.ReadFile(packed)
	if err != nil {
		return err
	}
	have, err := io.ReadAll(brotli.NewReader(bytes.NewReader(file)))
	if err != nil {
		return fmt.Errorf("%s: %w", packed, err)
	}
	want, err := compile()
	if err != nil {
		return err
	}
	if !bytes.Equal(have, want) {
		return fmt.Errorf("%s has another program than these sources give, although their digest is the same", packed)
	}
	script, err := os.ReadFile(support)
	if err != nil {
		return err
	}
	if of, err := supportOfGo(); err != nil || !bytes.Equal(script, of) {
		return errors.Join(fmt.Errorf("%s is not that of %s", support, runtime.Version()), err)
	}
	return nil
}

// supportOfGo returns the script that runs programs of this Go in a browser.
func supportOfGo() ([]byte, error) {
	root, err := command("env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("find the folder of Go: %w", err)
	}
	return os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
}

// command returns a go command for WebAssembly, without settings of the environment that change its result.
func command(args ...string) *exec.Cmd {
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOWASM=", "GOFLAGS=", "GOEXPERIMENT=", "CGO_ENABLED=0",
		"GOFIPS140=off")
	cmd.Stderr = os.Stderr
	return cmd
}

// compile returns the program. Without inlining it is a tenth smaller to load, and no slower in a frame.
func compile() ([]byte, error) {
	dir, err := os.MkdirTemp("", "pong-wasm")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "pong.wasm")
	if err := command("build", "-trimpath", "-buildvcs=false", "-gcflags=all=-l", "-ldflags=-s -w -buildid=",
		"-o", path, "./internal/page").Run(); err != nil {
		return nil, fmt.Errorf("compile the page: %w", err)
	}
	return os.ReadFile(path)
}

// digestSources returns the digest of everything that goes into the program.
func digestSources() (string, error) {
	out, err := command("list", "-deps", "-json=ImportPath,Dir,Standard,GoFiles,EmbedFiles,Module", "./internal/page").
		Output()
	if err != nil {
		return "", fmt.Errorf("list the sources of the page: %w", err)
	}
	lines := []string{runtime.Version()}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath, Dir     string
			Standard            bool
			GoFiles, EmbedFiles []string
			Module              struct {
				Path, Version string
				Main          bool
			}
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return "", err
		}
		switch {
		case p.Standard:
		case !p.Module.Main:
			lines = append(lines, p.ImportPath+" "+p.Module.Version)
		default:
			for _, name := range append(p.GoFiles, p.EmbedFiles...) {
				text, err := os.ReadFile(filepath.Join(p.Dir, name))
				if err != nil {
					return "", err
				}
				lines = append(lines, fmt.Sprintf("%s/%s %x", p.ImportPath, name, sha256.Sum256(text)))
			}
		}
	}
	slices.Sort(lines)
	all := sha256.New()
	for _, line := range lines {
		fmt.Fprintln(all, line)
	}
	return hex.EncodeToString(all.Sum(nil)), nil
}
