package tcp

import (
	"net"
	"testing"

	"golang.org/x/sys/windows"

	"pong/internal/exclusive"
)

// TestListen_PortIsExclusive reads the option of a listener back.
func TestListen_PortIsExclusive(t *testing.T) {
	l, err := Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	raw, err := l.(listener).Listener.(*net.TCPListener).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	_ = raw.Control(func(fd uintptr) {
		on, err := windows.GetsockoptInt(windows.Handle(fd), windows.SOL_SOCKET, exclusive.Option)
		if on == 0 || err != nil {
			t.Errorf("SO_EXCLUSIVEADDRUSE is %d, error %v; want it on", on, err)
		}
	})
}
