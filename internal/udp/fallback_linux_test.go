package udp

import (
	"errors"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The tests of this file need Linux, where sockets send and receive in batches.

// TestFallback_EachRefusal refuses one system call after the other, as a seccomp filter does. The socket then works in
// another way, and Fallback names the call.
func TestFallback_EachRefusal(t *testing.T) {
	refuse := func(call uintptr, why syscall.Errno) kernel {
		k := realKernel
		k.mmsg = func(number uintptr, fd int) syscall.Errno {
			if number == call {
				return why
			}
			return realKernel.mmsg(number, fd)
		}
		return k
	}
	noStamps, noTimer := realKernel, realKernel
	noStamps.timestamps = func(int) error { return syscall.ENOPROTOOPT }
	noTimer.timer = func() (*timer, error) { return nil, syscall.EPERM }
	for _, test := range []struct {
		call   string
		kernel kernel
		why    error // nil if the kernel refuses nothing
	}{
		{"", realKernel, nil},
		{"recvmmsg", refuse(unix.SYS_RECVMMSG, syscall.ENOSYS), syscall.ENOSYS},
		{"sendmmsg", refuse(unix.SYS_SENDMMSG, syscall.EPERM), syscall.EPERM},
		{"SO_TIMESTAMPNS", noStamps, syscall.ENOPROTOOPT},
		{"", noTimer, syscall.EPERM},
	} {
		conn, err := listenUDP("127.0.0.1", 0)
		if err != nil {
			t.Fatal(err)
		}
		s := batchOrPortable(conn, test.kernel)
		why := Fallback(s)
		if !errors.Is(why, test.why) || test.why != nil && !strings.Contains(why.Error(), test.call) {
			t.Errorf("Fallback is %v, want %v of %q", why, test.why, test.call)
		}
		f := newRemote(t, s)
		f.send([]byte("input"))
		if got := f.receivedAfter(20*time.Millisecond, 1); string(got[0].Data) != "input" {
			t.Errorf("without %q the socket has received %q", test.call, got[0].Data)
		}
		s.Send(netip.Addr{}, f.address, []byte("state"))
		s.Flush()
		var b [16]byte
		_ = f.SetReadDeadline(time.Now().Add(testTimeout))
		if n, err := f.Read(b[:]); err != nil || string(b[:n]) != "state" {
			t.Errorf("without %q the remote end has received %q, %v", test.call, b[:n], err)
		}
		s.Close()
	}
}
