package web

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"pong/internal/crash"
	"pong/internal/udp"
)

// The kinds of messages of a WebSocket, in their first byte.
const (
	kindStream   = 0 // bytes of the control channel
	kindDatagram = 1 // a datagram of the game channel
)

// The limits on a WebSocket.
const (
	maxMessage = 16 << 10
	sendBuffer = 8 << 10 // of the system: what waits there is older than what is in the mailbox
)

// serveWebSocket serves a page whose browser or network has no WebTransport.
func (s *Server) serveWebSocket(rw http.ResponseWriter, r *http.Request) {
	raw, _ := r.Context().Value(connKey{}).(*webConn)
	ws, err := websocket.Accept(rw, r, nil) // which refuses pages of other hosts
	if err != nil {
		return
	}
	defer ws.CloseNow()
	if raw == nil {
		return
	}
	defer raw.end()
	raw.promote()
	if tcp, ok := raw.NetConn().(interface{ SetWriteBuffer(int) error }); ok {
		_ = tcp.SetWriteBuffer(sendBuffer)
	}
	ws.SetReadLimit(maxMessage)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p := s.sessions.open(addressOf(raw.RemoteAddr()), func(datagram []byte) error {
		return ws.Write(ctx, websocket.MessageBinary, append([]byte{kindDatagram}, datagram...))
	})
	defer s.sessions.close(p)
	near, far := net.Pipe()
	defer far.Close()
	go crash.Guarded(func() { writeStream(ctx, ws, far, cancel) })()
	c := &stream{duplex: halfPipe{near}, local: s.control.Addr(), remote: raw.RemoteAddr(), end: func() {
		s.sessions.close(p)
		near.Close()
		time.AfterFunc(flushWithin, cancel)
	}}
	if !s.control.add(c) {
		return
	}
	for {
		_, message, err := ws.Read(ctx)
		if err != nil || len(message) == 0 {
			return
		}
		switch body := message[1:]; message[0] {
		case kindStream:
			if _, err := far.Write(body); err != nil {
				return
			}
		case kindDatagram:
			s.receive(p, body[:min(len(body), udp.MaxDatagram+2)])
		}
	}
}

// writeStream writes what the server sends over the control channel, until that is closed.
func writeStream(ctx context.Context, ws *websocket.Conn, from net.Conn, end func()) {
	defer end()
	buffer := make([]byte, 4096)
	buffer[0] = kindStream
	for {
		n, err := from.Read(buffer[1:])
		if err != nil {
			return
		}
		if ws.Write(ctx, websocket.MessageBinary, buffer[:1+n]) != nil {
			return
		}
	}
}

// A halfPipe is an end of a pipe of which no direction can be closed alone: CloseWrite has no effect.
type halfPipe struct{ net.Conn }

// Close does nothing. The stream closes the pipe.
func (halfPipe) Close() error { return nil }
