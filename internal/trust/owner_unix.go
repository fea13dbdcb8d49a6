//go:build unix

package trust

import (
	"io/fs"
	"os"
	"syscall"
)

// ownedByProcess reports whether a file belongs to the user of this process, who can change its mode.
func ownedByProcess(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return !ok || int(stat.Uid) == os.Geteuid()
}
