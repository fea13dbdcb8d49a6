package web

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

func TestAssets_HaveTheProgram(t *testing.T) {
	program := assets()["/"+wasm]
	if program == nil {
		t.Fatal("the page has no program: run make wasm")
	}
	packed, err := gzip.NewReader(bytes.NewReader(program.gzip()))
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]io.Reader{
		"brotli": brotli.NewReader(bytes.NewReader(program.brotli)), "gzip": packed,
	} {
		text, err := io.ReadAll(r)
		if err != nil || !bytes.HasPrefix(text, []byte("\x00asm")) {
			t.Errorf("the program in %s: %d bytes, error %v; want a program for WebAssembly", name, len(text), err)
		}
	}
}

// All files that the page names are in the binary, and none is on another host.
func TestAssets_AreComplete(t *testing.T) {
	names := regexp.MustCompile(`(?:src|href)="([^"]+)"|from '\./([^']+)'|import '\./([^']+)'|` +
		`(?:fetch|Worker)\('([^']+)'|new URL\('([^']+)', import`)
	for path, a := range assets() {
		if a.plain == nil || path == "/wasm_exec.js" {
			continue
		}
		for _, m := range names.FindAllStringSubmatch(string(a.plain), -1) {
			name := m[1] + m[2] + m[3] + m[4] + m[5]
			if name = strings.TrimPrefix(name, "../"); name != "hash" && assets()["/"+name] == nil {
				t.Errorf("%s names %s, which is not in the binary", path, name)
			}
		}
		text := strings.ReplaceAll(string(a.plain), "http://www.w3.org/2000/svg", "")
		if strings.Contains(text, "://") {
			t.Errorf("%s names another host", path)
		}
		if a.kind == "" {
			t.Errorf("%s has no type", path)
		}
	}
}

// The service worker keeps every file of the page.
func TestAssets_AreKeptForADeviceWithoutNetwork(t *testing.T) {
	worker := string(assets()["/offline.js"].plain)
	for path := range assets() {
		switch path {
		case "/replay", "/replay/", "/replay/index.html", "/index.html", "/offline.js":
			continue
		}
		name := strings.TrimPrefix(path, "/")
		if name == "" {
			name = "./"
		}
		if !strings.Contains(worker, "'"+name+"'") {
			t.Errorf("offline.js does not keep %s", name)
		}
	}
}

// The page keeps its files only where browsers may trust the certificate: behind a warning they report an error.
func TestHash_SaysWhetherTheCertificateIsPublic(t *testing.T) {
	for _, public := range []bool{false, true} {
		s := New(Config{
			Control: &net.TCPAddr{}, Identity: func() string { return "ab" }, Public: func() bool { return public },
		})
		var about struct {
			Identity string
			Public   bool
		}
		rw := httptest.NewRecorder()
		s.serveHash(rw, nil)
		err := json.Unmarshal(rw.Body.Bytes(), &about)
		if err != nil || about.Public != public || about.Identity != "ab" {
			t.Errorf("%s: %v, want public %v and identity ab", rw.Body, err, public)
		}
	}
}
