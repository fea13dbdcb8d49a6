//go:build !js

package webdial

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"net"
	"net/http"
	"time"

	"github.com/coder/websocket"
	"github.com/quic-go/quic-go"
	"github.com/quic-go/webtransport-go"

	"pong/internal/web"
)

// A Transport opens connections over WebTransport, or over WebSocket.
type Transport struct {
	WebSocket bool

	// Packets is the socket of WebTransport. If nil, each connection has its own.
	Packets net.PacketConn

	// Origin is the origin of the page. If empty, the server's.
	Origin string
}

// Resolve returns the address itself.
func (t Transport) Resolve(_ context.Context, address string) ([]string, error) {
	return []string{address}, nil
}

// insecure accepts the certificate of every server: TLS on the stream proves which one it is.
var insecure = &tls.Config{InsecureSkipVerify: true}

// DialStream opens a connection.
func (t Transport) DialStream(ctx context.Context, address string) (net.Conn, error) {
	origin := t.Origin
	if origin == "" {
		origin = "https://" + address
	}
	header := http.Header{"Origin": {origin}}
	if t.WebSocket {
		ws, _, err := websocket.Dial(ctx, "wss://"+address+web.PlayPath, &websocket.DialOptions{
			HTTPHeader: header, HTTPClient: &http.Client{Transport: &http.Transport{TLSClientConfig: insecure.Clone()}},
		})
		if err != nil {
			return nil, err
		}
		return newMessages(ws), nil
	}
	d := webtransport.Transport{
		TLSClientConfig: insecure.Clone(),
		QUICConfig: &quic.Config{
			EnableDatagrams: true, EnableStreamResetPartialDelivery: true, MaxIdleTimeout: 30 * time.Second,
		},
	}
	if t.Packets != nil {
		quicTransport := &quic.Transport{Conn: t.Packets}
		d.DialAddr = func(ctx context.Context, to string, c *tls.Config, q *quic.Config) (*quic.Conn, error) {
			udp, err := net.ResolveUDPAddr("udp", to)
			if err != nil {
				return nil, err
			}
			return quicTransport.DialEarly(ctx, udp, c, q)
		}
	}
	_, opened, err := d.Dial(ctx, "https://"+address+web.PlayPath, header)
	if err != nil {
		return nil, err
	}
	stream, err := opened.OpenStreamSync(ctx)
	if err != nil {
		return nil, err
	}
	return &session{Stream: stream, session: opened}, nil
}

// A gameChannel is a connection that also carries datagrams.
type gameChannel interface {
	receive() ([]byte, error)
	send(datagram []byte) error
}

// DialDatagrams returns the game channel of a connection.
func (t Transport) DialDatagrams(_ context.Context, stream net.Conn, port int) (net.Conn, error) {
	return &datagrams{Conn: stream, channel: stream.(gameChannel), port: uint16(port), closed: make(chan struct{})}, nil
}

// A session is a connection of WebTransport.
type session struct {
	*webtransport.Stream
	session *webtransport.Session
}

func (s *session) LocalAddr() net.Addr  { return s.session.LocalAddr() }
func (s *session) RemoteAddr() net.Addr { return s.session.RemoteAddr() }

// Close ends the session. The bytes that were written before still arrive.
func (s *session) Close() error {
	s.CancelRead(0)
	_ = s.Stream.Close()
	time.AfterFunc(time.Second, func() { _ = s.session.CloseWithError(0, "") })
	return nil
}

func (s *session) receive() ([]byte, error)   { return s.session.ReceiveDatagram(s.session.Context()) }
func (s *session) send(datagram []byte) error { return s.session.SendDatagram(datagram) }

// A messages is a connection of WebSocket.
type messages struct {
	net.Conn
	ws      *websocket.Conn
	arrived chan []byte
	end     context.CancelFunc
	over    context.Context
}

func newMessages(ws *websocket.Conn) *messages {
	near, far := net.Pipe()
	m := &messages{Conn: near, ws: ws, arrived: make(chan []byte, 64)}
	m.over, m.end = context.WithCancel(context.Background())
	go func() {
		defer near.Close()
		for {
			_, message, err := ws.Read(m.over)
			if err != nil || len(message) == 0 {
				return
			}
			if message[0] == 0 {
				if _, err := far.Write(message[1:]); err != nil {
					return
				}
				continue
			}
			select {
			case m.arrived <- message[1:]:
			default:
			}
		}
	}()
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := far.Read(buffer[1:])
			if err != nil || m.put(0, buffer[1:1+n]) != nil {
				return
			}
		}
	}()
	return m
}

func (m *messages) put(kind byte, body []byte) error {
	return m.ws.Write(m.over, websocket.MessageBinary, append([]byte{kind}, body...))
}

// Close closes the connection. The bytes that were written before still arrive.
func (m *messages) Close() error {
	time.AfterFunc(time.Second, func() {
		m.end()
		_ = m.ws.CloseNow()
	})
	return m.Conn.Close()
}

func (m *messages) receive() ([]byte, error) {
	select {
	case datagram := <-m.arrived:
		return datagram, nil
	case <-m.over.Done():
		return nil, net.ErrClosed
	}
}

func (m *messages) send(datagram []byte) error { return m.put(1, datagram) }

// A datagrams is the game channel of a connection, to one shard.
type datagrams struct {
	net.Conn
	channel gameChannel
	port    uint16
	closed  chan struct{}
}

// Read waits for a datagram.
func (d *datagrams) Read(b []byte) (int, error) {
	datagram, err := d.channel.receive()
	if err != nil {
		return 0, net.ErrClosed
	}
	return copy(b, datagram), nil
}

// Write sends a datagram.
func (d *datagrams) Write(b []byte) (int, error) {
	return len(b), d.channel.send(append(binary.BigEndian.AppendUint16(nil, d.port), b...))
}
