package web

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	"github.com/quic-go/webtransport-go"

	"pong/internal/crash"
	"pong/internal/shard"
)

// The limits on HTTP/3.
const (
	openWithin  = 5 * time.Second // a session of WebTransport, and its stream
	quicIdle    = 30 * time.Second
	flushWithin = time.Second // for the last lines to a page
)

// quicConfig limits what a connection can take. WebTransport needs streams of both kinds.
func quicConfig() *quic.Config {
	return &quic.Config{
		HandshakeIdleTimeout: openWithin, MaxIdleTimeout: quicIdle,
		MaxIncomingStreams: 8, MaxIncomingUniStreams: 8,
		InitialStreamReceiveWindow: 16 << 10, MaxStreamReceiveWindow: 32 << 10,
		InitialConnectionReceiveWindow: 32 << 10, MaxConnectionReceiveWindow: 64 << 10,
		EnableDatagrams: true, EnableStreamResetPartialDelivery: true,
	}
}

// A quicConn is a connection of HTTP/3. It is closed if it opens no session in time, and when its session ends.
type quicConn struct {
	*quic.Conn
	pending atomic.Bool
	server  *Server
	from    netip.Prefix
}

type quicKey struct{}

// admit makes a quicConn of a connection. It returns false if there are too many that have no session yet.
func (s *Server) admit(c *quic.Conn) (*quicConn, bool) {
	q := &quicConn{Conn: c, server: s, from: shard.ClientPrefix(addressOf(c.RemoteAddr()).Addr())}
	if s.denied(addressOf(c.RemoteAddr()).Addr()) || !s.unopened.add(q.from) {
		return nil, false
	}
	q.pending.Store(true)
	time.AfterFunc(openWithin, func() {
		if q.settle() {
			_ = c.CloseWithError(0, "")
		}
	})
	context.AfterFunc(c.Context(), func() { q.settle() })
	return q, true
}

// settle ends the wait for a session. It returns false if that has ended before.
func (q *quicConn) settle() bool {
	if !q.pending.Swap(false) {
		return false
	}
	q.server.unopened.remove(q.from)
	return true
}

// newWebTransport returns the server of WebTransport. Safari refuses a session without limits for streams and data.
func (s *Server) newWebTransport() *webtransport.Server {
	mux := http.NewServeMux()
	w := &webtransport.Server{
		H3: &http3.Server{Handler: mux, MaxHeaderBytes: 8 << 10},
		Config: &webtransport.Config{
			MaxIncomingStreams: 4, MaxIncomingUniStreams: 4, MaxIncomingData: 1 << 60,
		},
		ReorderingTimeout: openWithin,
	}
	w.H3.ConnContext = func(ctx context.Context, c *quic.Conn) context.Context {
		q, _ := s.quicConns.Load(c)
		return context.WithValue(ctx, quicKey{}, q)
	}
	mux.HandleFunc("CONNECT "+PlayPath, func(rw http.ResponseWriter, r *http.Request) {
		q, ok := r.Context().Value(quicKey{}).(*quicConn)
		if !ok || !q.settle() { // one session for each connection
			rw.WriteHeader(http.StatusTooManyRequests)
			return
		}
		session, err := w.Upgrade(rw, r)
		if err != nil {
			rw.WriteHeader(http.StatusForbidden)
			return
		}
		s.serveWebTransport(session)
		_ = q.CloseWithError(0, "")
	})
	return w
}

// serveQUIC accepts connections of HTTP/3 until ctx is done. A client must prove its address first if many do not.
func (s *Server) serveQUIC(ctx context.Context, conn net.PacketConn) error {
	t := &quic.Transport{Conn: conn, VerifySourceAddress: func(net.Addr) bool { return s.unopened.many() }}
	defer conn.Close()
	defer t.Close()
	config := http3.ConfigureTLSConfig(&tls.Config{
		MinVersion: tls.VersionTLS13,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			current, _, err := s.leaves.at(time.Now())
			return current, err
		},
	})
	l, err := t.ListenEarly(config, quicConfig())
	if err != nil {
		return err
	}
	w := s.newWebTransport()
	defer w.Close()
	for {
		c, err := l.Accept(ctx)
		if err != nil {
			return err
		}
		q, ok := s.admit(c)
		if !ok {
			_ = c.CloseWithError(0, "")
			continue
		}
		s.quicConns.Store(c, q)
		go crash.Guarded(func() {
			defer s.quicConns.Delete(c)
			_ = w.ServeQUICConn(c)
		})()
	}
}

// serveWebTransport serves a session: the first stream is the control channel, and datagrams are the game channel.
func (s *Server) serveWebTransport(session *webtransport.Session) {
	ctx, cancel := context.WithTimeout(session.Context(), openWithin)
	str, err := session.AcceptStream(ctx)
	cancel()
	if err != nil {
		return
	}
	p := s.sessions.open(addressOf(session.RemoteAddr()), session.SendDatagram)
	defer s.sessions.close(p)
	over, end := context.WithCancel(session.Context())
	defer end()
	c := &stream{duplex: str, local: s.control.Addr(), remote: session.RemoteAddr(), end: func() {
		s.sessions.close(p)
		str.CancelRead(0)
		_ = str.Close()
		time.AfterFunc(flushWithin, end)
	}}
	if !s.control.add(c) {
		return
	}
	for {
		datagram, err := session.ReceiveDatagram(over)
		if err != nil {
			return
		}
		s.receive(p, datagram)
	}
}

// receive takes a datagram of a page: the port of a shard, and what is for it.
func (s *Server) receive(p *session, datagram []byte) {
	if len(datagram) < 2 {
		return
	}
	if to := s.ports[binary.BigEndian.Uint16(datagram)]; to != nil {
		to.put(p, time.Now(), datagram[2:])
	}
}
