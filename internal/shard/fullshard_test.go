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

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// A fullShard is a shard with many matches, whose players send 60 sealed INPUTs a second and are sent sealed STATEs.
// That is all a server does between its sockets. Time is virtual.
type fullShard struct {
	tb      testing.TB
	shard   *Shard
	now     time.Time
	welcome wire.Message // the newest one
	players []*fullShardPlayer
	inbox   []Datagram // sent by the players since the last slot
	data    []byte     // of the inbox
	plain   [wire.InputLen]byte
	sent    int // STATEs
	busy    time.Duration
}

// fullShardPlayer is a player of a fullShard.
type fullShardPlayer struct {
	keys *sealed.Session
	from netip.AddrPort
	seat *seat
	runs [2]netcode.Run[game.Input]
}

func newFullShard(tb testing.TB, matches int, every uint32) *fullShard {
	tb.Helper()
	h := &fullShard{tb: tb, now: time.Now()} // with a monotonic reading, as in a loop
	h.shard = New(Config{
		Auto: true, Seed: 1, Every: every, Random: new(counter),
		Send: func(_ netip.Addr, _ netip.AddrPort, b []byte) { h.sent++ },
		SendLine: func(_ sealed.ID, m wire.Message) {
			if m.Type == wire.Welcome {
				h.welcome = m
			}
		},
		Report: func(Report) {},
	}, h.now)
	for i := range 2 * matches {
		h.join(i)
	}
	h.run(5 * time.Second) // until all have begun and the estimates of the paths are settled
	return h
}

// counter is a reproducible source of randomness.
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
	addr := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
	p := &fullShardPlayer{from: netip.AddrPortFrom(addr, 9)}
	p.keys, _ = sealed.FromSecret(sealed.Client, wire.KeyLabel, 0x1301, secret, id)
	r := JoinRequest{ID: id, Sealed: ours, Name: fmt.Sprint("player ", i), Addr: p.from.Addr()}
	if err := h.shard.Join(h.now, r); err != nil {
		h.tb.Fatal(err)
	}
	token, _ := base64.RawURLEncoding.DecodeString(h.welcome.Token)
	b, err := p.keys.Seal(nil, wire.AppendRegister(nil, h.shard.echoing(id, h.now), wire.Register{
		PlayerID: uint8(h.welcome.PlayerID), Token: [wire.TokenLen]byte(token),
	}))
	if err != nil {
		h.tb.Fatal(err)
	}
	h.shard.Receive(h.now, p.from, b)
	p.seat = h.shard.tables.sessions[id].seat
	h.players = append(h.players, p)
}

// run lets time pass, slot by slot.
func (h *fullShard) run(span time.Duration) {
	h.tb.Helper()
	for end := h.now.Add(span); h.now.Before(end); {
		h.slot()
	}
}

// slot lets the players of the next slot send their INPUTs, and then the shard serve them.
func (h *fullShard) slot() {
	next := h.shard.Next(h.now)
	h.inbox, h.data = h.inbox[:0], h.data[:0]
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

// send sends an INPUT with the key of the next tick and those of the four ticks before.
func (h *fullShard) send(p *fullShardPlayer, at time.Time) {
	tick := p.seat.match.tick() + 1
	p.runs[0] = netcode.Run[game.Input]{Input: game.Input(tick / 16 % 3), N: min(5, int(tick)+1)}
	stamp := h.shard.echoing(p.seat.session.id, at)
	stamp.TS = uint32(at.Sub(h.shard.epoch).Microseconds())
	body := wire.AppendInput(h.plain[:0], stamp, wire.Input{Newest: tick, Runs: p.runs[:1]})
	from := len(h.data)
	data, err := p.keys.Seal(h.data, body)
	if err != nil {
		h.tb.Fatal(err)
	}
	h.data = data
	h.inbox = append(h.inbox, Datagram{At: at, From: p.from, Data: h.data[from:]})
}

// batchMatches is how many matches are played with one reading of the clock, as in a loop of the server.
const batchMatches = 32

// serve does what a loop does in a slot. It is not inlined, so that a profiler can count it alone.
//
//go:noinline
func (h *fullShard) serve() {
	h.shard.ReceiveAll(h.inbox)
	for h.shard.AdvanceSome(h.now, batchMatches) {
	}
}

// TestShard_SixteenMatchesAllocateNothing plays seconds of sixteen matches, with points and serves.
func TestShard_SixteenMatchesAllocateNothing(t *testing.T) {
	h := newFullShard(t, 16, wire.StateEvery)
	before := h.shard.Counts()
	states := h.sent
	const rounds = 5
	if n := testing.AllocsPerRun(rounds, func() { h.run(time.Second) }); n > 0 {
		t.Errorf("%v allocations in a second of sixteen matches, want 0", n)
	}
	after := h.shard.Counts()
	if ticks := after.Ticks - before.Ticks; ticks < 16*rounds*game.TickRate || after.Inputs-before.Inputs < 2*ticks-32 {
		t.Errorf("%d ticks were played with %d INPUTs, want at least %d and two for each", ticks,
			after.Inputs-before.Inputs, 16*rounds*game.TickRate)
	}
	if n := h.sent - states; n < 16*2*15*rounds {
		t.Errorf("%d STATEs were sent, want at least %d", n, 16*2*15*rounds)
	}
}

// BenchmarkShard measures one tick of one match: two INPUTs are opened and stored, the game is stepped, and its share
// of the STATEs is sealed. The players' work is not in ns/match-tick. A second of a match is sixty ticks.
func BenchmarkShard(b *testing.B) {
	for _, matches := range []int{1, 200, 4000} {
		for _, rate := range []int{game.TickRate / wire.StateEvery, 60} {
			b.Run(fmt.Sprintf("matches=%d/rate=%d", matches, rate), func(b *testing.B) {
				h := newFullShard(b, matches, uint32(game.TickRate/rate))
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				ticks := h.shard.Counts().Ticks
				h.busy, h.sent = 0, 0
				for b.Loop() {
					h.slot()
				}
				runtime.ReadMemStats(&after)
				played := float64(h.shard.Counts().Ticks - ticks)
				b.ReportMetric(float64(h.busy)/played, "ns/match-tick")
				b.ReportMetric(float64(after.Mallocs-before.Mallocs)/played, "allocs/match-tick")
				b.ReportMetric(float64(h.sent)/played*game.TickRate, "STATEs/match-s")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}
