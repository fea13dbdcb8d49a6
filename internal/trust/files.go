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

// openIdentityFile reads the identity, and makes it if there is none. If two servers do so at once, both return the
// one that was stored first.
func openIdentityFile(path string) (*tls.Certificate, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		text, err := makeIdentity()
		if err != nil {
			return nil, err
		}
		if err := createFile(path, text); err != nil {
			return nil, fmt.Errorf("%w: make the folder writable for the server's user, or choose another with --certs",
				err)
		}
	}
	return readIdentity(path)
}

// parsePair parses a key and its certificates from PEM, and checks that they belong together.
func parsePair(certificates, key []byte) (*tls.Certificate, error) {
	pair, err := tls.X509KeyPair(certificates, key)
	if err != nil {
		return nil, err
	}
	return &pair, nil
}

// readSecret reads a file that other users must not be able to read. It checks the open file rather than the name,
// which may refer to another file a moment later.
func readSecret(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("%w: the server's user must be able to read it", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	// Windows has no such permissions; Go invents some there.
	if info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("%s can be read or changed by other users (mode %#o): run chmod 600 %[1]s", path,
			info.Mode().Perm())
	}
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("%w: it must be a file that the server's user can read", err)
	}
	return text, nil
}

// createFile writes a new file atomically, with mode 0600. If the file exists it stays as it is, and there is no
// error.
func createFile(path string, text []byte) error {
	temp, err := writeTemp(path, text)
	if err != nil {
		return err
	}
	defer os.Remove(temp)
	// Unlike a rename, a link never replaces a file: of two processes one wins.
	if err := os.Link(temp, path); err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	return os.Rename(temp, path) // a file system without hard links
}

// replaceFile writes a file atomically, with mode 0600.
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

// writeTemp writes a temporary file with mode 0600, in the folder of the given path, and returns its path.
func writeTemp(path string, text []byte) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync() // otherwise a power failure may keep the rename and lose the content
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
