// Package web lets people play in a browser: it serves the page, and connects the page to the server.
//
// The page is the whole client, compiled to WebAssembly. It opens one connection, with a stream for the control channel
// and datagrams for the game channel. TLS to the server's identity runs on the stream, and the datagrams are sealed, as
// for every other player; the connection itself is trusted with nothing.
//
//	browser --HTTPS, TCP--> Server.ServeTLS          the page, /hash, WebSocket
//	        --HTTP/3, UDP--> Server.serveQUIC         WebTransport
//	                              | stream                     | datagrams
//	                         Server.Control (net.Listener)  Server.Sockets (udp.Socket)
//	                              '--------> package server <---'
//
// Nothing waits for a page that does not read: see session.
package web

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"pong/internal/exclusive"
	"pong/internal/udp"
)

// PlayPath is the path at which a page opens its connection.
const PlayPath = "/play"

// Config is how the page is served.
type Config struct {
	Control  net.Addr // the address of the TCP port
	GamePort int      // that of server.Config

	// Identity returns the fingerprint of the server, which a page without one in its address trusts.
	Identity func() string

	// Public reports whether browsers may trust the certificate, so that the page can be installed. If nil, they may
	// not.
	Public func() bool

	// Denied reports whether clients at an address are not admitted. If nil, all are.
	Denied func(netip.Addr) bool

	// Playing reports whether matches are being played, so that downloads must leave room for them. If nil, they are.
	Playing func() bool

	Log *slog.Logger // If nil, nothing is logged.
}

// A Server serves the page.
type Server struct {
	cfg      Config
	control  *listener
	pages    *listener // connections of HTTPS, after their handshakes
	http     *http.Server
	sessions sessions
	ports    map[uint16]*socket // by the ports that WELCOME names
	leaves   leaves
	pace     *rate.Limiter

	unopened  counter  // connections of HTTP/3 without a session
	quicConns sync.Map // *quic.Conn to *quicConn
	webConns  sync.Map // net.Conn to *webConn
}

// New returns a Server.
func New(cfg Config) *Server {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		cfg: cfg, control: newListener(cfg.Control), pages: newListener(cfg.Control), ports: make(map[uint16]*socket),
		pace: rate.NewLimiter(pacedRate, pacedChunk),
	}
	s.http = &http.Server{
		Handler: s.handler(), ReadHeaderTimeout: 5 * time.Second, WriteTimeout: writeTimeout,
		IdleTimeout: 20 * time.Second, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo),
		ConnState: func(c net.Conn, state http.ConnState) {
			if w, ok := s.webConns.Load(c); ok && state == http.StateClosed {
				w.(*webConn).end()
			}
		},
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			w, _ := s.webConns.Load(c)
			return context.WithValue(ctx, connKey{}, w)
		},
	}
	return s
}

// ListenPackets opens the socket of HTTP/3 on a port. The host is that of server.Listen.
func ListenPackets(host string, port int) (net.PacketConn, error) {
	network := "udp"
	if host == "0.0.0.0" {
		network = "udp4" // with udp, Go would listen on IPv6 as well
	}
	config := net.ListenConfig{Control: exclusive.Control}
	return config.ListenPacket(context.Background(), network, net.JoinHostPort(host, strconv.Itoa(port)))
}

// Control returns the listener of the pages' control channels.
func (s *Server) Control() net.Listener { return s.control }

// Sockets returns the sockets of shards, which also carry the game channels of pages.
func (s *Server) Sockets(sockets []udp.Socket) (both []udp.Socket) {
	for i, plain := range sockets {
		to := &socket{Socket: plain, sessions: &s.sessions}
		port := addressOf(plain.LocalAddr()).Port()
		if s.cfg.GamePort != 0 {
			port = uint16(s.cfg.GamePort + i)
		}
		s.ports[port] = to
		both = append(both, to)
	}
	return both
}

// Run serves the page until ctx is done. The socket is that of HTTP/3; if it is nil, pages use WebSocket.
func (s *Server) Run(ctx context.Context, packets net.PacketConn) {
	var work sync.WaitGroup
	work.Go(func() { _ = s.http.Serve(s.pages) })
	if packets != nil {
		work.Go(func() { _ = s.serveQUIC(ctx, packets) })
	}
	<-ctx.Done()
	s.pages.Close()
	s.control.Close()
	_ = s.http.Close()
	work.Wait()
}

// denied reports whether clients at an address are not admitted.
func (s *Server) denied(a netip.Addr) bool { return s.cfg.Denied != nil && s.cfg.Denied(a) }

type connKey struct{}

// A webConn is a connection of HTTPS.
type webConn struct {
	*tls.Conn
	promote func() // it is a WebSocket now
	once    sync.Once
	ended   chan struct{}
}

func (c *webConn) end() { c.once.Do(func() { close(c.ended) }) }

// ServeTLS serves a connection after its handshake, until it ends or ctx is done. It calls promote if the connection
// becomes that of a page which plays.
func (s *Server) ServeTLS(ctx context.Context, conn *tls.Conn, promote func()) {
	c := &webConn{Conn: conn, promote: promote, ended: make(chan struct{})}
	s.webConns.Store(conn, c)
	defer s.webConns.Delete(conn)
	if !s.pages.add(conn) { // as a *tls.Conn, in which package http finds the protocol
		return
	}
	defer context.AfterFunc(ctx, func() { conn.NetConn().Close() })()
	<-c.ended
}
