package dial

import (
	"os"

	"github.com/gofrs/flock"
)

// removeLock removes the file of a lock and gives the lock up. Windows removes no file that is open, neither by this
// process nor by one that has locked it meanwhile.
func removeLock(lock *flock.Flock) {
	_ = lock.Close()
	_ = os.Remove(lock.Path())
}
