//go:build !windows

package dial

import (
	"os"

	"github.com/gofrs/flock"
)

// removeLock removes the file of a lock and gives the lock up, in this order: another process may lock the file as soon
// as that is possible, and it must not be removed then.
func removeLock(lock *flock.Flock) {
	_ = os.Remove(lock.Path())
	_ = lock.Close()
}
