package main

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"

	"github.com/coder/websocket"
)

// webSocketPeer is WebSocket over TLS over TCP.
var webSocketPeer = peer{"websocket", serveWebSocket, dialWebSocket}

func serveWebSocket() (string, error) {
	cert, err := certificate()
	if err != nil {
		return "", err
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}})
	if err != nil {
		return "", err
	}
	go func() {
		_ = http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			conn, err := websocket.Accept(w, r, nil)
			if err != nil {
				return
			}
			echo(websocket.NetConn(context.Background(), conn, websocket.MessageBinary))
		}))
	}()
	return l.Addr().String(), nil
}

func dialWebSocket(address string, _ int) (line, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		DialContext:     new(net.Dialer).DialContext,
	}}
	conn, _, err := websocket.Dial(ctx, "wss://"+address, &websocket.DialOptions{HTTPClient: client})
	if err != nil {
		return nil, err
	}
	return netLine{websocket.NetConn(context.Background(), conn, websocket.MessageBinary)}, nil
}
