package shard

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/netip"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// A fullShard is a shard full of matches whose players send 60 sealed INPUTs a second each and take the sealed STATEs: all that a
// server does from socket to socket, but for the sockets. Time is virtual.
type fullShard struct {
	tb      testing.TB
	shard   *Shard
	now     time.Time
	players []*fullShardPlayer
	inbox   []Datagram // what the players have sent since the last slot
	sealed  []byte     // for all of inbox
	plain   [wire.InputLen]byte
	sent    int // STATEs
	busy    time.Duration
}

// fullShardPlayer is a player in the hall.
type fullShardPlayer struct {
	keys *sealed.Session
	from netip.AddrPort
	seat *seat
	runs [2]netcode.Run[game.Input]
}

func newFullShard(tb testing.TB, matches int, every uint32) *fullShard {
	tb.Helper()
	h := &fullShard{tb: tb, now: time.Now()} // with a monotonic reading, as the loop has
	h.shard = New(Config{
		Auto: true, Seed: 1, Every: every, Random: new(counter),
		Send: func(_ netip.Addr, _ netip.AddrPort, b []byte) { h.sent++ }, SendLine: func(sealed.ID, wire.Message) {}, Report: func(Report) {},
	}, h.now)
	for i := range 2 * matches {
		h.join(i)
	}
	h.run(5 * time.Second) // all have begun, and the links know their networks
	return h
}

// counter is randomness that can be had again.
type counter uint64

func (c *counter) Read(b []byte) (int, error) {
	for i := range b {
		*c++
		b[i] = byte(*c * 0x9e3779b97f4a7c15 >> 56)
	}
	return len(b), nil
}

var _ io.Reader = (*counter)(nil)

func (h *fullShard) join(i int) {
	h.tb.Helper()
	var id sealed.ID
	binary.BigEndian.PutUint64(id[:], uint64(i)*0x9e3779b97f4a7c15)
	secret := make([]byte, 32)
	copy(secret, id[:])
	ours, err := sealed.FromSecret(sealed.Server, wire.KeyLabel, 0x1301, secret, id)
	if err != nil {
		h.tb.Fatal(err)
	}
	p := &fullShardPlayer{from: netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 9)}
	p.keys, _ = sealed.FromSecret(sealed.Client, wire.KeyLabel, 0x1301, secret, id)
	welcome, err := h.shard.Join(h.now, JoinRequest{ID: id, Sealed: ours, Name: fmt.Sprint("player ", i), Addr: p.from.Addr()})
	if err != nil {
		h.tb.Fatal(err)
	}
	token, _ := base64.RawURLEncoding.DecodeString(welcome.Token)
	b, err := p.keys.Seal(nil, wire.AppendRegister(nil, stamp, wire.Register{PlayerID: uint8(welcome.PlayerID), Token: [wire.TokenLen]byte(token)}))
	if err != nil {
		h.tb.Fatal(err)
	}
	h.shard.Receive(h.now, p.from, b)
	p.seat = h.shard.sessions[id].seat
	h.players = append(h.players, p)
}

// run lets time pass, slot by slot.
func (h *fullShard) run(span time.Duration) {
	h.tb.Helper()
	for end := h.now.Add(span); h.now.Before(end); {
		h.slot()
	}
}

// slot lets the players of the next slot send, and the shard do what it does then.
func (h *fullShard) slot() {
	next := h.shard.Next(h.now)
	h.inbox, h.sealed = h.inbox[:0], h.sealed[:0]
	for _, p := range h.players {
		if !p.seat.match.due().After(next) {
			h.send(p, next.Add(-Period/2))
		}
	}
	h.now = next
	start := time.Now()
	h.serve()
	h.busy += time.Since(start)
}

// send is a player's INPUT: the key of a tick, and those of the last four that have not been acknowledged.
func (h *fullShard) send(p *fullShardPlayer, at time.Time) {
	tick := p.seat.match.tick() + 1
	p.runs[0] = netcode.Run[game.Input]{Input: game.Input(tick / 16 % 3), N: min(5, int(tick)+1)}
	micros := uint32(at.Sub(h.shard.epoch).Microseconds())
	body := wire.AppendInput(h.plain[:0], netcode.Stamp{TS: micros, Hold: netcode.NoEcho}, wire.Input{Newest: tick, Runs: p.runs[:1]})
	from := len(h.sealed)
	room, err := p.keys.Seal(h.sealed, body)
	if err != nil {
		h.tb.Fatal(err)
	}
	h.sealed = room
	h.inbox = append(h.inbox, Datagram{at, p.from, h.sealed[from:]})
}

// batchMatches is how many matches are played with one reading of the clock, as in the server's loop.
const batchMatches = 32

// serve is what the loop does in a slot. It is not inlined, so that a profiler can count it alone.
//
//go:noinline
func (h *fullShard) serve() {
	h.shard.ReceiveAll(h.inbox)
	for h.shard.AdvanceSome(h.now, batchMatches) {
	}
}

// TestShard_SixteenMatchesAllocateNothing plays a second of sixteen matches, points and serves and all.
func TestShard_SixteenMatchesAllocateNothing(t *testing.T) {
	h := newFullShard(t, 16, wire.StateEvery)
	before := h.shard.Counts()
	states := h.sent
	const rounds = 5
	if n := testing.AllocsPerRun(rounds, func() { h.run(time.Second) }); n > 0 {
		t.Errorf("%v allocations in a second of sixteen matches", n)
	}
	after := h.shard.Counts()
	if ticks := after.Ticks - before.Ticks; ticks < 16*rounds*game.TickRate || after.Inputs-before.Inputs < 2*ticks-32 {
		t.Errorf("%d ticks were played with %d INPUTs", ticks, after.Inputs-before.Inputs)
	}
	if n := h.sent - states; n < 16*2*20*rounds {
		t.Errorf("%d STATEs were sent", n)
	}
}

// BenchmarkShard is one tick of one match: two INPUTs opened and stored, the game, and its part of the STATEs sealed. What
// the players do is not in ns/match-tick; a second of a match is sixty of them.
func BenchmarkShard(b *testing.B) {
	for _, matches := range []int{1, 200, 4000} {
		for _, rate := range []int{20, 60} {
			b.Run(fmt.Sprintf("matches=%d/rate=%d", matches, rate), func(b *testing.B) {
				h := newFullShard(b, matches, uint32(game.TickRate/rate))
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				ticks := h.shard.Counts().Ticks
				h.busy = 0
				for b.Loop() {
					h.slot()
				}
				runtime.ReadMemStats(&after)
				played := float64(h.shard.Counts().Ticks - ticks)
				b.ReportMetric(float64(h.busy)/played, "ns/match-tick")
				b.ReportMetric(float64(after.Mallocs-before.Mallocs)/played, "allocs/match-tick")
				b.ReportMetric(float64(unsafe.Sizeof(session{})), "B/session")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}
