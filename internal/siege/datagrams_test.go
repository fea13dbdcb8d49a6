//go:build siege && linux

package siege

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"sync"
	"testing"
	"time"

	"pong/internal/shard"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// A shardFixture is a Shard in memory with two players whose keys are known. It records every packet number that the
// shard uses.
type shardFixture struct {
	shard      *shard.Shard
	now        time.Time
	players    [2]sealedPlayer
	ledger     map[sealed.ID]uint32 // newest packet number of each session: numbers only increase
	repeats    int
	sent       int
	fromServer [][]byte // datagrams that the shard sent
}

type sealedPlayer struct {
	id         sealed.ID
	keys       *sealed.Session
	from       netip.AddrPort
	fromPlayer [][]byte
	token      [wire.TokenLen]byte
}

func newShardFixture(t testing.TB, seed uint64) *shardFixture {
	f := &shardFixture{now: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), ledger: make(map[sealed.ID]uint32)}
	random := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
	var welcome wire.Message
	f.shard = shard.New(shard.Config{
		Auto: true, Random: random, Send: f.send, SendLine: func(_ sealed.ID, m wire.Message) {
			if m.Type == wire.Welcome {
				welcome = m
			}
		}, Report: func(shard.Report) {},
	}, f.now)
	for i := range f.players {
		p := &f.players[i]
		var secret [32]byte
		_, _ = random.Read(p.id[:])
		_, _ = random.Read(secret[:])
		p.from = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}), 4000)
		keys, err := sealed.FromSecret(sealed.Server, wire.KeyLabel, 0x1301, secret[:], p.id)
		if err != nil {
			t.Fatal(err)
		}
		p.keys, _ = sealed.FromSecret(sealed.Client, wire.KeyLabel, 0x1301, secret[:], p.id)
		request := shard.JoinRequest{ID: p.id, Sealed: keys, Name: "p", Addr: p.from.Addr()}
		if err := f.shard.Join(f.now, request); err != nil {
			t.Fatal(err)
		}
		token, _ := base64.RawURLEncoding.DecodeString(welcome.Token)
		p.token = [wire.TokenLen]byte(token)
		f.sendFrom(p, wire.AppendRegister(nil, echoing(0), wire.Register{PlayerID: uint8(welcome.PlayerID),
			Token: p.token}))
	}
	return f
}

func (f *shardFixture) send(_ netip.Addr, _ netip.AddrPort, b []byte) {
	f.sent++
	id, number := sealed.ID(b[1:9]), binary.BigEndian.Uint32(b[9:])
	if number <= f.ledger[id] {
		f.repeats++
	}
	f.ledger[id] = number
	if len(f.fromServer) < 4096 {
		f.fromServer = append(f.fromServer, bytes.Clone(b))
	} else {
		f.fromServer[f.sent%4096] = append(f.fromServer[f.sent%4096][:0], b...)
	}
}

// sendFrom sends an authentic datagram of a player.
func (f *shardFixture) sendFrom(p *sealedPlayer, plain []byte) {
	b, err := p.keys.Seal(nil, plain)
	if err != nil {
		panic(err)
	}
	if len(p.fromPlayer) < 4096 {
		p.fromPlayer = append(p.fromPlayer, b)
	} else {
		p.fromPlayer[f.sent%4096] = b
	}
	f.shard.Receive(f.now, p.from, b)
}

// hostile makes a datagram, in b, that is not authentic or was delivered before.
func (f *shardFixture) hostile(r *rand.Rand, b []byte) []byte {
	p := &f.players[r.IntN(2)]
	b = append(b[:0], p.fromPlayer[r.IntN(len(p.fromPlayer))]...)
	switch r.IntN(8) {
	case 0: // replayed
	case 1: // mutated
		b[r.IntN(len(b))] ^= 1 << r.IntN(8)
	case 2: // cut
		b = b[:r.IntN(len(b))]
	case 3: // longer
		b = append(b, byte(r.Uint32()))
	case 4: // reflected
		b = append(b[:0], f.fromServer[r.IntN(len(f.fromServer))]...)
	case 5: // with the id of the other session
		other := &f.players[0]
		if p == other {
			other = &f.players[1]
		}
		copy(b[1:9], other.id[:])
	case 6: // with a packet number of the future
		binary.BigEndian.PutUint32(b[9:], binary.BigEndian.Uint32(b[9:])+1+r.Uint32N(1<<20))
	default: // forged with nothing but the id
		b = b[:13+17+r.IntN(40)%(len(b)-12)]
		for i := 9; i < len(b); i++ {
			b[i] = byte(r.Uint32())
		}
		b[9] = 0
	}
	return b
}

// TestDatagrams_HostileOnesAreRefused gives real shards, with real sealed sessions, millions of forged, mutated and
// replayed datagrams: none is accepted, none is answered, and the shards use no packet number twice.
func TestDatagrams_HostileOnesAreRefused(t *testing.T) {
	total := either(10_000_000, 100_000_000)
	workers := runtime.GOMAXPROCS(0)
	var all sync.WaitGroup
	var mu sync.Mutex // guards what follows
	accepted, answered, repeats, sent, thrown := 0, 0, 0, 0, 0
	for i := range workers {
		all.Go(func() {
			f := newShardFixture(t, uint64(i))
			r := rand.New(rand.NewPCG(uint64(i), uint64(total)))
			var room [sealed.MaxDatagram + 64]byte
			honest, began := 2, f.now
			for n := 0; n < total/workers; {
				// A tenth of a second of play: authentic datagrams, ticks and STATEs.
				for range 6 {
					for k := range f.players {
						if honest++; honest < 1<<22 {
							f.sendFrom(&f.players[k], wire.AppendPing(nil, echoing(f.now.Sub(began))))
						}
					}
					f.now = f.now.Add(shard.Period)
					f.shard.Advance(f.now)
				}
				before := f.sent
				for range 5000 {
					from := f.players[r.IntN(2)].from
					if r.IntN(2) == 0 {
						from = netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(r.Uint32())}), 99)
					}
					f.shard.Receive(f.now, from, f.hostile(r, room[:]))
					n++
				}
				mu.Lock()
				answered += f.sent - before
				mu.Unlock()
			}
			c := f.shard.Counts()
			mu.Lock()
			defer mu.Unlock()
			accepted += c.Accepted - honest
			if c.Accepted < honest {
				t.Errorf("%d of %d authentic datagrams were accepted, want all", c.Accepted, honest)
			}
			thrown += c.Datagrams - honest
			repeats += f.repeats
			sent += f.sent
			if c.Sessions != 2 {
				t.Errorf("%d of 2 players are left: %+v", c.Sessions, c)
			}
			if c.Moved > 2 || c.Dropped[shard.DropForged] == 0 || c.Dropped[shard.DropReplayed] == 0 ||
				c.Dropped[shard.DropMalformed] == 0 {
				t.Errorf("the attack was not of every kind, or moved a session: %+v", c)
			}
		})
	}
	all.Wait()
	mustFigure(t, "hostile_accepted", float64(accepted), "datagrams", atMost(0))
	mustFigure(t, "hostile_answered", float64(answered), "datagrams", atMost(0))
	figure("hostile_thrown", float64(thrown), "datagrams", reportOnly)
	mustFigure(t, "nonce_repeats", float64(repeats), "of the server's datagrams", atMost(0))
	figure("nonce_ledger", float64(sent), "datagrams", reportOnly)
}
