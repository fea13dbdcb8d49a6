package server

import (
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// MoreDescriptors is moreDescriptors, for tests of the whole server.
const MoreDescriptors = moreDescriptors

// ErrNoDescriptor returns the system's error when no descriptor is free for another connection.
func ErrNoDescriptor() syscall.Errno {
	if runtime.GOOS == "windows" {
		return 10024 // WSAEMFILE
	}
	return syscall.EMFILE
}

// The hint about an error of Accept is true on the system. Windows has numbers of its own for errors of sockets.
func TestAcceptHint_IsTrueOnTheSystem(t *testing.T) {
	limit := runtime.GOOS != "windows"
	err := &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept", ErrNoDescriptor())}
	if !outOfDescriptors(err) {
		t.Errorf("%v: it is not known that there are no descriptors", err)
	}
	if hint := acceptHint(err); strings.Contains(hint, "ulimit") != limit || !strings.Contains(hint, "until then") {
		t.Errorf("%v: the hint is %q; ulimit in it: want %v", err, hint, limit)
	}
	other := fmt.Errorf("accept: %w", errors.New("connection aborted"))
	if hint := acceptHint(other); outOfDescriptors(other) || !strings.HasPrefix(hint, "nothing") {
		t.Errorf("%v: the hint is %q, want that there is nothing to do", other, hint)
	}
}
