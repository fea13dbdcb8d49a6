package main

import (
	"net"

	"github.com/xtaci/kcp-go/v5"
)

// kcpPeer is KCP with AES, without forward error correction, and with settings for games: no delay, immediate
// acknowledgements.
var kcpPeer = peer{"kcp-go", serveKCP, dialKCP}

func block() (kcp.BlockCrypt, error) { return kcp.NewAESBlockCrypt([]byte("0123456789abcdef")) }

func setLowLatency(s *kcp.UDPSession) {
	s.SetNoDelay(1, 10, 2, 1)
	s.SetACKNoDelay(true)
	s.SetWriteDelay(false)
	s.SetWindowSize(128, 128)
}

func serveKCP() (string, error) {
	b, err := block()
	if err != nil {
		return "", err
	}
	l, err := kcp.ListenWithOptions("127.0.0.1:0", b, 0, 0)
	if err != nil {
		return "", err
	}
	go func() {
		for {
			s, err := l.AcceptKCP()
			if err != nil {
				return
			}
			setLowLatency(s)
			go echo(s)
		}
	}()
	return l.Addr().String(), nil
}

func dialKCP(address string, _ int) (line, error) {
	b, err := block()
	if err != nil {
		return nil, err
	}
	s, err := kcp.DialWithOptions(address, b, 0, 0)
	if err != nil {
		return nil, err
	}
	setLowLatency(s)
	return netLine{net.Conn(s)}, nil
}
