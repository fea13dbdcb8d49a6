package main

import (
	"net"
	"os"
	"strconv"

	"pong/internal/trust"
)

// hosts returns the hosts under which players reach the server, the best one first.
func (f *serveFlags) hosts() []string {
	if f.acme.host == "" {
		return reachable(f.listen)
	}
	return append([]string{f.acme.host}, reachable(f.listen)...)
}

// joinLink returns the join link that the operator sends to players. A link to a public name needs no fingerprint.
func (s *serving) joinLink(key trust.Fingerprint) string {
	address := net.JoinHostPort(s.flags.hosts()[0], strconv.Itoa(portOf(s.control.Addr())))
	return trust.JoinLink{Address: address, Key: key, HasKey: s.flags.acme.host == ""}.String()
}

// portOf returns the port of a TCP or UDP address.
func portOf(a net.Addr) int {
	switch a := a.(type) {
	case *net.TCPAddr:
		return a.Port
	case *net.UDPAddr:
		return a.Port
	}
	return 0
}

// reachable returns the hosts under which players reach a server that listens on a host, the best one first.
func reachable(listen string) []string {
	if ip := net.ParseIP(listen); listen != "" && (ip == nil || !ip.IsUnspecified()) {
		return []string{listen}
	}
	var hosts []string
	addrs, _ := net.InterfaceAddrs()
	for _, a := range addrs {
		n, ok := a.(*net.IPNet)
		if ok && listen == "0.0.0.0" && n.IP.To4() == nil {
			continue // this host listens on IPv4 alone
		}
		if ok && !n.IP.IsLoopback() && !n.IP.IsLinkLocalUnicast() {
			hosts = append(hosts, n.IP.String())
		}
	}
	return append(hosts, "127.0.0.1")
}

// certificateNames returns the names for the server's certificate.
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
