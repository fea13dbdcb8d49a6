package shard

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"net/netip"
	"time"

	"pong/internal/game"
	"pong/internal/ticket"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// SavedEvery is how many ticks lie between two times at which a match is saved, if nothing happens that is worth saving
// at once.
const SavedEvery = game.TickRate

// Errors of Restore and ParseSaved.
var (
	ErrOtherRules = errors.New("the match has other rules than the server")
	errSaved      = errors.New("not a saved match")
)

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

// save saves a match if that is due. A match that has not begun, or has ended, is not kept: its players find each other
// again as they did before.
func (s *Shard) save(m *match) {
	if !m.unsaved && (m.state.Tick+m.serial)%SavedEvery != 0 {
		return
	}
	m.unsaved = false
	if !m.begun {
		s.forget(m)
		return
	}
	m.saved = true
	s.scratch.saved = m.saveable(s.cfg.Rules).Append(s.scratch.saved[:0])
	s.cfg.Save(m.name, s.scratch.saved)
}

// forget removes what is saved of a match.
func (s *Shard) forget(m *match) {
	if m.saved {
		m.saved = false
		s.cfg.Save(m.name, nil)
	}
}

// saveable returns a match that has begun, so that both of its seats are taken, as it is saved.
func (m *match) saveable(rules game.Rules) *Saved {
	r := &Saved{
		Serial: m.serial, Name: m.name, Room: m.room, Rules: rules, Lineup: m.lineup, Game: m.game, State: m.state,
	}
	for i := range m.seats {
		seat := &m.seats[i]
		r.Seats[i] = SavedSeat{seat.name, seat.holder, seat.session.resume, seat.ticket, seat.rematch}
	}
	return r
}

// Restore continues a match that another process has saved. Both players are silent at first, so the match is paused
// until they have taken their seats again, and is over for a player who does not: see FreedAfter. It is not their fault
// that they are away, so the pause budgets of the game begin anew.
func (s *Shard) Restore(now time.Time, r *Saved) error {
	if r.Rules != s.cfg.Rules {
		return ErrOtherRules
	}
	if len(s.tables.sessions)+len(r.Seats) > s.cfg.MaxSeats {
		return ErrFull
	}
	s.serial++
	m := &match{serial: s.serial, name: r.Name, room: r.Room, state: r.State, begun: true, unsaved: true, saved: true}
	for i := range m.applied {
		m.applied[i] = bothAway
	}
	m.active = m.tick()
	m.seats = [2]seat{newSeat(m, 0), newSeat(m, 1)}
	var absent [2]*session
	for i := range absent {
		var err error
		if absent[i], err = s.absent(now, &m.seats[i], &r.Seats[i]); err != nil {
			return err
		}
	}
	m.start = s.tables.calendar.restart(m, now)
	s.tables.addMatch(m, now)
	for i, p := range absent {
		s.tables.occupy(p, r.Seats[i].Name, r.Seats[i].Ticket)
		s.tables.register(p)
		m.seats[i].status, m.seats[i].rematch = seatSilent, r.Seats[i].Rematch
	}
	s.tables.setLineup(m, r.Lineup, r.Game)
	s.report(m, nil, Restored, NoReason)
	return nil
}

// absent returns a session for a player who has to come back. Nobody has its keys, so no datagram belongs to it. It
// keeps the seat, as that of a player of whom nothing arrives any more.
func (s *Shard) absent(now time.Time, seat *seat, r *SavedSeat) (*session, error) {
	if s.tables.resumes[r.Resume] != nil {
		return nil, errSaved
	}
	var id sealed.ID
	var secret [sha256.Size]byte
	if _, err := io.ReadFull(s.cfg.Random, id[:]); err != nil {
		return nil, err
	}
	if _, err := io.ReadFull(s.cfg.Random, secret[:]); err != nil {
		return nil, err
	}
	const anySuite = 0x1301
	keys, err := sealed.FromSecret(sealed.Server, wire.KeyLabel, anySuite, secret[:], id)
	if err != nil {
		return nil, err
	}
	p := &session{
		id: id, sealed: keys, seat: seat, joined: now, resume: r.Resume, addr: r.Holder.Addr(),
		bucket: newBucket(now), lastReceived: seat.match.tick(),
	}
	p.inputs.Reset(seat.match.tick())
	return p, nil
}
