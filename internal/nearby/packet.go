// Package nearby finds games in the same network, and answers others who look for them: DNS service discovery over
// multicast DNS (RFC 6763, RFC 6762) for the service _pong._tcp. Nothing that it learns proves anything: an answer may
// come from anyone in the network.
//
//	stop := nearby.Answer(func() nearby.Game { return ... })
//	games, err := nearby.Ask(ctx)
//
// Questions are one-shot (RFC 6762 section 5.1): they come from a port of their own, and answers go there. So a client
// neither listens on the port of multicast DNS nor keeps a cache. This file has the bytes, and sockets.go the sockets.
package nearby

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/dns/dnsmessage"

	"pong/internal/names"
)

// service is the name of the service.
const service = "_pong._tcp.local."

// A Game is a server in the same network.
type Game struct {
	Name    string         // as people see it
	Address netip.AddrPort // of the control channel
	Players int            // who are there now
	Room    bool           // the code of a room is needed
}

// ttl is for how long an answer is valid, in seconds. A one-shot question must not keep it longer than 10 s.
const ttl = 10

// maxPacket is the greatest length of a packet that is read, which is that of an Ethernet frame.
const maxPacket = 1500

// question is the question for all servers.
var question = dnsmessage.Question{
	Name: dnsmessage.MustNewName(service), Type: dnsmessage.TypePTR, Class: dnsmessage.ClassINET,
}

// appendQuestion returns the packet of a question.
func appendQuestion(id uint16) ([]byte, error) {
	b := dnsmessage.NewBuilder(nil, dnsmessage.Header{ID: id})
	if err := errors.Join(b.StartQuestions(), b.Question(question)); err != nil {
		return nil, err
	}
	return b.Finish()
}

// unicastBit is the bit of a question's class by which it wants an answer to its own port.
const unicastBit = 1 << 15

// parseQuestion reports whether a packet asks for servers, and returns its id.
func parseQuestion(packet []byte) (id uint16, asks bool) {
	var p dnsmessage.Parser
	header, err := p.Start(packet)
	if err != nil || header.Response || header.OpCode != 0 {
		return 0, false
	}
	for {
		q, err := p.Question()
		if err != nil {
			return 0, false
		}
		class := q.Class &^ unicastBit
		isType := q.Type == dnsmessage.TypePTR || q.Type == dnsmessage.TypeALL
		isClass := class == dnsmessage.ClassINET || class == dnsmessage.ClassANY
		if isType && isClass && strings.EqualFold(q.Name.String(), service) {
			return header.ID, true
		}
	}
}

// appendAnswer returns the packet of an answer: a PTR record, and the SRV, TXT and A records that belong to it. label
// tells the servers of a network apart. An answer to a one-shot question has its id and repeats it.
func appendAnswer(id uint16, oneShot bool, label string, g Game) ([]byte, error) {
	instance, err := dnsmessage.NewName(label + "." + service)
	host, err2 := dnsmessage.NewName(label + ".local.")
	if err := errors.Join(err, err2); err != nil {
		return nil, err
	}
	b := dnsmessage.NewBuilder(nil, dnsmessage.Header{ID: id, Response: true, Authoritative: true})
	b.EnableCompression()
	if oneShot {
		if err := errors.Join(b.StartQuestions(), b.Question(question)); err != nil {
			return nil, err
		}
	}
	head := func(name dnsmessage.Name) dnsmessage.ResourceHeader {
		return dnsmessage.ResourceHeader{Name: name, Class: dnsmessage.ClassINET, TTL: ttl}
	}
	txt := []string{"name=" + g.Name, "players=" + strconv.Itoa(g.Players)}
	if g.Room {
		txt = append(txt, "room=1")
	}
	err = errors.Join(
		b.StartAnswers(), b.PTRResource(head(question.Name), dnsmessage.PTRResource{PTR: instance}),
		b.StartAdditionals(),
		b.SRVResource(head(instance), dnsmessage.SRVResource{Port: g.Address.Port(), Target: host}),
		b.TXTResource(head(instance), dnsmessage.TXTResource{TXT: txt}),
	)
	if ip := g.Address.Addr(); ip.Is4() {
		err = errors.Join(err, b.AResource(head(host), dnsmessage.AResource{A: ip.As4()}))
	}
	if err != nil {
		return nil, fmt.Errorf("describe a game: %w", err)
	}
	return b.Finish()
}

// parseAnswer returns the game of an answer that has come from an address. The server is at that address, whatever the
// answer says: it cannot lead anywhere else.
func parseAnswer(packet []byte, id uint16, from netip.Addr) (g Game, ok bool) {
	var p dnsmessage.Parser
	header, err := p.Start(packet)
	if err != nil || !header.Response || header.RCode != 0 || header.ID != id || p.SkipAllQuestions() != nil {
		return g, false
	}
	a := answer{game: Game{Name: "Pong"}}
	for {
		h, err := p.AnswerHeader()
		if errors.Is(err, dnsmessage.ErrSectionDone) {
			break
		}
		if err != nil || !a.take(&p, h) && p.SkipAnswer() != nil {
			return g, false
		}
	}
	if p.SkipAllAuthorities() != nil {
		return g, false
	}
	for {
		h, err := p.AdditionalHeader()
		if errors.Is(err, dnsmessage.ErrSectionDone) {
			break
		}
		if err != nil || !a.take(&p, h) && p.SkipAdditional() != nil {
			return g, false
		}
	}
	a.game.Address = netip.AddrPortFrom(from, a.port)
	return a.game, a.instance != "" && a.port != 0
}

// An answer is what has been read of one.
type answer struct {
	instance string // the name of the first server
	port     uint16
	game     Game
}

// take takes a record if it is about the first server of the answer, and reports whether it has read one.
func (a *answer) take(p *dnsmessage.Parser, h dnsmessage.ResourceHeader) bool {
	about := a.instance != "" && strings.EqualFold(h.Name.String(), a.instance)
	switch {
	case h.Type == dnsmessage.TypePTR && a.instance == "" && strings.EqualFold(h.Name.String(), service):
		r, err := p.PTRResource()
		if err == nil {
			a.instance = r.PTR.String()
		}
		return err == nil
	case h.Type == dnsmessage.TypeSRV && about:
		r, err := p.SRVResource()
		if err == nil {
			a.port = r.Port
		}
		return err == nil
	case h.Type == dnsmessage.TypeTXT && about:
		r, err := p.TXTResource()
		if err == nil {
			a.takeText(r.TXT)
		}
		return err == nil
	}
	return false
}

// maxPlayers is the greatest number of players that is shown.
const maxPlayers = 99999

// takeText takes the texts of a TXT record, of which each is KEY=VALUE. Those that are not valid are left out.
func (a *answer) takeText(texts []string) {
	for _, text := range texts {
		key, value, _ := strings.Cut(text, "=")
		switch key {
		case "name":
			if value != "" {
				a.game.Name = names.Display(value)
			}
		case "players":
			if n, err := strconv.Atoi(value); err == nil && n >= 0 && n <= maxPlayers {
				a.game.Players = n
			}
		case "room":
			a.game.Room = value == "1"
		}
	}
}

// mostGames is how many games are listed.
const mostGames = 8

// mostPackets is how many packets are read for one question.
const mostPackets = 256

// A gathering collects the answers to one question.
type gathering struct {
	id      uint16
	packets int
	games   []Game // in the order of their addresses
}

// take takes a packet, and reports whether another one may be read.
func (g *gathering) take(packet []byte, from netip.Addr) bool {
	if g.packets++; g.packets > mostPackets {
		return false
	}
	game, ok := parseAnswer(packet, g.id, from)
	if !ok {
		return true
	}
	at := 0
	for at < len(g.games) && g.games[at].Address.Compare(game.Address) < 0 {
		at++
	}
	switch {
	case at < len(g.games) && g.games[at].Address == game.Address:
		g.games[at] = game
	case len(g.games) < mostGames:
		g.games = append(g.games[:at], append([]Game{game}, g.games[at:]...)...)
	}
	return true
}
