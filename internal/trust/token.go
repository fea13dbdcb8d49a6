package trust

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// TokenFile is the name of the token of a server's operator, in the folder of the server's identity.
const TokenFile = "admin.token"

// The length of a token that is accepted: an operator may have written it.
const (
	leastToken = 32
	mostToken  = 128
)

// OpenToken returns the token with which programs act for the operator of a server, and makes its file if there is
// none; an ErrNoToken if it cannot be made. The file must be for the user of this process alone, belong to that user or
// to root, and be no link.
func OpenToken(path string) (string, error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		if err := createSecret(path, []byte(hex.EncodeToString(randomToken())+"\n")); err != nil {
			return "", fmt.Errorf("%w: %w: choose another file with --admin-token", ErrNoToken, err)
		}
	}
	info, err := os.Lstat(path)
	if err != nil {
		return "", err
	}
	if !hasTrustedOwner(info) {
		return "", fmt.Errorf("%s belongs to another user, who can read and change it: remove it, or choose another "+
			"file with --admin-token", path)
	}
	return ReadToken(path)
}

// ErrNoToken is the error of a token that cannot be made, as in a read-only folder.
var ErrNoToken = errors.New("no token can be made")

func randomToken() []byte {
	token := make([]byte, 32)
	_, _ = rand.Read(token) // never fails
	return token
}

// ReadToken returns the token of a file. The file must be no link, and for its owner alone.
func ReadToken(path string) (string, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is a link, or no file: name the file itself", path)
	}
	text, err := readSecretFile(path, info)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(text))
	if len(token) < leastToken || len(token) > mostToken || strings.ContainsFunc(token, isNoTokenCharacter) {
		return "", fmt.Errorf("%s has no token of %d to %d letters and digits: remove it, and start the server again "+
			"to make a new one", path, leastToken, mostToken)
	}
	return token, nil
}

func isNoTokenCharacter(r rune) bool {
	return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '_'
}
