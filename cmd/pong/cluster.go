package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pong/internal/cluster"
	"pong/internal/natsbus"
	"pong/internal/server"
	"pong/internal/trust"
)

// clusterFlags are the flags of pong serve that make the server one of several.
type clusterFlags struct {
	name   string
	listen string
	peers  []string
	node   string
	size   int
	secret string // a file
	lease  time.Duration
	nats   natsFlags
}

// natsFlags are those about a NATS server of the operator.
type natsFlags struct{ url, credentials, ca, cert, key string }

func (f *clusterFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.name, "cluster", "",
		"name of a cluster: its servers take over each other's matches, and need the same --certs (docs/cluster.md)")
	fl.StringVar(&f.listen, "cluster-listen", "", "HOST:PORT for the other servers of the cluster")
	fl.StringSliceVar(&f.peers, "cluster-peers", nil, "HOST:PORT of the --cluster-listen of each other server")
	fl.StringVar(&f.secret, "cluster-secret", "",
		"file with a secret that all servers of the cluster share; needed unless --cluster-listen is on loopback")
	fl.StringVar(&f.node, "cluster-node", "",
		"name of this server in the cluster (default the host's name and the control port)")
	fl.IntVar(&f.size, "cluster-size", 0, "number of servers of the cluster (default this one and its peers)")
	fl.DurationVar(&f.lease, "cluster-lease", cluster.DefaultLease,
		"how long a server that reaches no other one goes on playing; the same for all servers")
	fl.StringVar(&f.nats.url, "nats", "", "URL of a NATS server to use instead of --cluster-listen and --cluster-peers")
	fl.StringVar(&f.nats.credentials, "nats-creds", "", "file with the credentials for --nats")
	fl.StringVar(&f.nats.ca, "nats-ca", "", "file with the certificate of the authority of --nats")
	fl.StringVar(&f.nats.cert, "nats-cert", "", "file with the certificate of this server for --nats")
	fl.StringVar(&f.nats.key, "nats-key", "", "file with the key of --nats-cert")
}

// clusterNames are the characters of names of clusters: those of a token of a subject of NATS.
const clusterNames = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// mostNodes is how many servers a cluster can have.
const mostNodes = 16

// check refuses flags that make no cluster.
func (f *clusterFlags) check(cmd *cobra.Command) error {
	if f.name == "" {
		for _, flag := range []string{
			"cluster-listen", "cluster-peers", "cluster-secret", "cluster-node", "cluster-size",
			"nats", "nats-creds", "nats-ca", "nats-cert", "nats-key",
		} {
			if cmd.Flags().Changed(flag) {
				return usage(cmd, "--%s needs --cluster NAME", flag)
			}
		}
		return nil
	}
	if len(f.name) > 64 || strings.Trim(f.name, clusterNames) != "" {
		return usage(cmd, "--cluster %.70q: must be letters, digits, - and _, at most 64", f.name)
	}
	if f.size == 0 {
		f.size = 1 + len(f.peers)
	}
	switch {
	case f.nats.url != "" && (f.listen != "" || len(f.peers) > 0):
		return usage(cmd, "--nats replaces --cluster-listen and --cluster-peers: leave these out")
	case f.nats.url != "" && !cmd.Flags().Changed("cluster-size"):
		return usage(cmd, "--nats needs --cluster-size, the number of servers of the cluster")
	case f.nats.url == "" && f.listen == "":
		return usage(cmd, "--cluster needs --cluster-listen HOST:PORT and --cluster-peers, or --nats URL")
	case f.size < 2 || f.size > mostNodes:
		return usage(cmd, "a cluster of %d: must have from 2 to %d servers (--cluster-peers, --cluster-size)", f.size,
			mostNodes)
	case f.size < 1+len(f.peers):
		return usage(cmd, "--cluster-size %d with %d --cluster-peers: must be at least %d", f.size, len(f.peers),
			1+len(f.peers))
	case f.lease < 100*time.Millisecond || f.lease > 5*time.Second:
		return usage(cmd, "--cluster-lease %v: must be from 100ms to 5s", f.lease)
	case (f.nats.cert == "") != (f.nats.key == ""):
		return usage(cmd, "--nats-cert and --nats-key belong together")
	}
	if f.nats.url != "" {
		return nil
	}
	host, _, err := splitAddress(f.listen)
	if err != nil {
		return usage(cmd, "--cluster-listen %q: %w", f.listen, err)
	}
	for _, peer := range f.peers {
		if _, _, err := splitAddress(peer); err != nil {
			return usage(cmd, "--cluster-peers %q: %w", peer, err)
		}
	}
	if f.secret == "" && !isLoopback(host) {
		return usage(cmd, "--cluster-listen %q can be reached from other machines: --cluster-secret FILE is needed, "+
			"with the same secret for all servers", f.listen)
	}
	return nil
}

var errHostPort = errors.New("must be HOST:PORT")

// splitAddress splits HOST:PORT.
func splitAddress(address string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil || host == "" {
		return "", 0, errHostPort
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return "", 0, errHostPort
	}
	return host, int(n), nil
}

// isLoopback reports whether a host is an address of this machine that others do not reach.
func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// joinCluster makes the server one of a cluster, if it is to be. The caller closes s.bus.
func (s *serving) joinCluster() error {
	f := &s.flags.cluster
	if f.name == "" {
		return nil
	}
	address, err := s.playersAddress()
	if err != nil {
		return err
	}
	if f.node == "" {
		host, err := os.Hostname()
		if err != nil {
			return fmt.Errorf("name this server with --cluster-node: %w", err)
		}
		f.node = fmt.Sprintf("%s-%d", host, portOf(s.control.Addr()))
	}
	if f.nats.url != "" {
		s.bus, err = f.connectNATS()
	} else {
		s.bus, err = f.embedNATS()
	}
	if err != nil {
		return fmt.Errorf("--cluster: %w", err)
	}
	s.cfg.Cluster = &server.Cluster{Node: f.node, Address: address, Size: f.size, Lease: f.lease, Bus: s.bus}
	s.cfg.MatchPrefix = matchPrefix()
	return nil
}

// matchPrefix returns a prefix for the names of matches that no other process of a cluster has.
func matchPrefix() string {
	const six = 36 * 36 * 36 * 36 * 36 * 36
	return "m" + strconv.FormatUint(rand.Uint64N(six), 36) + "-"
}

// embedNATS starts NATS in this process.
func (f *clusterFlags) embedNATS() (*natsbus.Bus, error) {
	host, port, err := splitAddress(f.listen)
	if err != nil {
		return nil, err
	}
	if port == 0 {
		port = -1 // as NATS has it
	}
	cfg := natsbus.Embedded{Cluster: f.name, Host: host, Port: port, Peers: f.peers, Node: f.node}
	if f.secret != "" {
		secret, err := trust.ReadSecret(f.secret)
		if err != nil {
			return nil, fmt.Errorf("--cluster-secret: %w", err)
		}
		cfg.Secret = bytes.TrimSpace(secret)
		if err := natsbus.CheckSecret(cfg.Secret); err != nil {
			return nil, fmt.Errorf("--cluster-secret %s: %w", f.secret, err)
		}
	}
	return natsbus.Embed(cfg)
}

// connectNATS connects to NATS of the operator.
func (f *clusterFlags) connectNATS() (*natsbus.Bus, error) {
	cfg := natsbus.Operated{Cluster: f.name, Node: f.node, URL: f.nats.url, Credentials: f.nats.credentials}
	if f.nats.ca != "" || f.nats.cert != "" {
		cfg.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if f.nats.ca != "" {
		pem, err := os.ReadFile(f.nats.ca)
		if err != nil {
			return nil, fmt.Errorf("--nats-ca: %w", err)
		}
		if cfg.TLS.RootCAs = x509.NewCertPool(); !cfg.TLS.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("--nats-ca: %s has no certificate", f.nats.ca)
		}
	}
	if f.nats.cert != "" {
		pair, err := tls.LoadX509KeyPair(f.nats.cert, f.nats.key)
		if err != nil {
			return nil, fmt.Errorf("--nats-cert: %w", err)
		}
		cfg.TLS.Certificates = []tls.Certificate{pair}
	}
	return natsbus.Connect(cfg)
}

// playersAddress returns the HOST:PORT by which players reach this server, for players of other servers of the cluster.
func (s *serving) playersAddress() (string, error) {
	link, err := trust.ParseAddress(s.joinLink(s.identity.Fingerprint()), trust.DefaultPort)
	if err != nil {
		return "", fmt.Errorf("name the address of this server for players with --advertise: %w", err)
	}
	return link.Address, nil
}
