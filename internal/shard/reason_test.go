package shard

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"pong/internal/wire"
	"pong/netcode"
)

// removals are the ways in which a client can be removed. Each starts from a match with both players and one watcher,
// and removes the right player or the watcher.
var removals = []struct {
	why      Reason
	watcher  bool
	remove   func(d *testShard, left, right, watcher *testPlayer)
	message  string // to the client; "" if it is sent nothing
	opponent string // to the other player, with the result
}{
	{Left, false, func(d *testShard, _, right, _ *testPlayer) { d.Leave(d.now, right.id) },
		"You have left the match.", "The other player left."},
	{Left, true, func(d *testShard, _, _, watcher *testPlayer) { d.Leave(d.now, watcher.id) },
		"You have left the match.", ""},
	{ConnectionClosed, true, func(d *testShard, _, _, watcher *testPlayer) {
		d.ControlLost(d.now, watcher.id, ConnectionClosed)
	}, "", ""},
	{BadLine, true, func(d *testShard, _, _, watcher *testPlayer) { d.ControlLost(d.now, watcher.id, BadLine) },
		"You are no longer watching: this program broke the rules of the control channel.", ""},
	{ControlSilent, true, func(d *testShard, _, _, watcher *testPlayer) {
		d.ControlLost(d.now, watcher.id, ControlSilent)
	},
		"You are no longer watching: nothing arrived on the control channel for too long.", ""},
	{NoResponse, false, func(d *testShard, left, _, watcher *testPlayer) {
		d.tables.sessions[left.id].seat.other().paused = -time.Hour // or the pause budget ends first
		d.run(FreedAfter+time.Second, left, watcher)
	}, "You were removed from the match: UDP between you and the server did not work in both directions for 60 s.",
		"UDP between the other player and the server did not work in both directions for 60 s."},
	{NoResponse, true, func(d *testShard, left, right, _ *testPlayer) { d.run(FreedAfter+time.Second, left, right) },
		"You are no longer watching: UDP between you and the server did not work in both directions for 60 s.", ""},
	{PauseBudgetExhausted, false, func(d *testShard, left, right, watcher *testPlayer) {
		d.run(SilentAfter+40*time.Second, left, watcher)
		d.run(4*time.Second, left, right, watcher)
		d.run(SilentAfter+21*time.Second, left, watcher)
	}, "You were removed from the match: your connection used up the pauses of this game: 60 s in all, and each " +
		"counts as 6 s at least.",
		"The other player's connection used up its pauses: 60 s a game, and each counts as 6 s at least."},
	{KeysExpired, false, func(d *testShard, left, right, watcher *testPlayer) {
		d.tables.sessions[right.id].joined = d.now.Add(-KeyLife)
		d.run(2*time.Second, left, right, watcher)
	}, "You were removed from the match: a connection can be used for 12 hours. Join again.",
		"The other player's connection was older than 12 hours."},
	{KeysExpired, true, func(d *testShard, left, right, watcher *testPlayer) {
		d.tables.sessions[watcher.id].joined = d.now.Add(-KeyLife)
		d.run(2*time.Second, left, right, watcher)
	}, "You are no longer watching: a connection can be used for 12 hours. Join again.", ""},
	{Idle, false, func(d *testShard, left, right, watcher *testPlayer) {
		right.match().active -= netcode.Tick(IdleAfter/Period) + 1
		d.run(2*time.Second, left, right, watcher)
	}, "You were removed from the match: nobody pressed a key for half an hour.", ""},
	{Kicked, false, func(d *testShard, _, right, _ *testPlayer) { d.Kick(d.now, right.id) },
		"You were removed from the match: the operator of this server has removed you. You can join again.",
		"The operator of the server has removed the other player."},
	{Kicked, true, func(d *testShard, _, _, watcher *testPlayer) { d.Kick(d.now, watcher.id) },
		"You are no longer watching: the operator of this server has removed you. You can join again.", ""},
	{Denied, false, func(d *testShard, _, right, _ *testPlayer) {
		d.cfg.Denied = func(a netip.Addr) bool { return a == right.from.Addr() }
		d.RemoveDenied()
	}, "You were removed from the match: the operator of this server does not admit your address.",
		"The operator of the server has removed the other player."},
	{MatchEnded, true, func(d *testShard, left, right, watcher *testPlayer) {
		d.Leave(d.now, left.id)
		d.Leave(d.now, right.id)
		d.run(time.Second, watcher)
	}, "The match has ended.", ""},
}

func TestReason_IsToldToEachRecipient(t *testing.T) {
	for _, test := range removals {
		name := test.why.String()
		d := newTestShard(t, nil)
		left, right := d.joinTwo()
		d.runUntilPlaying(left, right)
		watcher := d.joinAs(JoinRequest{Watch: true})
		d.run(time.Second, left, right, watcher)
		test.remove(d, left, right, watcher)

		removed := right
		if test.watcher {
			removed = watcher
		}
		if m := removed.lines(wire.Error); !isRemoval(m, test.why, test.message) {
			t.Errorf("%s, watcher %v: the client is sent %+v, want ERROR %q", name, test.watcher, m, test.message)
		}
		if test.opponent != "" {
			if m := left.lines(wire.End); len(m) != 1 || m[0].Winner != 1 || m[0].Message != test.opponent {
				t.Errorf("%s: the other player is sent %+v, want END %q", name, m, test.opponent)
			}
			if m := watcher.lines(wire.End); len(m) != 1 || m[0].Message != test.opponent {
				t.Errorf("%s: a watcher is sent %+v, want END %q", name, m, test.opponent)
			}
		}
		found := false
		for _, r := range d.reported(Vacated) {
			found = found || r.Reason == test.why && (r.Player == 0) == test.watcher
		}
		if !found {
			t.Errorf("%s, watcher %v: reported %+v", name, test.watcher, d.reported(Vacated))
		}
	}
}

// isRemoval reports whether the ERRORs that a removed client is sent are one with a message, or none for "".
func isRemoval(errors []wire.Message, why Reason, message string) bool {
	if message == "" {
		return len(errors) == 0
	}
	return len(errors) == 1 && errors[0].Code == why.code() && errors[0].Message == message
}

// TestReason_OfUnregisteredPlayers removes players that have not registered.
func TestReason_OfUnregisteredPlayers(t *testing.T) {
	for _, test := range []struct {
		why     Reason
		remove  func(d *testShard, p *testPlayer)
		message string
	}{
		{ConnectionClosed, func(d *testShard, p *testPlayer) { d.ControlLost(d.now, p.id, ConnectionClosed) },
			""},
		{BadLine, func(d *testShard, p *testPlayer) { d.ControlLost(d.now, p.id, BadLine) },
			"You were removed from the match: this program broke the rules of the control channel."},
		{ControlSilent, func(d *testShard, p *testPlayer) { d.ControlLost(d.now, p.id, ControlSilent) },
			"You were removed from the match: nothing arrived on the control channel for too long."},
		{NotRegistered, func(d *testShard, p *testPlayer) { d.run(RegisterWithin + time.Second) },
			"You were removed from the match: no game traffic (UDP) arrived within 10 s."},
		{TooManyUnregistered, func(d *testShard, p *testPlayer) {
			for i := range maxUnregistered - 1 {
				d.joinOnly(i, p.from.Addr().String())
			}
			d.run(timeToRegister)
			d.joinOnly(maxUnregistered, p.from.Addr().String())
		}, "You were removed from the match: no game traffic (UDP) arrived, and others from this address joined."},
	} {
		d := newTestShard(t, nil)
		p, err := d.tryJoin(nil)
		if err != nil {
			t.Fatal(err)
		}
		test.remove(d, p)
		if m := p.lines(wire.Error); !isRemoval(m, test.why, test.message) {
			t.Errorf("%v: the client is sent %+v, want ERROR %q", test.why, m, test.message)
		}
		if r := d.reported(Vacated); len(r) == 0 || r[0].Reason != test.why {
			t.Errorf("%v: reported %+v", test.why, r)
		}
	}
}

func TestReason_OfReplacedSession(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	watcher := d.joinAs(JoinRequest{Watch: true})
	for p, want := range map[*testPlayer]string{
		right:   "You were removed from the match: you joined again over another connection.",
		watcher: "You are no longer watching: you joined again over another connection.",
	} {
		back, err := d.tryJoin(p.resume())
		if err != nil {
			t.Fatal(err)
		}
		back.register()
		if m := p.lines(wire.Error); len(m) != 1 || m[0].Message != want {
			t.Errorf("the replaced session is sent %+v, want ERROR %q", m, want)
		}
	}
}

// TestReason_HasAllTexts holds every reason against the limits of the protocol.
func TestReason_HasAllTexts(t *testing.T) {
	for why := NoReason + 1; why < numReasons; why++ {
		if why.String() == "" {
			t.Errorf("reason %d has no text for the operator", why)
		}
		for _, watcher := range []bool{false, true} {
			m := why.message(watcher)
			if why == ConnectionClosed { // nothing is sent
				continue
			}
			if len(m) > 200 || !strings.HasSuffix(m, ".") || strings.HasSuffix(m, ": ") {
				t.Errorf("reason %v, watcher %v: the message is %q", why, watcher, m)
			}
		}
	}
}
