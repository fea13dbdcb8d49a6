package web

import (
	"bytes"
	"io"
	"os"
	"path/filepath"

	"github.com/andybalholm/brotli"
)

// Export writes the files of the page to a folder, for any server of files. There it plays recordings at replay, and
// nothing that needs a server of Pong. The program is written plain as well as in brotli, for servers that have both.
func Export(dir string) error {
	for name, a := range assets() {
		if name[len(name)-1] == '/' || filepath.Ext(name) == "" {
			continue // another name of an index.html
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		text := a.plain
		if text == nil {
			if err := os.WriteFile(path+".br", a.brotli, 0o644); err != nil {
				return err
			}
			var err error
			if text, err = io.ReadAll(brotli.NewReader(bytes.NewReader(a.brotli))); err != nil {
				return err
			}
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
