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

// The hint about an error of Accept is true on the system. Windows has numbers of its own for errors of sockets.
func TestAcceptHint_IsTrueOnTheSystem(t *testing.T) {
	full, limit := error(syscall.EMFILE), true
	if runtime.GOOS == "windows" {
		full, limit = syscall.Errno(10024), false // WSAEMFILE
	}
	err := &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept", full)}
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
