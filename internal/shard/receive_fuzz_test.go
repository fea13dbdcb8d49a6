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

// FuzzDatagram gives a shard any bytes as a datagram before authentication, and the same bytes after it: sealed by a
// player, who may say anything. The first are neither accepted nor answered, unless they are a body sealed with the
// player's keys, which a fuzzer does not have. The second disturb nobody: the other player's seat, game and address stay,
// and the match goes on.
func FuzzDatagram(f *testing.F) {
	ping := wire.AppendPing(nil, stamp)
	f.Add([]byte{})
	f.Add([]byte{9})
	f.Add(ping)
	f.Add(append([]byte{9, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9}, make([]byte, 40)...))
	f.Add(wire.AppendRegister(nil, stamp, wire.Register{PlayerID: 1}))
	f.Add(wire.AppendInput(nil, stamp, wire.Input{Newest: 9, Runs: []netcode.Run[game.Input]{{Input: game.Up, N: 4}}}))
	f.Add(wire.AppendInput(nil, stamp, wire.Input{Newest: 1 << 31, Runs: []netcode.Run[game.Input]{{Input: game.Down, N: 1}}}))
	f.Add(wire.AppendChallenge(nil, stamp, [8]byte{1}))
	f.Add(wire.AppendResponse(nil, stamp, [8]byte{1}))
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
		if p := d.sessions[right.id]; p == nil || p.seat.status != wire.StatusOnline || p.path.Address() != right.from {
			t.Fatalf("%x, said by one player, has disturbed the other", b)
		}
		if p := d.sessions[left.id]; p == nil || p.path.Address() != left.from {
			t.Fatalf("%x has cost the player who said it the seat or the address", b)
		}
		if len(right.states()) < 100 {
			t.Errorf("the other player is not sent STATEs any more")
		}
	})
}
