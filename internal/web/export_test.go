package web

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

// A server of files has the page under the path of a link to a recording, and everything that it names beside it.
func TestExport_HasThePageOfRecordings(t *testing.T) {
	dir := t.TempDir()
	if err := Export(dir); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer s.Close()
	for path, kind := range map[string]string{
		"/replay": "text/html", "/": "text/html", "/main.js": "text/javascript", "/pong.wasm": "application/wasm",
	} {
		r, err := http.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != http.StatusOK || !bytes.HasPrefix([]byte(r.Header.Get("Content-Type")), []byte(kind)) {
			t.Errorf("%s: status %d, type %q, want 200 and %s", path, r.StatusCode, r.Header.Get("Content-Type"), kind)
		}
	}
	program, err := os.ReadFile(filepath.Join(dir, wasm))
	if err != nil || !bytes.HasPrefix(program, []byte("\x00asm")) {
		t.Errorf("%s: %d bytes, error %v; want the program as it is", wasm, len(program), err)
	}
	for path := range assets() {
		if filepath.Ext(path) == "" {
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, path)); err != nil {
			t.Errorf("%s is not in the folder: %v", path, err)
		}
	}
}
