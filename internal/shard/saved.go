package shard

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"net/netip"

	"pong/internal/game"
	"pong/internal/ticket"
	"pong/internal/wire"
)

var errSaved = errors.New("not a saved match")

// A Saved is a match as another process needs it to go on: see Config.Save and Shard.Restore. It has the digests of the
// secrets with which the players take their seats again, and no secret and no key.
type Saved struct {
	Serial       uint32 // of the match in its shard
	Name, Room   string
	Rules        game.Rules
	Lineup, Game uint8 // as in wire.Standing
	State        game.State
	Seats        [2]SavedSeat
}

// A SavedSeat is a seat of a Saved.
type SavedSeat struct {
	Name    string
	Holder  netip.Prefix      // of the address that has taken the seat; may be invalid
	Resume  [sha256.Size]byte // the digest of the resume secret
	Ticket  ticket.ID         // of the join ticket by which the seat was taken; zero without one
	Rematch bool              // the player asks for another game
}

// MaxSaved is the length in bytes that no saved match exceeds.
const MaxSaved = 960

// savedVersion is the first byte of a saved match.
const savedVersion = 2

// Append appends the bytes of a saved match to dst, big endian. A text is two bytes with its length and as many bytes
// of UTF-8; an address is one byte with its length, 0, 4 or 16, and as many bytes.
//
//	off len
//	  0   1  version, 2
//	  1   4  serial
//	  5   1  lineup
//	  6   1  game
//	  7  38  state, see game.State.Append
//	 45   2  points that win a game
//	         name of the rules, name of the match, code of the room: texts
//
// The two seats follow, the left one first:
//
//	32  digest of the resume secret
//	16  id of the join ticket
//	 1  1 if the player asks for another game, else 0
//	    address of the holder
//	    name: text
func (r *Saved) Append(dst []byte) []byte {
	dst = append(dst, savedVersion)
	dst = binary.BigEndian.AppendUint32(dst, r.Serial)
	dst = append(dst, r.Lineup, r.Game)
	dst = r.State.Append(dst)
	dst = binary.BigEndian.AppendUint16(dst, r.Rules.Points)
	for _, text := range []string{r.Rules.Name(), r.Name, r.Room} {
		dst = appendText(dst, text)
	}
	for i := range r.Seats {
		seat := &r.Seats[i]
		dst = append(append(dst, seat.Resume[:]...), seat.Ticket[:]...)
		dst = append(dst, 0)
		if seat.Rematch {
			dst[len(dst)-1] = 1
		}
		addr := seat.Holder.Addr().AsSlice()
		dst = append(append(dst, byte(len(addr))), addr...)
		dst = appendText(dst, seat.Name)
	}
	return dst
}

func appendText(dst []byte, text string) []byte {
	return append(binary.BigEndian.AppendUint16(dst, uint16(len(text))), text...)
}

// ParseSaved is the inverse of Append. It checks what the game and the tables of a shard rely on, but no names and no
// room. The rules are those of the name, with the points.
func ParseSaved(b []byte) (*Saved, error) {
	r, in := new(Saved), savedReader{rest: b}
	if in.bytes(1)[0] != savedVersion {
		return nil, errSaved
	}
	r.Serial = binary.BigEndian.Uint32(in.bytes(4))
	r.Lineup, r.Game = in.bytes(1)[0], in.bytes(1)[0]
	state, err := game.ParseState(in.bytes(game.StateLen))
	if err != nil {
		return nil, err
	}
	r.State = state
	points := binary.BigEndian.Uint16(in.bytes(2))
	rules, unknown := game.ParseRules(in.text())
	r.Rules = rules
	r.Rules.Points = points
	r.Name, r.Room = in.text(), in.text()
	for i := range r.Seats {
		seat := &r.Seats[i]
		copy(seat.Resume[:], in.bytes(sha256.Size))
		copy(seat.Ticket[:], in.bytes(len(seat.Ticket)))
		rematch := in.bytes(1)[0]
		seat.Rematch = rematch == 1
		if n := int(in.bytes(1)[0]); n > 0 {
			addr, ok := netip.AddrFromSlice(in.bytes(n))
			in.failed = in.failed || !ok
			seat.Holder = ClientPrefix(addr)
		}
		seat.Name = in.text()
		in.failed = in.failed || rematch > 1 || seat.Name == ""
	}
	if in.failed || len(in.rest) > 0 || unknown != nil || r.Name == "" || r.Game == 0 || r.Game > wire.MaxGame ||
		r.Seats[0].Resume == r.Seats[1].Resume ||
		r.Seats[0].Ticket == r.Seats[1].Ticket && r.Seats[0].Ticket != (ticket.ID{}) {
		return nil, errSaved
	}
	return r, nil
}

// A savedReader takes fields from the front of bytes. If there are not enough bytes, it fails, and all that it returns
// from then on is zero.
type savedReader struct {
	rest   []byte
	failed bool
}

func (in *savedReader) bytes(n int) []byte {
	if in.failed || n > len(in.rest) {
		in.failed = true
		return make([]byte, min(n, maxSavedField))
	}
	b := in.rest[:n]
	in.rest = in.rest[n:]
	return b
}

// maxSavedField bounds what a field that is missing allocates.
const maxSavedField = 64

func (in *savedReader) text() string {
	return string(in.bytes(int(binary.BigEndian.Uint16(in.bytes(2)))))
}
