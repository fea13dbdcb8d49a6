//go:build unix

package trust

import (
	"io/fs"
	"os"
	"syscall"
)

// hasTrustedOwner reports whether a file belongs to the user of this process or to root.
func hasTrustedOwner(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return !ok || stat.Uid == 0 || int(stat.Uid) == os.Geteuid()
}

// ownedByProcess reports whether a file belongs to the user of this process, who can change its mode.
func ownedByProcess(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return !ok || int(stat.Uid) == os.Geteuid()
}
