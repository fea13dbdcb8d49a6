package world

import (
	"encoding/binary"
	"net/netip"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/shard"
	"pong/internal/wire"
	"pong/netcode/netsim"
	"pong/netcode/sealed"
)

// A Hand chooses the key that a player holds, from what the screen shows.
type Hand func(now time.Duration, v client.Frame) game.Input

// Bot returns the hand of a bot.
func Bot(level bot.Level, seed uint64) Hand {
	b := bot.New(level, seed)
	return func(now time.Duration, v client.Frame) game.Input {
		return b.Think(now, bot.See(&v))
	}
}

// A Player is a client: its session, its two links and its screen.
type Player struct {
	Name     string
	Session  *client.Session
	Welcome  wire.Message
	Up, Down *netsim.Link
	Address  netip.AddrPort
	Frame    client.Frame // the last frame
	Key      game.Input   // the key held in that frame

	Skew  time.Duration // how far the player's clock is ahead
	Drift float64       // how much faster it runs: 200e-6 is 200 ppm
	Claim time.Duration // by how much the client lengthens its round trip in what it echoes, like a modified one

	Tap     func(up bool, datagram []byte) // called for every datagram as it is sent
	OnFrame func(now time.Time, v client.Frame)

	id     sealed.ID
	secret []byte // from which both ends have derived their keys
	hand   Hand
	frame  time.Time // when the next frame is due
	every  time.Duration
	frozen bool      // the process is stopped: it draws no frames and receives nothing
	thawed time.Time // when the process went on; datagrams that arrived before are received then
	lines  []line
}

// A line is a control line in flight.
type line struct {
	at   time.Time
	data []byte
}

func newPlayer(w *World, name string, hand Hand) *Player {
	var r [24]byte
	w.read(r[:])
	return &Player{
		Name: name, hand: hand,
		Up:      netsim.NewLink(w.cfg.Up, binary.BigEndian.Uint64(r[0:])),
		Down:    netsim.NewLink(w.cfg.Down, binary.BigEndian.Uint64(r[8:])),
		Address: w.address(),
		every:   time.Second / 60,
		frame:   w.now.Add(time.Duration(r[16]) * time.Second / 60 / 256), // screens are not synchronised
	}
}

// SetFrameRate sets the frames per second of the player's screen.
func (p *Player) SetFrameRate(n int) { p.every = time.Second / time.Duration(n) }

// address returns an address that no player has had yet.
func (w *World) address() netip.AddrPort {
	w.serial++
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(w.serial >> 8), byte(w.serial)}), 4000)
}

// Clock returns the time of the player's own clock.
func (p *Player) Clock(now time.Time) time.Time {
	return now.Add(p.Skew + time.Duration(float64(now.Sub(epoch))*p.Drift))
}

// transmit sends a datagram to the server.
func (p *Player) transmit(w *World, b []byte) {
	if p.Tap != nil {
		p.Tap(true, b)
	}
	p.Up.Send(w.now, b)
}

// Freeze stops a player's process, like a debugger or a closed lid; Thaw lets it go on. Datagrams wait and are
// received when the process goes on.
func (w *World) Freeze(p *Player) { p.frozen = true }

// Thaw is documented with Freeze.
func (w *World) Thaw(p *Player) { p.frozen, p.thawed = false, w.now }

// repeatDue returns when the player is to send an INPUT once more, if it is.
func (p *Player) repeatDue(w *World) (time.Time, bool) {
	due := p.Session.RepeatDue()
	return w.now.Add(due.Sub(p.Clock(w.now))), !due.IsZero() && !p.frozen
}

// doFrame draws one frame of the player's screen.
func (p *Player) doFrame(w *World) {
	for p.frame = p.frame.Add(p.every); !p.frame.After(w.now); {
		p.frame = p.frame.Add(p.every)
	}
	for {
		b, at, ok := p.Down.Receive(w.now)
		if !ok {
			break
		}
		if at.Before(p.thawed) {
			at = p.thawed
		}
		p.Session.Receive(p.Clock(at), b)
	}
	for len(p.lines) > 0 && !p.lines[0].at.After(w.now) {
		m, err := wire.ParseLine(p.lines[0].data)
		if err != nil {
			panic(err)
		}
		p.Session.Control(m)
		p.lines = p.lines[1:]
	}
	now := p.Clock(w.now)
	p.Session.Update(now, p.Key)
	p.Frame = p.Session.Frame(now)
	if p.OnFrame != nil {
		p.OnFrame(w.now, p.Frame)
	}
	p.Key = game.None
	if p.hand != nil {
		p.Key = p.hand(w.now.Sub(epoch), p.Frame)
	}
}

// Leave gives up the seat, Drop ends only the control connection, and Rematch asks for another game, as a player does
// over the control channel.
func (w *World) Leave(p *Player) { w.Shard.Leave(w.now, p.id) }

// Drop is documented with Leave.
func (w *World) Drop(p *Player) {
	w.Shard.ControlLost(w.now, p.id, shard.ConnectionClosed)
	p.Session.ControlClosed()
}

// Rematch is documented with Leave.
func (w *World) Rematch(p *Player) { w.Shard.Rematch(w.now, p.id, 0) }

// Vanish removes a player without notice: the process is gone.
func (w *World) Vanish(p *Player) {
	for i, q := range w.Players {
		if q == p {
			w.Players = append(w.Players[:i:i], w.Players[i+1:]...)
		}
	}
	delete(w.byAddr, p.Address)
}

// Move gives a player another address, as a NAT that has forgotten a mapping or another network does.
func (w *World) Move(p *Player) {
	delete(w.byAddr, p.Address)
	p.Address = w.address()
	w.byAddr[p.Address] = p
}
