package matchfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"time"
)

// The layout of a file, big endian. It begins with a header, and slots follow, each with two copies of a record. A
// record is written over the older copy, so the newer one stays whole if the write does not.
//
//	off       len
//	0          16  header
//	4096     2048  slot 0: copy 0, copy 1
//	6144     2048  slot 1
//	...
//
// A copy that was never written is zero. Any other:
//
//	off len
//	  0   4  CRC-32C of the bytes that follow, to the end of the record
//	  4   8  number of the write: the copy with the greater one is newer
//	 12   8  when it was written, in Unix seconds
//	 20   1  length of the match's name; 0 if the slot is free
//	 21   2  length of the record
//	 23      name of the match, record
const (
	headerText = "pong matches 1\n\x00"
	firstSlot  = 4096
	copyLen    = 1024
	slotLen    = 2 * copyLen
	copyHeader = 23

	maxSlots = 1 << 15 // 64 MiB: more matches than a server takes
)

// MaxRecord is the greatest length in bytes of a match's name and its record together.
const MaxRecord = copyLen - copyHeader

// errForeign is the error of reading a file that is not one of this package.
var errForeign = errors.New("the file has no matches")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// slots are the slots of a file, and which match has which.
type slots struct {
	file   *os.File
	writes uint64 // so far
	next   int    // the number of slots that have been used
	free   []slot // used, and free again
	of     map[string]slot
	buffer [copyLen]byte
}

// A slot is one with a record, or one that is free.
type slot struct {
	index int
	copy  int // the newer one, which must stay as it is until the other one is written
}

// read reads all slots. A file that is empty gets its header.
func (s *slots) read(now time.Time, maxAge time.Duration) (found Found, err error) {
	all, err := io.ReadAll(io.LimitReader(s.file, firstSlot+maxSlots*slotLen+1))
	if err != nil {
		return found, err
	}
	if found, err = s.parse(all, now, maxAge); err == nil && len(all) == 0 {
		_, err = s.file.WriteAt([]byte(headerText), 0)
	}
	return found, err
}

// parse reads the slots of a whole file.
func (s *slots) parse(all []byte, now time.Time, maxAge time.Duration) (found Found, err error) {
	*s = slots{file: s.file, of: make(map[string]slot)}
	found.Records = make(map[string][]byte)
	if len(all) > 0 && !bytes.HasPrefix(all, []byte(headerText)) || len(all) > firstSlot+maxSlots*slotLen {
		return found, errForeign
	}
	for at := firstSlot; at < len(all); at += slotLen {
		s.readSlot(now, maxAge, all[at:min(at+slotLen, len(all))], &found)
	}
	return found, nil
}

// readSlot reads the next slot.
func (s *slots) readSlot(now time.Time, maxAge time.Duration, b []byte, found *Found) {
	at := slot{index: s.next}
	s.next++
	var newest entry
	whole := false
	for i := range 2 {
		part := b[min(i*copyLen, len(b)):min((i+1)*copyLen, len(b))]
		if e, ok := parseCopy(part); ok && (!whole || e.number > newest.number) {
			newest, at.copy, whole = e, i, true
		}
	}
	s.writes = max(s.writes, newest.number)
	_, twice := s.of[newest.match]
	switch {
	case !whole && len(bytes.Trim(b, "\x00")) > 0:
		found.Damaged++
	case !whole || newest.match == "" || twice:
	case maxAge > 0 && now.Sub(newest.written) > maxAge:
		found.Expired++
	default:
		s.of[newest.match] = at
		found.Records[newest.match] = bytes.Clone(newest.record)
		return
	}
	s.free = append(s.free, at)
}

// An entry is the content of a copy.
type entry struct {
	number  uint64
	written time.Time
	match   string
	record  []byte
}

// parseCopy parses a copy. ok is false if it is not whole.
func parseCopy(b []byte) (e entry, ok bool) {
	if len(b) < copyHeader {
		return e, false
	}
	name, record := int(b[20]), int(binary.BigEndian.Uint16(b[21:]))
	end := copyHeader + name + record
	if end > len(b) || crc32.Checksum(b[4:end], castagnoli) != binary.BigEndian.Uint32(b) {
		return e, false
	}
	return entry{
		number:  binary.BigEndian.Uint64(b[4:]),
		written: time.Unix(int64(binary.BigEndian.Uint64(b[12:])), 0),
		match:   string(b[copyHeader : copyHeader+name]),
		record:  b[copyHeader+name : end],
	}, true
}

// appendCopy appends a copy to dst.
func (e *entry) appendCopy(dst []byte) []byte {
	start := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	dst = binary.BigEndian.AppendUint64(dst, e.number)
	dst = binary.BigEndian.AppendUint64(dst, uint64(e.written.Unix()))
	dst = append(dst, byte(len(e.match)))
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(e.record)))
	dst = append(append(dst, e.match...), e.record...)
	binary.BigEndian.PutUint32(dst[start:], crc32.Checksum(dst[start+4:], castagnoli))
	return dst
}

// write writes the record of a match, or frees its slot if the record is nil.
func (s *slots) write(now time.Time, match string, record []byte) error {
	at, has := s.of[match]
	switch {
	case record == nil && !has:
		return nil
	case match == "" || len(match)+len(record) > MaxRecord || len(match) > 255:
		return fmt.Errorf("a record of %d bytes for match %.20q does not fit", len(record), match)
	case !has:
		var err error
		if at, err = s.take(); err != nil {
			return err
		}
	}
	e := entry{number: s.writes + 1, written: now, match: match, record: record}
	if record == nil {
		e.match = ""
	}
	at.copy = 1 - at.copy
	b := e.appendCopy(s.buffer[:0])
	if _, err := s.file.WriteAt(b, int64(firstSlot+at.index*slotLen+at.copy*copyLen)); err != nil {
		if !has {
			at.copy = 1 - at.copy
			s.free = append(s.free, at)
		}
		return err
	}
	s.writes++
	if record == nil {
		delete(s.of, match)
		s.free = append(s.free, at)
		return nil
	}
	s.of[match] = at
	return nil
}

// take returns a free slot.
func (s *slots) take() (slot, error) {
	if n := len(s.free); n > 0 {
		at := s.free[n-1]
		s.free = s.free[:n-1]
		return at, nil
	}
	if s.next == maxSlots {
		return slot{}, fmt.Errorf("all %d slots of %s are used", maxSlots, s.file.Name())
	}
	s.next++
	return slot{index: s.next - 1}, nil
}
