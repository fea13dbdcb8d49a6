package server

import (
	"context"
	"crypto/tls"
	"net"
	"testing"

	"golang.org/x/sys/unix"
)

// The test of this file needs Linux, which has TCP_USER_TIMEOUT.

// TestAccept_SetsAUserTimeout runs a server on real sockets and reads the option of a connection during its handshake.
func TestAccept_SetsAUserTimeout(t *testing.T) {
	listener, sockets, err := Listen("127.0.0.1", 0, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	got, ended := make(chan int, 1), make(chan error, 1)
	cfg := Config{TLS: &tls.Config{GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		got <- userTimeout(t, hello.Conn)
		return nil, net.ErrClosed
	}}}
	go func() { ended <- Serve(ctx, cfg, listener, sockets) }()
	if conn, err := tls.Dial("tcp", listener.Addr().String(), &tls.Config{ServerName: "pong"}); err == nil {
		conn.Close()
		t.Error("the handshake has succeeded, want the server to refuse it")
	}
	if ms, want := <-got, int(ackWithin.Milliseconds()); ms != want {
		t.Errorf("TCP_USER_TIMEOUT of a connection is %d ms, want %d", ms, want)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Serve ended with %v, want nil", err)
	}
}

// userTimeout returns the option of a connection of the server, in milliseconds.
func userTimeout(t *testing.T, conn net.Conn) (ms int) {
	raw, err := conn.(*limitedConn).Conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Error(err)
		return -1
	}
	var failed error
	if err := raw.Control(func(fd uintptr) {
		ms, failed = unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT)
	}); err != nil || failed != nil {
		t.Errorf("TCP_USER_TIMEOUT cannot be read: %v, %v", err, failed)
	}
	return ms
}
