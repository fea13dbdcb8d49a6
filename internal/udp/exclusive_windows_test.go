package udp

import (
	"testing"

	"golang.org/x/sys/windows"

	"pong/internal/exclusive"
)

// TestListen_PortIsExclusive reads the option of a socket back.
func TestListen_PortIsExclusive(t *testing.T) {
	conn, err := listenUDP("127.0.0.1", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	raw, err := conn.SyscallConn()
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
