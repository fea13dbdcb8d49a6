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

// A timer wakes a goroutine at a time, or when Wake is called. It is a timerfd that the runtime's poller watches. A
// timer of the Go runtime is exact to a millisecond, which is a whole slot, and each time it wakes a second thread; for
// a system call that sleeps, the runtime wakes its monitor thread. A timerfd has neither cost.
type timer struct {
	fd    uintptr
	file  *os.File // of fd, for the poller
	conn  syscall.RawConn
	woken atomic.Bool

	count   [8]byte
	expired func(fd uintptr) bool // the method value of read, kept so that Wait does not allocate
	errno   syscall.Errno

	mu     sync.Mutex // guards closed, so that Wake does not use a closed descriptor
	closed bool
}

func newTimer() (*timer, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("timerfd: %w", err)
	}
	t := &timer{fd: uintptr(fd), file: os.NewFile(uintptr(fd), "timerfd")}
	if t.conn, err = t.file.SyscallConn(); err != nil {
		t.file.Close()
		return nil, err
	}
	if err := t.set(time.Hour); err != nil { // tried now, because Wait cannot do without it
		t.file.Close()
		return nil, err
	}
	t.expired = t.read
	return t, nil
}

// read reads the timer's count of expirations. It returns false if the timer has not expired yet. Neither read nor set
// can block, so the scheduler need not know of their system calls.
func (t *timer) read(fd uintptr) (done bool) {
	_, _, t.errno = unix.RawSyscall(unix.SYS_READ, fd, uintptr(unsafe.Pointer(&t.count[0])), uintptr(len(t.count)))
	return t.errno != unix.EAGAIN && t.errno != unix.EINTR
}

// set makes the timer expire once, after a positive duration.
func (t *timer) set(after time.Duration) error {
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(after.Nanoseconds())}
	if _, _, errno := unix.RawSyscall6(unix.SYS_TIMERFD_SETTIME, t.fd, 0, uintptr(unsafe.Pointer(&spec)), 0, 0,
		0); errno != 0 {
		return fmt.Errorf("timerfd: %w", errno)
	}
	return nil
}

// Wait waits until a time, or until Wake has been called since the last Wait. It may return once more for a Wake that
// has already ended an earlier Wait.
func (t *timer) Wait(until time.Time) error {
	left := time.Until(until)
	if left <= 0 {
		t.woken.Store(false)
		return nil
	}
	if err := t.set(left); err != nil {
		return err
	}
	if t.woken.Swap(false) { // checked after the timer is set: a later Wake sets it to now
		return nil
	}
	if err := t.conn.Read(t.expired); err != nil {
		return err
	}
	t.woken.Store(false)
	if t.errno != 0 {
		return fmt.Errorf("timerfd: %w", t.errno)
	}
	return nil
}

// Wake ends the Wait that is running, or else the next one. Any goroutine may call it.
func (t *timer) Wake() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || t.woken.Swap(true) { // the second case: a Wait will see it
		return
	}
	_ = t.set(time.Nanosecond) // fails only if Wait failed, too
}

// Close closes the timer. No Wait may be running.
func (t *timer) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return net.ErrClosed
	}
	t.closed = true
	return t.file.Close()
}
