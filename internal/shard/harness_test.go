package shard

import (
	"encoding/base64"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// A testShard is a shard with all that it says, and the time.
type testShard struct {
	*Shard
	t       testing.TB
	now     time.Time
	sent    map[netip.AddrPort][][]byte
	lines   map[sealed.ID][]wire.Message
	reports []Report
	serial  byte
	random  *rand.ChaCha8
}

func newTestShard(t testing.TB, change func(*Config)) *testShard {
	d := &testShard{
		t: t, now: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		sent: make(map[netip.AddrPort][][]byte), lines: make(map[sealed.ID][]wire.Message),
		random: rand.NewChaCha8([32]byte{1}),
	}
	cfg := Config{
		Auto: true, Random: d.random,
		Send: func(_ netip.Addr, to netip.AddrPort, b []byte) {
			d.sent[to] = append(d.sent[to], append([]byte(nil), b...))
		},
		SendLine: func(to sealed.ID, m wire.Message) { d.lines[to] = append(d.lines[to], m) },
		Report: func(r Report) {
			d.reports = append(d.reports, r)
		},
	}
	if change != nil {
		change(&cfg)
	}
	d.Shard = New(cfg, d.now)
	return d
}

// A testPlayer is a player at the desk: its keys and what it was told when it came.
type testPlayer struct {
	shard   *testShard
	id      sealed.ID
	keys    *sealed.Session
	from    netip.AddrPort
	welcome wire.Message
	token   [wire.TokenLen]byte
}

// tryJoin asks for a seat.
func (d *testShard) tryJoin(resume []byte) (*testPlayer, error) {
	return d.tryJoinAs(JoinRequest{Resume: resume})
}

// tryJoinAs asks for a place as a joiner with a room or a match to watch.
func (d *testShard) tryJoinAs(j JoinRequest) (*testPlayer, error) {
	d.serial++
	s := &testPlayer{shard: d, id: sealed.ID{d.serial}, from: netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, d.serial}), 9)}
	secret := make([]byte, 32)
	secret[0] = d.serial
	keys, err := sealed.FromSecret(sealed.Server, wire.KeyLabel, 0x1301, secret, s.id)
	if err != nil {
		d.t.Fatal(err)
	}
	s.keys, _ = sealed.FromSecret(sealed.Client, wire.KeyLabel, 0x1301, secret, s.id)
	j.ID, j.Sealed, j.Name, j.Addr = s.id, keys, string('a'+rune(d.serial)), s.from.Addr()
	s.welcome, err = d.Join(d.now, j)
	if err != nil {
		return nil, err
	}
	token, _ := base64.RawURLEncoding.DecodeString(s.welcome.Token)
	s.token = [wire.TokenLen]byte(token)
	d.Presence(d.now, s.id)
	return s, nil
}

// join joins a player and has it register.
func (d *testShard) join() *testPlayer {
	d.t.Helper()
	return d.joinAs(JoinRequest{})
}

// joinAs is seat for a joiner with a room or a match to watch.
func (d *testShard) joinAs(j JoinRequest) *testPlayer {
	d.t.Helper()
	s, err := d.tryJoinAs(j)
	if err != nil {
		d.t.Fatal(err)
	}
	s.register()
	return s
}

// joinTwo seats two players and begins their match.
func (d *testShard) joinTwo() (left, right *testPlayer) { return d.join(), d.join() }

var stamp = netcode.Stamp{Hold: netcode.NoEcho}

func (s *testPlayer) send(plain []byte) {
	b, err := s.keys.Seal(nil, plain)
	if err != nil {
		s.shard.t.Fatal(err)
	}
	s.shard.Receive(s.shard.now, s.from, b)
}

func (s *testPlayer) register() {
	s.send(wire.AppendRegister(nil, stamp, wire.Register{PlayerID: uint8(s.welcome.PlayerID), Token: s.token}))
}

func (s *testPlayer) ping() { s.send(wire.AppendPing(nil, stamp)) }

func (s *testPlayer) resume() []byte {
	secret, _ := base64.RawURLEncoding.DecodeString(s.welcome.Resume)
	return secret
}

// states opens the STATEs that were sent to the player since the last call.
func (s *testPlayer) states() (all []wire.State) {
	for _, b := range s.shard.sent[s.from] {
		plain, _, err := s.keys.Open(nil, b)
		if err != nil {
			s.shard.t.Fatalf("a datagram to player %d does not open: %v", s.welcome.PlayerID, err)
		}
		if wire.Type(plain[0]) != wire.TypeState {
			continue
		}
		var st wire.State
		if err := wire.ParseState(plain, &st); err != nil {
			s.shard.t.Fatal(err)
		}
		all = append(all, st)
	}
	delete(s.shard.sent, s.from)
	return all
}

// lines returns the lines of a type that the player was told.
func (s *testPlayer) lines(kind string) (found []wire.Message) {
	for _, m := range s.shard.lines[s.id] {
		if m.Type == kind {
			found = append(found, m)
		}
	}
	return found
}

// run lets time pass, tick by tick; the players given are kept from being silent.
func (d *testShard) run(span time.Duration, awake ...*testPlayer) {
	for end := d.now.Add(span); d.now.Before(end); {
		next := d.Next(d.now)
		if next.After(end) {
			d.now = end
			return
		}
		if next.Sub(d.now) < 0 {
			d.t.Fatalf("the next step is at %v, now is %v", next, d.now)
		}
		d.now = next
		for _, s := range awake {
			if st, _ := d.State(s.id); st.Tick%30 == 0 {
				s.ping()
			}
		}
		d.Advance(d.now)
	}
}

func (d *testShard) reported(kind Kind) (found []Report) {
	for _, r := range d.reports {
		if r.Kind == kind {
			found = append(found, r)
		}
	}
	return found
}
