// Package natsbus carries the messages between the nodes of a cluster over NATS: a server that runs in this process and
// has routes to those of the other nodes, or one of the operator. It uses core messaging alone: a message is sent once,
// and lost if nobody takes it. Package cluster expects no more.
//
// A message to all nodes has the subject pong.CLUSTER.all, and one to an instance pong.CLUSTER.to.INSTANCE.
package natsbus

import (
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// readyWithin is how long a NATS server in this process may take to start.
const readyWithin = 10 * time.Second

// mostWaiting bounds how many messages wait in this process to be taken.
const mostWaiting = 1 << 16

// A Bus is a connection to NATS. It implements server.Bus.
type Bus struct {
	prefix   string // of subjects
	embedded *server.Server
	conn     *nats.Conn

	mu      sync.Mutex // guards what follows
	take    func([]byte)
	subject map[string]*nats.Subscription // by instance
	newest  []string                      // instances, the newest last
}

// Embedded is how a NATS server in this process runs.
type Embedded struct {
	Cluster string
	Host    string // to listen on for the routes of other nodes
	Port    int    // If -1, a free one.
	Peers   []string
	Secret  []byte // that all nodes share. If empty, routes have no TLS, and anyone can be a node.
	Node    string
}

// Embed runs a NATS server in this process, with routes to those of the peers, and connects to it. The caller must call
// Close.
func Embed(cfg Embedded) (*Bus, error) {
	password := newPassword()
	options := &server.Options{
		ServerName: cfg.Node + "-" + password[:8], Host: "127.0.0.1", Port: server.RANDOM_PORT,
		Username: "pong", Password: password, NoSigs: true, NoLog: true, MaxPayload: maxPayload,
		Cluster: server.ClusterOpts{
			Name: cfg.Cluster, Host: cfg.Host, Port: cfg.Port, NoAdvertise: true, ConnectRetries: -1,
		},
	}
	if len(cfg.Secret) > 0 {
		both, err := routeTLS(cfg.Secret)
		if err != nil {
			return nil, err
		}
		options.Cluster.TLSConfig, options.Cluster.TLSTimeout = both, 5
	}
	for _, peer := range cfg.Peers {
		options.Routes = append(options.Routes, &url.URL{Scheme: "nats", Host: peer})
	}
	s, err := server.NewServer(options)
	if err != nil {
		return nil, fmt.Errorf("start NATS: %w", err)
	}
	s.Start()
	if !s.ReadyForConnections(readyWithin) {
		s.Shutdown()
		return nil, fmt.Errorf("NATS did not start within %v: is %s:%d in use?", readyWithin, cfg.Host, cfg.Port)
	}
	conn, err := nats.Connect(s.ClientURL(), append(connectOptions(cfg.Node), nats.UserInfo("pong", password))...)
	if err != nil {
		s.Shutdown()
		return nil, fmt.Errorf("connect to NATS in this process: %w", err)
	}
	return newBus(cfg.Cluster, conn, s)
}

// Operated is how to connect to a NATS server of the operator.
type Operated struct {
	Cluster, Node string
	URL           string
	Credentials   string      // a file. If empty, none.
	TLS           *tls.Config // If nil, the URL decides.
}

// Connect connects to a NATS server of the operator.
func Connect(cfg Operated) (*Bus, error) {
	options := connectOptions(cfg.Node)
	if cfg.Credentials != "" {
		options = append(options, nats.UserCredentials(cfg.Credentials))
	}
	if cfg.TLS != nil {
		options = append(options, nats.Secure(cfg.TLS))
	}
	conn, err := nats.Connect(cfg.URL, options...)
	if err != nil {
		return nil, fmt.Errorf("connect to NATS at %s: %w", cfg.URL, err)
	}
	return newBus(cfg.Cluster, conn, nil)
}

// maxPayload is the longest message, in bytes.
const maxPayload = 1 << 20

// connectOptions are those of every connection. A message that cannot be sent now is not sent later: it would be
// about another time.
func connectOptions(node string) []nats.Option {
	return []nats.Option{
		nats.Name("pong " + node), nats.MaxReconnects(-1), nats.ReconnectWait(100 * time.Millisecond),
		nats.ReconnectJitter(50*time.Millisecond, 50*time.Millisecond), nats.ReconnectBufSize(-1),
		nats.Timeout(5 * time.Second), nats.PingInterval(5 * time.Second),
	}
}

func newBus(cluster string, conn *nats.Conn, embedded *server.Server) (*Bus, error) {
	b := &Bus{
		prefix: "pong." + cluster + ".", conn: conn, embedded: embedded,
		subject: make(map[string]*nats.Subscription),
	}
	if _, err := b.subscribe("all"); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// subscribe has the messages of a subject taken.
func (b *Bus) subscribe(name string) (*nats.Subscription, error) {
	s, err := b.conn.Subscribe(b.prefix+name, func(m *nats.Msg) {
		b.mu.Lock()
		take := b.take
		b.mu.Unlock()
		if take != nil {
			take(m.Data)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("subscribe to %s: %w", b.prefix+name, err)
	}
	return s, s.SetPendingLimits(mostWaiting, -1)
}

// Receive sets what takes messages.
func (b *Bus) Receive(take func(message []byte)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.take = take
}

// mostInstances is how many instances messages are taken for: the newest, and one before it.
const mostInstances = 2

// Join has messages to an instance taken from now on.
func (b *Bus) Join(instance string) error {
	s, err := b.subscribe("to." + instance)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.subject[instance] = s
	if b.newest = append(b.newest, instance); len(b.newest) > mostInstances {
		_ = b.subject[b.newest[0]].Unsubscribe()
		delete(b.subject, b.newest[0])
		b.newest = b.newest[1:]
	}
	return nil
}

// Send sends a message to an instance, or to all nodes.
func (b *Bus) Send(to string, message []byte) {
	subject := b.prefix + "all"
	if to != "" {
		subject = b.prefix + "to." + to
	}
	_ = b.conn.Publish(subject, message) // an error is that of a bus that loses messages
}

// Close sends what waits and ends the connection, and the NATS server in this process.
func (b *Bus) Close() {
	_ = b.conn.FlushTimeout(time.Second)
	b.conn.Close()
	if b.embedded != nil {
		b.embedded.Shutdown()
		b.embedded.WaitForShutdown()
	}
}

// newPassword returns a password that nobody else knows.
func newPassword() string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // it never fails
	return hex.EncodeToString(random[:])
}

// errShort is the error of a secret that could be guessed.
var errShort = errors.New("the cluster's secret must have at least 16 characters: make one with: openssl rand -hex 32")
