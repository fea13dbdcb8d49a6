package shard

import (
	"bytes"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// FuzzDatagram gives a shard any bytes twice. As a datagram they must be neither accepted nor answered, because the
// fuzzer does not have the player's keys. As a body that a player has sealed they must not disturb anyone: both players
// keep their seats and addresses, and the match goes on.
func FuzzDatagram(f *testing.F) {
	ping := wire.AppendPing(nil, unstamped)
	f.Add([]byte{})
	f.Add([]byte{9})
	f.Add(ping)
	f.Add(append([]byte{9, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9}, make([]byte, 40)...))
	f.Add(wire.AppendRegister(nil, unstamped, wire.Register{PlayerID: 1}))
	f.Add(wire.AppendInput(nil, unstamped, wire.Input{
		Newest: 9, Runs: []netcode.Run[game.Input]{{Input: game.Up, N: 4}},
	}))
	f.Add(wire.AppendInput(nil, unstamped, wire.Input{
		Newest: 1 << 31, Runs: []netcode.Run[game.Input]{{Input: game.Down, N: 1}},
	}))
	f.Add(wire.AppendChallenge(nil, unstamped, [8]byte{1}))
	f.Add(wire.AppendResponse(nil, unstamped, [8]byte{1}))
	f.Add(bytes.Repeat([]byte{0xff}, sealed.MaxDatagram-sealed.Overhead))
	f.Fuzz(func(t *testing.T, b []byte) {
		d := newTestShard(t, nil)
		left, right := d.joinTwo()
		d.run(5*time.Second, left, right)
		before, sent := d.Counts(), len(d.sent[left.from])

		d.Receive(d.now, left.from, b)
		after := d.Counts()
		if after.Accepted != before.Accepted || after.Sent != before.Sent || len(d.sent[left.from]) != sent {
			t.Errorf("%x is accepted or answered", b)
		}
		if len(b) == 0 || len(b) > sealed.MaxDatagram-sealed.Overhead {
			return
		}
		left.send(b)
		if got := d.Counts(); got.Datagrams != before.Datagrams+2 || got.Sent != before.Sent {
			t.Errorf("%x, sealed, is answered at once or not counted: %+v", b, got)
		}
		d.run(time.Second, left, right)
		if p := d.tables.sessions[right.id]; p == nil || p.seat.status != seatOnline || p.path.Address() != right.from {
			t.Fatalf("%x, sealed by one player, has disturbed the other", b)
		}
		if p := d.tables.sessions[left.id]; p == nil || p.path.Address() != left.from {
			t.Fatalf("%x, sealed by a player, has changed that player's seat or address", b)
		}
		if len(right.states()) < 100 {
			t.Error("the other player is sent too few STATEs")
		}
	})
}
