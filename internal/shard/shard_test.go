package shard

import (
	"encoding/base64"
	"errors"
	"io"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"pong/internal/game"
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
	keys, err := sealed.New(sealed.Server, 0x1301, secret, s.id)
	if err != nil {
		d.t.Fatal(err)
	}
	s.keys, _ = sealed.New(sealed.Client, 0x1301, secret, s.id)
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

func TestJoin_PairsInOrderOfArrival(t *testing.T) {
	d := newTestShard(t, nil)
	for i, want := range []struct {
		match  string
		player int
	}{{"m1", 1}, {"m1", 2}, {"m2", 1}, {"m2", 2}, {"m3", 1}} {
		if w := d.join().welcome; w.Match != want.match || w.PlayerID != want.player {
			t.Errorf("newcomer %d is player %d of %s, want %d of %s", i+1, w.PlayerID, w.Match, want.player, want.match)
		}
	}
	if c := d.Counts(); c.Sessions != 5 || c.Matches != 3 {
		t.Errorf("%d sessions and %d matches, want 5 and 3", c.Sessions, c.Matches)
	}
}

func TestJoin_FillsFreedSeats(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.MaxSeats = 4 })
	d.joinTwo()
	_, second := d.joinTwo()
	if _, err := d.tryJoin(nil); !errors.Is(err, ErrFull) {
		t.Fatalf("a fifth player at four seats: %v", err)
	}
	d.Leave(d.now, second.id)
	if again := d.join().welcome; again.Match != "m2" || again.PlayerID != 2 {
		t.Errorf("the newcomer is player %d of %s, want 2 of m2, whose seat is free", again.PlayerID, again.Match)
	}
	if _, err := d.tryJoin(nil); !errors.Is(err, ErrFull) {
		t.Errorf("a fifth player at four seats: %v", err)
	}
}

func TestJoin_Welcome(t *testing.T) {
	rules := game.ClassicRules()
	d := newTestShard(t, func(cfg *Config) { cfg.Rules = rules })
	a, b := d.joinTwo()
	w := a.welcome
	if w.Type != wire.Welcome || w.PlayerID != 1 || w.Session != a.id.String() || w.Rules != "classic" || w.Points != 11 ||
		w.TickRate != 60 || w.StateRate != 20 || len(w.Token) != 22 || len(w.Resume) != 22 {
		t.Errorf("WELCOME is %+v", w)
	}
	if w.Token == b.welcome.Token || w.Resume == b.welcome.Resume || w.Token == w.Resume {
		t.Error("two secrets are the same")
	}
}

func TestJoin_FailsWithoutRandomness(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Random, cfg.Seed = io.LimitReader(cfg.Random, 40), 1 })
	if _, err := d.tryJoin(nil); err != nil {
		t.Fatal(err)
	}
	if _, err := d.tryJoin(nil); err == nil {
		t.Error("a player was seated with a token that is not random")
	}
	if c := d.Counts(); c.Sessions != 1 {
		t.Errorf("%d sessions, want 1", c.Sessions)
	}
}

func TestTimeouts_UnregisteredSeatIsFreed(t *testing.T) {
	d := newTestShard(t, nil)
	if _, err := d.tryJoin(nil); err != nil {
		t.Fatal(err)
	}
	d.run(RegisterWithin - Period)
	if n := len(d.reported(Vacated)); n != 0 {
		t.Fatalf("the seat was freed too early")
	}
	d.run(3 * Period)
	c := d.Counts()
	if len(d.reported(Vacated)) != 1 || len(d.reported(Closed)) != 1 || c.NeverRegistered != 1 || c.Sessions+c.Matches != 0 {
		t.Errorf("after 10 s: %+v, %+v", d.reports, c)
	}
}

func TestJoin_ResumeSecretWorksOnce(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	back, err := d.tryJoin(right.resume())
	if err != nil || back.welcome.PlayerID != 2 || back.welcome.Match != "m1" {
		t.Fatalf("came back as %+v: %v", back, err)
	}
	d.run(time.Second, left, right) // until it registers, the old session plays
	if n := len(right.lines(wire.Error)); n > 0 {
		t.Error("the old session has ended before the new one has registered")
	}
	back.register()
	d.run(100*time.Millisecond, left, back)
	if n := len(right.lines(wire.Error)); n != 1 {
		t.Errorf("the old session was told %d times that it has ended", n)
	}
	before := d.Counts().Unknown
	right.ping()
	if d.Counts().Unknown != before+1 {
		t.Error("the old session is still heard")
	}
	if len(back.states()) == 0 {
		t.Error("the new session gets no STATE")
	}
	for name, secret := range map[string][]byte{"used": right.resume(), "empty": {}, "made up": make([]byte, 16)} {
		if _, err := d.tryJoin(secret); !errors.Is(err, ErrResume) {
			t.Errorf("a %s secret: %v", name, err)
		}
	}
	if _, err := d.tryJoin(back.resume()); err != nil {
		t.Errorf("the new secret does not work: %v", err)
	}
}

// TestReceiveAll_EndedSessionIsUnknownInTheSameBatch: who has come back with a new session in one datagram of a batch is not heard
// under the old one in the next.
func TestReceiveAll_EndedSessionIsUnknownInTheSameBatch(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	back, err := d.tryJoin(right.resume())
	if err != nil {
		t.Fatal(err)
	}
	seal := func(s *testPlayer, plain []byte) Datagram {
		b, err := s.keys.Seal(nil, plain)
		if err != nil {
			t.Fatal(err)
		}
		return Datagram{d.now, s.from, b}
	}
	before := d.Counts()
	d.ReceiveAll([]Datagram{
		seal(right, wire.AppendPing(nil, stamp)),
		seal(back, wire.AppendRegister(nil, stamp, wire.Register{PlayerID: 2, Token: back.token})),
		seal(right, wire.AppendPing(nil, stamp)),
		seal(back, wire.AppendPing(nil, stamp)),
	})
	got := d.Counts()
	if got.Unknown != before.Unknown+1 || got.Accepted != before.Accepted+3 {
		t.Errorf("of four datagrams %d are of an unknown session and %d accepted, want 1 and 3", got.Unknown-before.Unknown, got.Accepted-before.Accepted)
	}
}

func TestJoin_ResumeWorksAgainWithoutRegister(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	if _, err := d.tryJoin(right.resume()); err != nil {
		t.Fatal(err)
	}
	d.run(RegisterWithin+time.Second, left, right)
	if n := d.Counts().Sessions; n != 2 {
		t.Errorf("%d sessions, want the two that play", n)
	}
	back, err := d.tryJoin(right.resume())
	if err != nil {
		t.Fatalf("the second attempt to come back: %v", err)
	}
	back.register()
	d.run(time.Second, left, back)
	if n := d.Counts().Sessions; n != 2 || len(d.reported(Vacated)) > 0 {
		t.Errorf("%d sessions, %+v", n, d.reported(Vacated))
	}
}

func TestControlLost_WhileResumingKeepsTheSeat(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Auto = false })
	left, right := d.joinTwo()
	back, err := d.tryJoin(right.resume())
	if err != nil {
		t.Fatal(err)
	}
	d.ControlLost(d.now, right.id, "closed the connection") // the server notices only now that the old connection is gone
	back.register()
	d.run(time.Second, left, back)
	if d.Begin(d.now) != 1 || len(d.reported(Vacated)) > 0 {
		t.Errorf("who came back has lost the seat: %+v", d.reported(Vacated))
	}
}

func TestBegin_StartsEachReadyMatchOnce(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Auto = false })
	a, b := d.joinTwo()
	c, e := d.joinTwo()
	alone := d.join()
	d.run(time.Second, a, b, c, e, alone)
	if n := len(d.reported(Ready)); n != 2 {
		t.Errorf("%d matches are reported ready, want 2", n)
	}
	if n := d.Begin(d.now); n != 2 {
		t.Errorf("%d matches have begun, want 2", n)
	}
	if n := d.Begin(d.now); n != 0 {
		t.Errorf("%d matches have begun twice", n)
	}
	for _, s := range []*testPlayer{a, b, c, e} {
		if n := len(s.lines(wire.Start)); n != 1 {
			t.Errorf("%d STARTs, want 1", n)
		}
	}
	if len(alone.lines(wire.Start)) > 0 {
		t.Error("a player alone is told START")
	}
}

func TestStop_TellsEveryPlayer(t *testing.T) {
	d := newTestShard(t, nil)
	a, b := d.joinTwo()
	d.Stop()
	for _, s := range []*testPlayer{a, b} {
		if e := s.lines(wire.Error); len(e) != 1 || e[0].Code != wire.CodeClosing {
			t.Errorf("at the end a player was told %+v", e)
		}
	}
}
