package udp

import (
	"fmt"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// An timer wakes a loop at a time, or when it rings: a timerfd that the runtime's poller watches. A timer of the runtime's
// own is right to a millisecond, which is a whole slot, and wakes a second thread each time; a system call that sleeps has
// the runtime watch over it. This does neither.
type timer struct {
	fd    uintptr
	file  *os.File // of fd, for the poller
	conn  syscall.RawConn
	woken atomic.Bool

	count   [8]byte
	expired func(fd uintptr) bool // kept, so that no Wait allocates
	errno   syscall.Errno

	mu     sync.Mutex // guards closed, so that Ring does not touch a descriptor that has been closed
	closed bool
}

func newTimer() (*timer, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("timerfd: %w", err)
	}
	a := &timer{fd: uintptr(fd), file: os.NewFile(uintptr(fd), "timerfd")}
	if a.conn, err = a.file.SyscallConn(); err != nil {
		a.file.Close()
		return nil, err
	}
	a.expired = a.read
	return a, nil
}

// read takes what the timer has counted; false means that it has not expired yet. Neither this nor set can block, and the
// scheduler need not know of them.
func (a *timer) read(fd uintptr) (done bool) {
	_, _, a.errno = unix.RawSyscall(unix.SYS_READ, fd, uintptr(unsafe.Pointer(&a.count[0])), uintptr(len(a.count)))
	return a.errno != unix.EAGAIN && a.errno != unix.EINTR
}

// set makes the timer expire once, after a time above 0.
func (a *timer) set(after time.Duration) error {
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(after.Nanoseconds())}
	if _, _, errno := unix.RawSyscall6(unix.SYS_TIMERFD_SETTIME, a.fd, 0, uintptr(unsafe.Pointer(&spec)), 0, 0, 0); errno != 0 {
		return fmt.Errorf("timerfd: %w", errno)
	}
	return nil
}

// Wait sleeps until a time, or until Ring has been called since the last Wait. It may be woken once more for a Ring that an
// earlier one has heeded.
func (a *timer) Wait(until time.Time) error {
	left := time.Until(until)
	if left <= 0 {
		a.woken.Store(false)
		return nil
	}
	if err := a.set(left); err != nil {
		return err
	}
	if a.woken.Swap(false) { // after the timer is set: a later Ring sets it to now, and is not slept over
		return nil
	}
	if err := a.conn.Read(a.expired); err != nil {
		return err
	}
	a.woken.Store(false)
	if a.errno != 0 {
		return fmt.Errorf("timerfd: %w", a.errno)
	}
	return nil
}

// Wake ends the Wait that is under way, or the next one. It may be called from anywhere.
func (a *timer) Wake() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || a.woken.Swap(true) { // or it will be heeded already
		return
	}
	_ = a.set(time.Nanosecond) // fails only where Wait has
}

// Close ends the alarm; no Wait may be under way.
func (a *timer) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return net.ErrClosed
	}
	a.closed = true
	return a.file.Close()
}
