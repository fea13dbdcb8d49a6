package main

import (
	"net"
	"os"
	"strconv"

	"pong/internal/trust"
)

// hosts are where others find the server, the best first. A public name needs no fingerprint in the link.
func (f *serveFlags) hosts() []string {
	if f.acme.host == "" {
		return reachable(f.listen)
	}
	return append([]string{f.acme.host}, reachable(f.listen)...)
}

// joinLink is what the operator sends to players.
func (f *serveFlags) joinLink(control net.Addr, key trust.Fingerprint) string {
	link := trust.JoinLink{Address: net.JoinHostPort(f.hosts()[0], strconv.Itoa(portOf(control))), Key: key, HasKey: f.acme.host == ""}
	return link.String()
}

func portOf(a net.Addr) int {
	switch a := a.(type) {
	case *net.TCPAddr:
		return a.Port
	case *net.UDPAddr:
		return a.Port
	}
	return 0
}

// reachable returns the hosts under which others find a server that listens on a host, best first.
func reachable(listen string) []string {
	if ip := net.ParseIP(listen); listen != "" && (ip == nil || !ip.IsUnspecified()) {
		return []string{listen}
	}
	var hosts []string
	addrs, _ := net.InterfaceAddrs()
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && !n.IP.IsLinkLocalUnicast() {
			hosts = append(hosts, n.IP.String())
		}
	}
	return append(hosts, "127.0.0.1")
}

// ownNames are what the server's certificate is made out to.
func certificateNames(listen string) []string {
	names := reachable("")
	if listen != "" {
		names = append(names, listen)
	}
	if h, err := os.Hostname(); err == nil {
		names = append(names, h)
	}
	return names
}
