package admin

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// A guard refuses requests that a web page can make a person's browser send: those for a name that is not the server's
// (a page can have its name resolved to this machine), and those from a page of another origin.
type guard struct {
	hosts  []string // names of the server, besides IP addresses and localhost
	origin *http.CrossOriginProtection
	next   http.Handler
}

func newGuard(hosts []string, next http.Handler) *guard {
	return &guard{hosts, http.NewCrossOriginProtection(), next}
}

// ServeHTTP implements http.Handler.
func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !g.knows(r.Host) {
		refuse(w, http.StatusForbidden, "The name %.100q is not one of this server: use an IP address or localhost, "+
			"or start the server with --admin-host and this name.", r.Host)
		return
	}
	asPost := *r // the protection of Go lets a GET pass from anywhere
	asPost.Method = http.MethodPost
	if g.origin.Check(&asPost) != nil {
		refuse(w, http.StatusForbidden, "Requests from pages of another origin are refused.")
		return
	}
	g.next.ServeHTTP(w, r)
}

// knows reports whether a request may name a host, with or without a port. Programs that name none are no browsers.
func (g *guard) knows(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if _, err := netip.ParseAddr(host); err == nil || host == "" || strings.EqualFold(host, "localhost") {
		return true
	}
	return slices.ContainsFunc(g.hosts, func(name string) bool { return strings.EqualFold(name, host) })
}

// forThisMachine refuses requests from other machines: what next serves must not pass a network, or costs the server
// much time.
func forThisMachine(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil || !from.Addr().Unmap().IsLoopback() {
			refuse(w, http.StatusForbidden, "This is for the machine of the server alone: log in there, or use ssh -L.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refuse writes a status and a sentence.
func refuse(w http.ResponseWriter, status int, format string, args ...any) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	fmt.Fprintf(w, format+"\n", args...)
}
