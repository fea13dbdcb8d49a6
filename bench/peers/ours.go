package main

import (
	"crypto/sha256"
	"encoding/binary"
	"net"
	"net/netip"
	"time"

	"pong/internal/server"
	"pong/internal/udp"
	"pong/netcode/sealed"
)

// ours is Pong's game channel without the game: sealed sessions over the sockets of a shard, in slots of a
// millisecond. Keys are derived from the client's number; in Pong they come from TLS.
var ours = peer{"pong", serveOurs, dialOurs}

const suite = 0x1301 // AES-128-GCM

func session(role sealed.Role, client int) (sealed.ID, *sealed.Session, error) {
	var id sealed.ID
	binary.BigEndian.PutUint64(id[:], uint64(client))
	secret := sha256.Sum256(id[:])
	s, err := sealed.FromSecret(role, "peers v1", suite, secret[:], id)
	return id, s, err
}

func serveOurs() (string, error) {
	sessions := make(map[sealed.ID]*sealed.Session)
	for i := range clients {
		id, s, err := session(sealed.Server, i)
		if err != nil {
			return "", err
		}
		sessions[id] = s
	}
	control, sockets, err := server.Listen("127.0.0.1", 0, 0, 1)
	if err != nil {
		return "", err
	}
	control.Close()
	socket := sockets[0]
	go func() {
		plain, buffer := make([]byte, 0, sealed.MaxDatagram), make([]byte, 0, sealed.MaxDatagram)
		echo := func(batch []udp.Datagram) {
			for _, d := range batch {
				id, ok := sealed.ParseID(d.Data)
				s := sessions[id]
				if !ok || s == nil {
					continue
				}
				message, _, err := s.Open(plain, d.Data)
				if err != nil {
					continue
				}
				if answer, err := s.Seal(buffer, message); err == nil {
					socket.Send(netip.Addr{}, d.From, answer)
				}
			}
		}
		for next := time.Now(); ; next = next.Add(time.Millisecond) {
			if socket.Wait(next) != nil || socket.Receive(echo) != nil {
				return
			}
			socket.Flush()
		}
	}()
	return socket.LocalAddr().String(), nil
}

// A sealedLine is a client of ours.
type sealedLine struct {
	net.Conn
	out, in  *sealed.Session // one for each goroutine: out only seals, in only opens
	buffer   []byte
	datagram []byte
}

func dialOurs(address string, client int) (line, error) {
	conn, err := net.Dial("udp", address)
	if err != nil {
		return nil, err
	}
	_, out, err := session(sealed.Client, client)
	if err != nil {
		return nil, err
	}
	_, in, err := session(sealed.Client, client)
	return &sealedLine{conn, out, in, make([]byte, 0, sealed.MaxDatagram), make([]byte, 2048)}, err
}

func (l *sealedLine) Send(message []byte) error {
	b, err := l.out.Seal(l.buffer, message)
	if err != nil {
		return err
	}
	_, err = l.Write(b)
	return err
}

func (l *sealedLine) Receive(buffer []byte) (int, error) {
	n, err := l.Read(l.datagram)
	if err != nil {
		return 0, err
	}
	plain, _, err := l.in.Open(buffer[:0], l.datagram[:n])
	return len(plain), err
}
