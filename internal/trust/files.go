package trust

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// openIdentityFile reads the identity, and makes it if there is none. Of two
// servers that do so at once, both return what the faster one made.
func openIdentityFile(path string) (*tls.Certificate, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		text, err := makeIdentity()
		if err != nil {
			return nil, err
		}
		if err := createFile(path, text); err != nil {
			return nil, fmt.Errorf("%w: make the folder writable for the user who runs the server, or choose another with --certs", err)
		}
	}
	return readIdentity(path)
}

// parsePair reads a key and its certificates from PEM and makes sure that they
// belong together.
func parsePair(certificates, key []byte) (*tls.Certificate, error) {
	pair, err := tls.X509KeyPair(certificates, key)
	if err != nil {
		return nil, err
	}
	return &pair, nil
}

// readSecret reads a file that nobody else may read. It looks at the open file,
// not at the name, which may lead elsewhere a moment later.
func readSecret(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("%w: the user who runs the server must be able to read it", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	// Windows has no such bits: Go makes some up there.
	if info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("%s can be read or changed by other users (mode %#o): run chmod 600 %[1]s", path, info.Mode().Perm())
	}
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("%w: it must be a file that the user who runs the server can read", err)
	}
	return text, nil
}

// createFile writes a new file, 0600 and whole or not at all. If it is there
// already it stays as it is, and that is no error.
func createFile(path string, text []byte) error {
	temp, err := writeTemp(path, text)
	if err != nil {
		return err
	}
	defer os.Remove(temp)
	// Unlike a rename, a link never replaces: of two processes one wins.
	if err := os.Link(temp, path); err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	return os.Rename(temp, path) // a file system without hard links
}

// replaceFile writes a file, 0600 and whole or not at all.
func replaceFile(path string, text []byte) error {
	temp, err := writeTemp(path, text)
	if err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		os.Remove(temp)
		return err
	}
	return nil
}

// writeTemp writes a file, 0600, beside the place where it shall be.
func writeTemp(path string, text []byte) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync() // or a rename may outlive a power cut that the bytes do not
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}
