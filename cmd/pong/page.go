package main

import (
	"context"
	"log/slog"
	"net"
	"os"

	"pong/internal/crash"
	"pong/internal/trust"
	"pong/internal/web"
)

// A webPage is the page that a server serves to browsers.
type webPage struct {
	*web.Server
	packets net.PacketConn // of HTTP/3; nil if the port cannot be opened
}

// webProtocols returns the protocols of browsers on the control port.
func (f *serveFlags) webProtocols() []string {
	if f.noWeb {
		return nil
	}
	return []string{"h2", "http/1.1"}
}

// openPage has the server serve the page to browsers, unless that is switched off.
func (s *serving) openPage() {
	if s.flags.noWeb {
		return
	}
	s.page = &webPage{Server: web.New(web.Config{
		Control: s.control.Addr(), GamePort: s.flags.advertise.game,
		Denied: s.cfg.Deny.Contains, Playing: s.cfg.Monitor.Occupied,
		Identity: func() string { return s.identity.Fingerprint().String() },
	})}
	s.sockets = s.page.Sockets(s.sockets)
	s.cfg.Web, s.cfg.More = s.page.ServeTLS, []net.Listener{s.page.Control()}
	// quic-go would print to the standard error output that its buffers are smaller than it wishes for.
	_ = os.Setenv("QUIC_GO_DISABLE_RECEIVE_BUFFER_WARNING", "true")
	var err error
	if s.page.packets, err = web.ListenPackets(s.flags.listen, portOf(s.control.Addr())); err != nil {
		s.page.packets = nil
		s.cfg.Log.Warn("browsers play over TCP, which is slower: the UDP port for them cannot be opened",
			slog.Int("port", portOf(s.control.Addr())), slog.String("err", err.Error()))
	}
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
