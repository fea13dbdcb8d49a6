//go:build !unix

package trust

import (
	"fmt"
	"io/fs"
	"os"
)

// hasTrustedOwner returns true: there are no owners here, or a security descriptor says who they are.
func hasTrustedOwner(fs.FileInfo) bool { return true }

// ownedByProcess returns true, see hasTrustedOwner.
func ownedByProcess(fs.FileInfo) bool { return true }

// processUser returns the user of this process, which is not known.
func processUser() string { return "" }

// openAppend opens a file for appending, and creates it. It must not be a link, whose owner is not known here.
func openAppend(path string) (*os.File, error) {
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return nil, fmt.Errorf("%s is a link: name the file itself", path)
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
}

// checkLink returns nil: to make a link needs a privilege here, and the file to which it leads is checked.
func checkLink(string) error { return nil }

// otherNames returns false: a hard link has the access control list of its file.
func otherNames(fs.FileInfo) bool { return false }
