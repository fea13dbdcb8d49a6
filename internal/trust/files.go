package trust

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"pong/internal/files"
)

// openIdentityFile reads the identity, and makes it if there is none. If two servers do so at once, both return the
// one that was stored first.
func openIdentityFile(path string) (*tls.Certificate, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		text, err := makeIdentity()
		if err != nil {
			return nil, err
		}
		if err := createSecret(path, text); errors.Is(err, ErrFixedModes) {
			return nil, err
		} else if err != nil {
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

// createSecret is CreateSecret without an error if the file exists.
func createSecret(path string, text []byte) error {
	if err := CreateSecret(path, text); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// CreateSecret writes a new file atomically that other users cannot read. If the file exists it stays as it is, and the
// error wraps fs.ErrExist.
func CreateSecret(path string, text []byte) error {
	temp, err := writeTemp(path, text, true)
	if err != nil {
		return err
	}
	defer os.Remove(temp)
	// Unlike a rename, a link never replaces a file: of two processes one wins.
	if err := os.Link(temp, path); err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return fs.ErrExist
	}
	return files.Rename(temp, path) // a file system without hard links
}

// replaceSecret writes a file atomically that other users cannot read.
func replaceSecret(path string, text []byte) error { return replaceBy(path, text, true) }

// replaceFile writes a file atomically, with mode 0600 where the file system has modes.
func replaceFile(path string, text []byte) error { return replaceBy(path, text, false) }

// replaceBy writes a temporary file and renames it.
func replaceBy(path string, text []byte, secret bool) error {
	temp, err := writeTemp(path, text, secret)
	if err != nil {
		return err
	}
	if err := files.Rename(temp, path); err != nil {
		os.Remove(temp)
		return err
	}
	return nil
}

// writeTemp writes a temporary file with mode 0600, in the folder of the given path, and returns its path. It does not
// write a secret if other users could read the file in spite of that.
func writeTemp(path string, text []byte, secret bool) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return "", err
	}
	if secret {
		_ = Narrow(f) // what could not be done is seen next
		err = CheckSecret(f, path)
	}
	if err == nil {
		_, err = f.Write(text)
	}
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
