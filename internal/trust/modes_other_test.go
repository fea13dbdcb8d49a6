//go:build !unix

package trust

import (
	"io/fs"
	"testing"
)

// wantMode checks nothing: files of Windows have no modes.
func wantMode(testing.TB, string, fs.FileMode) {}
