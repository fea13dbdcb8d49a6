package world

import (
	"encoding/base64"
	"net/netip"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/shard"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// A puppet is a player without a client: it has the keys of a session and sends the datagrams that a test chooses,
// like a modified client.
type puppet struct {
	t      *testing.T
	w      *World
	id     sealed.ID
	keys   *sealed.Session
	seat   int
	token  [wire.TokenLen]byte
	from   netip.AddrPort
	echo   netcode.Echo
	states []wire.State // received
}

// newPuppet takes a seat, registers and echoes a STATE.
func newPuppet(t *testing.T, w *World) *puppet {
	t.Helper()
	p := &puppet{t: t, w: w, from: w.address()}
	secret := make([]byte, 32)
	w.read(p.id[:])
	w.read(secret)
	serverKeys, _ := sealed.FromSecret(sealed.Server, wire.KeyLabel, suite, secret, p.id)
	p.keys, _ = sealed.FromSecret(sealed.Client, wire.KeyLabel, suite, secret, p.id)
	lines := &Player{}
	w.byID[p.id] = lines
	request := shard.JoinRequest{ID: p.id, Sealed: serverKeys, Name: "puppet", Addr: p.from.Addr()}
	if err := w.Shard.Join(w.now, request); err != nil {
		t.Fatal(err)
	}
	delete(w.byID, p.id)
	welcome := lines.Welcome
	p.seat = welcome.PlayerID - 1
	token, _ := base64.RawURLEncoding.DecodeString(welcome.Token)
	p.token = [wire.TokenLen]byte(token)
	before := w.Stranger
	w.Stranger = func(to netip.AddrPort, b []byte) {
		if to == p.from {
			p.take(b)
		} else if before != nil {
			before(to, b)
		}
	}
	p.send(p.register())
	w.Until(time.Second, func() bool { return len(p.states) > 0 })
	p.send(wire.AppendPing(nil, p.stamp()))
	return p
}

// stamp echoes what has arrived.
func (p *puppet) stamp() netcode.Stamp { return p.echo.Stamp(p.w.now) }

func (p *puppet) register() []byte {
	return wire.AppendRegister(nil, p.stamp(), wire.Register{PlayerID: uint8(p.seat + 1), Token: p.token})
}

// seal makes a datagram of a plaintext.
func (p *puppet) seal(plain []byte) []byte {
	b, err := p.keys.Seal(nil, plain)
	if err != nil {
		p.t.Fatal(err)
	}
	return b
}

// send sends a plaintext, which arrives at once.
func (p *puppet) send(plain []byte) { p.w.Inject(p.from, p.seal(plain)) }

// input sends an INPUT of a key that is held in the n ticks up to newest.
func (p *puppet) input(newest netcode.Tick, in game.Input, n int) {
	p.send(wire.AppendInput(nil, p.stamp(),
		wire.Input{Newest: newest, Runs: []netcode.Run[game.Input]{{Input: in, N: n}}}))
}

func (p *puppet) take(b []byte) {
	plain, number, err := p.keys.Open(nil, b)
	if err != nil {
		p.t.Errorf("the server has sent a datagram that cannot be opened: %v", err)
		return
	}
	p.echo.Receive(p.w.now, number, wire.ParseStamp(plain))
	if kind, err := wire.ParseType(plain); err != nil || kind != wire.TypeState {
		return
	}
	var st wire.State
	if err := wire.ParseState(plain, &st); err != nil {
		p.t.Errorf("the server has sent a STATE that cannot be read: %v", err)
		return
	}
	p.states = append(p.states, st)
}

// state returns the server's state of the match.
func (p *puppet) state() game.State {
	s, ok := p.w.Shard.State(p.id)
	if !ok {
		p.t.Fatal("the puppet has lost its seat")
	}
	return s
}

// keepAlive runs the world for d and sends PINGs meanwhile.
func (p *puppet) keepAlive(d time.Duration) {
	for end := p.w.Elapsed() + d; p.w.Elapsed() < end; {
		p.send(wire.AppendPing(nil, p.stamp()))
		p.w.Run(min(time.Second, end-p.w.Elapsed()))
	}
}
