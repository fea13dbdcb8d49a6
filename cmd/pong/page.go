package main

import (
	"context"
	"crypto/x509"
	"log/slog"
	"net"
	"os"
	"time"

	"pong/internal/crash"
	"pong/internal/server"
	"pong/internal/trust"
	"pong/internal/udp"
	"pong/internal/web"
)

// A webPage is the page that a server serves to browsers.
type webPage struct {
	*web.Server
	packets net.PacketConn // of HTTP/3; nil if the port cannot be opened
}

// webProtocols are the protocols of browsers on the control port.
var webProtocols = []string{"h2", "http/1.1"}

// webProtocols returns the protocols of browsers, if there is a page for them.
func (f *serveFlags) webProtocols() []string {
	if f.noWeb {
		return nil
	}
	return webProtocols
}

// openPage has the server serve the page to browsers, unless that is switched off.
func (s *serving) openPage() {
	if s.flags.noWeb {
		return
	}
	var err error
	s.cfg.GamePort = s.flags.advertise.game
	if s.page, s.sockets, err = newWebPage(&s.cfg, s.flags.listen, s.control, s.sockets, s.identity,
		s.flags.acme.host != ""); err != nil {
		s.cfg.Log.Warn("browsers play over TCP, which is slower: the UDP port for them cannot be opened",
			slog.Int("port", portOf(s.control.Addr())), slog.String("err", err.Error()))
	}
}

// newWebPage changes the configuration of a server so that it serves the page, and returns the sockets to serve it on.
// Public says that a public authority vouches for the certificate.
// The error says why there is no HTTP/3; the page is served without.
func newWebPage(
	cfg *server.Config, listen string, control net.Listener, sockets []udp.Socket, identity *trust.Server,
	public bool,
) (p *webPage, both []udp.Socket, err error) {
	if cfg.Monitor == nil {
		cfg.Monitor = new(server.Monitor)
	}
	p = &webPage{Server: web.New(web.Config{
		Control: control.Addr(), GamePort: cfg.GamePort,
		Denied: cfg.Deny.Contains, Playing: cfg.Monitor.Occupied,
		Identity: func() string { return identity.Fingerprint().String() },
		Public:   func() bool { return public || ofOperator(identity) },
	})}
	cfg.Web, cfg.More = p.ServeTLS, []net.Listener{p.Control()}
	// quic-go would print to the standard error output that its buffers are smaller than it wishes for.
	_ = os.Setenv("QUIC_GO_DISABLE_RECEIVE_BUFFER_WARNING", "true")
	packets, err := web.ListenPackets(listen, portOf(control.Addr()))
	if err == nil {
		p.packets = packets
	}
	return p, p.Sockets(sockets), err
}

// ofOperator reports whether a server has a certificate of its operator, which browsers may trust.
func ofOperator(identity *trust.Server) bool {
	now := time.Now()
	leaf, err := identity.Leaf(now)
	if err != nil {
		return false
	}
	var chain []*x509.Certificate
	for _, der := range leaf.Certificate {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return false
		}
		chain = append(chain, c)
	}
	_, own := trust.Identity(now, chain)
	return !own
}

// start serves the page until stop is called.
func (p *webPage) start() (stop func()) {
	if p == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go crash.Guarded(func() {
		defer close(ended)
		p.Run(ctx, p.packets)
	})()
	return func() { cancel(); <-ended }
}

// pageLink returns the address of the page for a join link: a browser that opens it joins.
func pageLink(link string) string {
	l, err := trust.ParseJoinLink(link)
	if err != nil {
		return ""
	}
	return l.Page()
}
