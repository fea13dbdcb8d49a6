package main

import (
	"bytes"
	"net"
	"net/netip"
	"sync"
	"testing"
)

// A tap forwards all traffic between players and a server, and keeps a copy of every byte: what an eavesdropper sees.
// It does not need the privileges of a packet socket.
type tap struct {
	testing.TB
	server  *servingProcess
	control net.Listener
	game    *net.UDPConn
	running sync.WaitGroup

	mu        sync.Mutex // guards what follows
	stream    bytes.Buffer
	datagrams [][]byte
	open      []interface{ Close() error }
	closed    bool
}

func newTap(t testing.TB, server *servingProcess) *tap {
	t.Helper()
	host := secondLoopback(t)
	control, err := net.Listen("tcp", server.address(host))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(host), Port: server.GamePort})
	if err != nil {
		t.Fatal(err)
	}
	p := &tap{TB: t, server: server, control: control, game: conn}
	p.keep(control)
	p.keep(conn)
	p.running.Go(p.passControl)
	p.running.Go(p.passGame)
	t.Cleanup(p.close)
	return p
}

// keep registers a connection for close. After close it closes the connection at once.
func (p *tap) keep(c interface{ Close() error }) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open = append(p.open, c); p.closed {
		c.Close()
	}
}

func (p *tap) close() {
	p.mu.Lock()
	p.closed = true
	for _, c := range p.open {
		c.Close()
	}
	p.mu.Unlock()
	p.running.Wait()
}

// passControl forwards TCP connections.
func (p *tap) passControl() {
	for {
		player, err := p.control.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server.address("127.0.0.1"))
		if err != nil {
			player.Close()
			continue
		}
		p.keep(player)
		p.keep(server)
		p.running.Go(func() { p.copy(server, player) })
		p.running.Go(func() { p.copy(player, server) })
	}
}

func (p *tap) copy(to, from net.Conn) {
	defer to.Close()
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		p.mu.Lock()
		p.stream.Write(buffer[:n])
		p.mu.Unlock()
		if err != nil {
			return
		}
		_, _ = to.Write(buffer[:n])
	}
}

// passGame forwards datagrams, with a socket for each player.
func (p *tap) passGame() {
	players := map[netip.AddrPort]*net.UDPConn{}
	buffer := make([]byte, 2048)
	for {
		n, from, err := p.game.ReadFromUDPAddrPort(buffer)
		if err != nil {
			return
		}
		server := players[from]
		if server == nil {
			server, err = net.DialUDP("udp", nil, &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: p.server.GamePort})
			if err != nil {
				continue
			}
			players[from] = server
			p.keep(server)
			p.running.Go(func() {
				answer := make([]byte, 2048)
				for {
					n, err := server.Read(answer)
					if err != nil {
						return
					}
					p.record(answer[:n])
					_, _ = p.game.WriteToUDPAddrPort(answer[:n], from)
				}
			})
		}
		p.record(buffer[:n])
		_, _ = server.Write(buffer[:n])
	}
}

func (p *tap) record(datagram []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.datagrams = append(p.datagrams, bytes.Clone(datagram))
}
