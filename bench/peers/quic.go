package main

import (
	"context"
	"crypto/tls"
	"time"

	"github.com/quic-go/quic-go"
)

// quicPeer is QUIC with datagrams (RFC 9221).
var quicPeer = peer{"quic-go", serveQUIC, dialQUIC}

var quicConfig = &quic.Config{EnableDatagrams: true, MaxIdleTimeout: time.Minute}

func serveQUIC() (string, error) {
	cert, err := certificate()
	if err != nil {
		return "", err
	}
	l, err := quic.ListenAddr("127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert},
		NextProtos: []string{"echo"}}, quicConfig)
	if err != nil {
		return "", err
	}
	go func() {
		for {
			conn, err := l.Accept(context.Background())
			if err != nil {
				return
			}
			go func() {
				for {
					b, err := conn.ReceiveDatagram(context.Background())
					if err != nil || conn.SendDatagram(b) != nil {
						return
					}
				}
			}()
		}
	}()
	return l.Addr().String(), nil
}

type quicLine struct{ *quic.Conn }

func dialQUIC(address string, _ int) (line, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	conn, err := quic.DialAddr(ctx, address, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"echo"}},
		quicConfig)
	if err != nil {
		return nil, err
	}
	return quicLine{conn}, nil
}

func (l quicLine) Send(message []byte) error { return l.SendDatagram(message) }

func (l quicLine) Receive(buffer []byte) (int, error) {
	b, err := l.ReceiveDatagram(context.Background())
	return copy(buffer, b), err
}

func (l quicLine) Close() error { return l.CloseWithError(0, "") }
