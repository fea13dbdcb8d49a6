package world

import (
	"encoding/binary"
	"net/netip"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode/netsim"
	"pong/netcode/sealed"
)

// A Hand says which key a player holds, from what the screen shows.
type Hand func(now time.Duration, v client.View) game.Input

// Bot returns the hand of a player made of code.
func Bot(level bot.Level, seed uint64) Hand {
	b := bot.New(level, seed)
	return func(now time.Duration, v client.View) game.Input {
		return b.Think(now, bot.Seen{
			Me: v.Me, Playing: v.Stage == client.StagePlaying,
			BallX: v.Ball.X, BallY: v.Ball.Y, BallVisible: v.BallInPlay,
			Paddle: v.Paddle, Tick: v.Tick,
		})
	}
}

// A Player is a client: its session, its two links and its screen.
type Player struct {
	Name     string
	Session  *client.Session
	Welcome  wire.Message
	Up, Down *netsim.Link
	Address  netip.AddrPort
	View     client.View // the last frame
	Key      game.Input  // the key held in it
	Frozen   bool        // no frames: the process is stopped
	Skew     time.Duration
	Tap      func(up bool, datagram []byte) // sees every datagram
	OnFrame  func(now time.Time, v client.View)

	id    sealed.ID
	hand  Hand
	frame time.Time // when the next one is due
	every time.Duration
	lines []line
}

// line is a control line on its way.
type line struct {
	at   time.Time
	data []byte
}

func newPlayer(w *World, name string, hand Hand) *Player {
	w.serial++
	var r [24]byte
	w.read(r[:])
	return &Player{
		Name: name, hand: hand,
		Up:      netsim.NewLink(w.cfg.Up, binary.BigEndian.Uint64(r[0:])),
		Down:    netsim.NewLink(w.cfg.Down, binary.BigEndian.Uint64(r[8:])),
		Address: netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, w.serial}), 4000),
		every:   time.Second / 60,
		frame:   w.now.Add(time.Duration(r[16]) * time.Second / 60 / 256), // screens are not in step
	}
}

// SetFrameRate sets how many frames a second the player's screen draws.
func (p *Player) SetFrameRate(n int) { p.every = time.Second / time.Duration(n) }

// transmit sends a datagram up.
func (p *Player) transmit(w *World, b []byte) {
	if p.Tap != nil {
		p.Tap(true, b)
	}
	p.Up.Send(w.now, b)
}

// doFrame is one frame of the player's screen. The client's clock is off by Skew from everybody else's.
func (p *Player) doFrame(w *World) {
	for p.frame = p.frame.Add(p.every); !p.frame.After(w.now); {
		p.frame = p.frame.Add(p.every)
	}
	for {
		b, at, ok := p.Down.Receive(w.now)
		if !ok {
			break
		}
		p.Session.Receive(at.Add(p.Skew), b)
	}
	for len(p.lines) > 0 && !p.lines[0].at.After(w.now) {
		m, err := wire.ParseLine(p.lines[0].data)
		if err != nil {
			panic(err)
		}
		p.Session.Control(m)
		p.lines = p.lines[1:]
	}
	now := w.now.Add(p.Skew)
	p.Session.Update(now, p.Key)
	p.View = p.Session.View(now)
	if p.OnFrame != nil {
		p.OnFrame(w.now, p.View)
	}
	p.Key = game.None
	if p.hand != nil {
		p.Key = p.hand(w.now.Sub(epoch), p.View)
	}
}

// Leave gives up the seat, Drop ends only the control connection, Rematch asks for another game: what a player says
// over the control channel.
func (w *World) Leave(p *Player) { w.Shard.Leave(w.now, p.id) }

// Drop is documented with Leave.
func (w *World) Drop(p *Player) { w.Shard.ControlLost(w.now, p.id); p.Session.ControlClosed() }

// Rematch is documented with Leave.
func (w *World) Rematch(p *Player) { w.Shard.Rematch(w.now, p.id) }

// Vanish removes a player without a word: the process is gone.
func (w *World) Vanish(p *Player) {
	for i, q := range w.Players {
		if q == p {
			w.Players = append(w.Players[:i:i], w.Players[i+1:]...)
		}
	}
	delete(w.byAddr, p.Address)
}

// Move gives a player another address: a NAT that has forgotten, or another network.
func (w *World) Move(p *Player) {
	w.serial++
	delete(w.byAddr, p.Address)
	p.Address = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 1, w.serial}), 4000)
	w.byAddr[p.Address] = p
}
