package cluster

import (
	"encoding/binary"
	"errors"
	"time"
)

// A kind is what a message on the bus is about.
type kind uint8

// The kinds of messages.
const (
	kindBeat   kind = iota + 1 // a node lives; it has all that others know of the node
	kindCopies                 // states of matches, for their standby
	kindAcks                   // states that have arrived
	kindDrop                   // matches that need no copy any more
	kindAsk                    // a node asks the others to fence another one
	kindVote                   // a node has fenced another one
	kindBye                    // a node has ended, and plays nothing any more
)

// version is the first byte of every message.
const version = 1

// Limits of a message. A message that exceeds one is dropped.
const (
	mostEntries = 512
	mostRecord  = 2048
	mostText    = 256
	mostOver    = 128
)

// A message is what one node sends to others. Which fields it has depends on its kind.
type message struct {
	kind     kind
	name     string // of the sender
	instance string // of the sender: another one for each process, and after it was fenced

	beat   beat
	copies []copied
	acks   []acked
	drops  []string // names of matches
	target string   // the instance to fence, or that was fenced
}

// A beat says that a node lives.
type beat struct {
	number   uint32
	age      time.Duration // of the instance
	size     int           // how many nodes the cluster has
	leased   bool          // the sender has the right to play
	draining bool
	address  string // HOST:PORT by which players reach the node
	players  int
	echoes   []echo   // the newest beats that have arrived
	over     []string // instances that are over
}

// An echo is the newest beat of an instance that has arrived.
type echo struct {
	instance string
	number   uint32
}

// A copied is the state of a match at a tick.
type copied struct {
	match  string
	epoch  uint32
	tick   uint32
	record []byte
}

// An acked is a copy that has arrived.
type acked struct {
	match string
	tick  uint32
}

// append appends the bytes of a message to dst, big endian. A text is two bytes with its length and as many bytes; a
// list is two bytes with the number of its entries, and the entries.
//
//	1  version, 1
//	1  kind
//	   name, instance of the sender: texts
//
// A beat (kind 1) goes on with
//
//	4  number
//	4  age of the instance in milliseconds
//	2  number of nodes of the cluster
//	1  bit 0: leased; 1: draining
//	4  players
//	   address for players: text
//	   list of echoes: instance (text), number (4)
//	   list of instances that are over: texts
//
// and the others with
//
//	copies (2)          list: match (text), epoch (4), tick (4), record (text)
//	acks (3)            list: match (text), tick (4)
//	drop (4)            list: match (text)
//	ask (5), vote (6)   instance: text
//	bye (7)             nothing
func (m *message) append(dst []byte) []byte {
	dst = append(dst, version, byte(m.kind))
	dst = appendText(appendText(dst, m.name), m.instance)
	switch m.kind {
	case kindBeat:
		return m.beat.append(dst)
	case kindCopies:
		dst = appendCount(dst, len(m.copies))
		for _, c := range m.copies {
			dst = binary.BigEndian.AppendUint32(appendText(dst, c.match), c.epoch)
			dst = binary.BigEndian.AppendUint32(dst, c.tick)
			dst = append(appendCount(dst, len(c.record)), c.record...)
		}
	case kindAcks:
		dst = appendCount(dst, len(m.acks))
		for _, a := range m.acks {
			dst = binary.BigEndian.AppendUint32(appendText(dst, a.match), a.tick)
		}
	case kindDrop:
		dst = appendTexts(dst, m.drops)
	case kindAsk, kindVote:
		dst = appendText(dst, m.target)
	}
	return dst
}

// append appends the bytes of a beat.
func (b *beat) append(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint32(dst, b.number)
	dst = binary.BigEndian.AppendUint32(dst, uint32(b.age.Milliseconds()))
	dst = binary.BigEndian.AppendUint16(dst, uint16(b.size))
	flags := byte(0)
	if b.leased {
		flags |= 1
	}
	if b.draining {
		flags |= 2
	}
	dst = binary.BigEndian.AppendUint32(append(dst, flags), uint32(b.players))
	dst = appendText(dst, b.address)
	dst = appendCount(dst, len(b.echoes))
	for _, e := range b.echoes {
		dst = binary.BigEndian.AppendUint32(appendText(dst, e.instance), e.number)
	}
	return appendTexts(dst, b.over)
}

func appendCount(dst []byte, n int) []byte { return binary.BigEndian.AppendUint16(dst, uint16(n)) }

func appendText(dst []byte, text string) []byte { return append(appendCount(dst, len(text)), text...) }

func appendTexts(dst []byte, texts []string) []byte {
	dst = appendCount(dst, len(texts))
	for _, text := range texts {
		dst = appendText(dst, text)
	}
	return dst
}

var errMessage = errors.New("not a message of this cluster's protocol")

// parse is the inverse of append. Records are copied out of b, which the caller may use again.
func parse(b []byte) (*message, error) {
	in := reader{rest: b}
	if in.uint8() != version {
		return nil, errMessage
	}
	m := &message{kind: kind(in.uint8()), name: in.text(mostText), instance: in.text(mostText)}
	switch m.kind {
	case kindBeat:
		m.beat = in.beat()
	case kindCopies:
		for range in.count() {
			c := copied{match: in.text(mostText), epoch: in.uint32(), tick: in.uint32()}
			c.record = []byte(in.text(mostRecord))
			m.copies = append(m.copies, c)
		}
	case kindAcks:
		for range in.count() {
			m.acks = append(m.acks, acked{match: in.text(mostText), tick: in.uint32()})
		}
	case kindDrop:
		m.drops = in.texts()
	case kindAsk, kindVote:
		m.target = in.text(mostText)
	case kindBye:
	default:
		in.failed = true
	}
	if in.failed || len(in.rest) > 0 || m.name == "" || m.instance == "" {
		return nil, errMessage
	}
	return m, nil
}

// A reader takes fields from the front of bytes. If there are not enough bytes, or a field exceeds its limit, it fails,
// and all that it returns from then on is zero.
type reader struct {
	rest   []byte
	failed bool
}

func (in *reader) take(n int) []byte {
	if in.failed || n > len(in.rest) {
		in.failed = true
		return make([]byte, min(n, 4))
	}
	b := in.rest[:n]
	in.rest = in.rest[n:]
	return b
}

func (in *reader) uint8() uint8   { return in.take(1)[0] }
func (in *reader) uint16() uint16 { return binary.BigEndian.Uint16(in.take(2)) }
func (in *reader) uint32() uint32 { return binary.BigEndian.Uint32(in.take(4)) }

func (in *reader) text(most int) string {
	n := int(in.uint16())
	if n > most {
		in.failed = true
	}
	if in.failed {
		return ""
	}
	return string(in.take(n))
}

func (in *reader) count() int {
	n := int(in.uint16())
	if n > mostEntries {
		in.failed = true
	}
	if in.failed {
		return 0
	}
	return n
}

func (in *reader) texts() (texts []string) {
	for range in.count() {
		texts = append(texts, in.text(mostText))
	}
	return texts
}

func (in *reader) beat() (b beat) {
	b.number = in.uint32()
	b.age = time.Duration(in.uint32()) * time.Millisecond
	b.size = int(in.uint16())
	flags := in.uint8()
	b.leased, b.draining = flags&1 != 0, flags&2 != 0
	in.failed = in.failed || flags > 3
	b.players = int(in.uint32())
	b.address = in.text(mostText)
	for range in.count() {
		b.echoes = append(b.echoes, echo{in.text(mostText), in.uint32()})
	}
	b.over = in.texts()
	return b
}
