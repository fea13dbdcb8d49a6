package matchfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

var testTime = time.Unix(1_000_000_000, 0)

func pathOf(t *testing.T) string { return filepath.Join(t.TempDir(), "matches") }

func open(t *testing.T, cfg Config, now time.Time) (*File, Found) {
	t.Helper()
	f, found, err := Open(now, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, found
}

// put writes records of matches at once.
func (f *File) put(t *testing.T, now time.Time, records map[string]string) {
	t.Helper()
	for match, record := range records {
		f.Put(match, []byte(record))
	}
	if err := f.flush(now); err != nil {
		t.Fatal(err)
	}
}

// texts returns the records as texts.
func (f Found) texts() map[string]string {
	all := map[string]string{}
	for match, record := range f.Records {
		all[match] = string(record)
	}
	return all
}

func TestFile_KeepsTheNewestRecords(t *testing.T) {
	cfg := Config{Path: pathOf(t)}
	f, _ := open(t, cfg, testTime)
	want := map[string]string{}
	for i := range 300 {
		match := fmt.Sprint("m", i%40)
		if i%7 == 0 {
			delete(want, match)
			f.Put(match, nil)
		} else {
			want[match] = fmt.Sprint("record ", i)
			f.Put(match, []byte(want[match]))
		}
		if i%3 == 0 {
			if err := f.flush(testTime); err != nil {
				t.Fatal(err)
			}
		}
		if i%50 == 49 {
			f.put(t, testTime, nil)
			f.Close()
			var found Found
			f, found = open(t, cfg, testTime)
			if got := found.texts(); !maps.Equal(got, want) {
				t.Fatalf("after %d writes the file has %v, want %v", i+1, got, want)
			}
		}
	}
	if n := f.slots.next; n > 40 {
		t.Errorf("%d slots for at most 40 matches at once", n)
	}
}

// A write that is cut off at any byte leaves the record that was there before.
func TestFile_TornWriteLeavesTheOlderRecord(t *testing.T) {
	cfg := Config{Path: pathOf(t)}
	f, _ := open(t, cfg, testTime)
	f.put(t, testTime, map[string]string{"m1": "old"})
	f.put(t, testTime, map[string]string{"m1": "middle"})
	before, _ := os.ReadFile(cfg.Path)
	f.put(t, testTime, map[string]string{"m1": "newest"})
	after, _ := os.ReadFile(cfg.Path)
	f.Close()
	length := copyHeader + len("m1") + len("newest")
	at := 0
	for at < len(before) && at < len(after) && before[at] == after[at] {
		at++
	}
	at -= (at - firstSlot) % copyLen // where the copy begins
	for n := range length {
		torn := bytes.Clone(before)
		copy(torn[at:], after[at:at+n])
		if err := os.WriteFile(cfg.Path, torn, 0o600); err != nil {
			t.Fatal(err)
		}
		f, found := open(t, cfg, testTime)
		if got := found.texts(); got["m1"] != "middle" || found.Aside != "" {
			t.Errorf("%d of %d bytes were written: %v, want the older record", n, length, got)
		}
		f.Close()
	}
}

// A slot that is used again does not bring its former match back if the write is cut off.
func TestFile_TornWriteBringsNoMatchBack(t *testing.T) {
	cfg := Config{Path: pathOf(t)}
	f, _ := open(t, cfg, testTime)
	f.put(t, testTime, map[string]string{"m1": "one"})
	f.Put("m1", nil)
	f.put(t, testTime, nil)
	before, _ := os.ReadFile(cfg.Path)
	f.put(t, testTime, map[string]string{"m2": "two"})
	after, _ := os.ReadFile(cfg.Path)
	f.Close()
	for n := firstSlot; n < len(after); n++ {
		torn := append(bytes.Clone(after[:n]), before[min(n, len(before)):]...)
		if err := os.WriteFile(cfg.Path, torn, 0o600); err != nil {
			t.Fatal(err)
		}
		f, found := open(t, cfg, testTime)
		if record, ok := found.Records["m1"]; ok {
			t.Fatalf("%d bytes were written, and m1 is back: %q", n, record)
		}
		f.Close()
	}
}

func TestFile_DamagedSlotsAreCounted(t *testing.T) {
	cfg := Config{Path: pathOf(t)}
	f, _ := open(t, cfg, testTime)
	f.put(t, testTime, map[string]string{"m1": "one"})
	f.put(t, testTime, map[string]string{"m2": "two"})
	f.Close()
	all, _ := os.ReadFile(cfg.Path)
	for i := firstSlot; i < firstSlot+slotLen; i++ {
		all[i] ^= 0xff
	}
	_ = os.WriteFile(cfg.Path, all, 0o600)
	_, found := open(t, cfg, testTime)
	if found.Damaged != 1 || !maps.Equal(found.texts(), map[string]string{"m2": "two"}) {
		t.Errorf("found %+v, want m2 and one damaged slot", found)
	}
}

func TestFile_ForeignFileIsSetAside(t *testing.T) {
	cfg := Config{Path: pathOf(t)}
	for _, content := range []string{"a shopping list", headerText[:8], "pong matches 2\n\x00"} {
		if err := os.WriteFile(cfg.Path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		f, found := open(t, cfg, testTime)
		if aside, _ := os.ReadFile(found.Aside); string(aside) != content {
			t.Errorf("%q: %q is set aside in %q", content, aside, found.Aside)
		}
		f.put(t, testTime, map[string]string{"m1": "one"})
		f.Close()
		if f, found = open(t, cfg, testTime); found.texts()["m1"] != "one" {
			t.Errorf("%q: after it was set aside, the new file has %v", content, found.texts())
		}
		f.Close()
	}
}

func TestFile_OldRecordsAreRemoved(t *testing.T) {
	cfg := Config{Path: pathOf(t), MaxAge: time.Minute}
	f, _ := open(t, cfg, testTime)
	f.put(t, testTime, map[string]string{"m1": "one"})
	f.put(t, testTime.Add(2*time.Minute), map[string]string{"m2": "two"})
	f.Close()
	f, found := open(t, cfg, testTime.Add(150*time.Second))
	if found.Expired != 1 || !maps.Equal(found.texts(), map[string]string{"m2": "two"}) {
		t.Errorf("found %+v, want m2 and one that has expired", found)
	}
	f.Close()
	if _, found = open(t, cfg, testTime.Add(-time.Hour)); found.Expired != 0 {
		t.Errorf("with a clock that was set back, %d records have expired, want none", found.Expired)
	}
}

func TestFile_IsOneServers(t *testing.T) {
	cfg := Config{Path: pathOf(t)}
	f, _ := open(t, cfg, testTime)
	if _, _, err := Open(testTime, cfg); !errors.Is(err, ErrInUse) {
		t.Errorf("a second server gets %v, want ErrInUse", err)
	}
	f.Close()
	open(t, cfg, testTime)
}

func TestFile_RecordThatDoesNotFit(t *testing.T) {
	f, _ := open(t, Config{Path: pathOf(t)}, testTime)
	f.Put("m1", make([]byte, MaxRecord-len("m1")))
	if err := f.flush(testTime); err != nil {
		t.Errorf("the longest record: %v", err)
	}
	f.Put("m2", make([]byte, MaxRecord))
	if err := f.flush(testTime); err == nil {
		t.Error("a record that is too long is written")
	}
}

// While the disk is full nothing is lost: the newest record is written when there is room again, and both changes are
// reported once. The file is closed in place of a full disk.
func TestRun_WritesAgainAfterAFailure(t *testing.T) {
	path := pathOf(t)
	var mu sync.Mutex
	var reports []error
	reported := make(chan struct{}, 8)
	f, _ := open(t, Config{Path: path, Failed: func(err error) {
		mu.Lock()
		defer mu.Unlock()
		reports = append(reports, err)
		reported <- struct{}{}
	}}, testTime)
	whole := f.slots.file
	readOnly, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer readOnly.Close()
	f.slots.file = readOnly
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { f.Run(ctx); close(ended) }()
	f.Put("m1", []byte("old"))
	<-reported
	f.Put("m1", []byte("new"))
	cancel()
	<-ended
	f.slots.file = whole
	if err := f.flush(testTime); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if _, found := open(t, Config{Path: path}, testTime); found.texts()["m1"] != "new" {
		t.Errorf("the file has %v, want the newest record", found.texts())
	}
	if len(reports) != 1 || reports[0] == nil {
		t.Errorf("reported %v, want one failure", reports)
	}
}

// Run writes what waits when it ends.
func TestRun_WritesTheLastRecords(t *testing.T) {
	path := pathOf(t)
	f, _ := open(t, Config{Path: path}, testTime)
	ctx, cancel := context.WithCancel(t.Context())
	f.Put("m1", []byte("one"))
	cancel()
	f.Run(ctx)
	f.Run(ctx) // has nothing to do
	f.Close()
	if _, found := open(t, Config{Path: path}, testTime); found.texts()["m1"] != "one" {
		t.Errorf("the file has %v, want the last record", found.texts())
	}
}

// FuzzSlots parses any bytes behind the header of a file. Every slot is either that of a match or free, and what is
// found was written by appendCopy.
func FuzzSlots(f *testing.F) {
	e := entry{number: 3, written: testTime, match: "m1", record: []byte("record")}
	b := e.appendCopy(nil)
	f.Add(b)
	f.Add(append(b, make([]byte, copyLen-len(b)+3)...))
	header := append([]byte(headerText), make([]byte, firstSlot-len(headerText))...)
	f.Fuzz(func(t *testing.T, b []byte) {
		var s slots
		found, err := s.parse(append(bytes.Clone(header), b...), testTime, 0)
		if err != nil || len(s.of)+len(s.free) != s.next || len(found.Records) != len(s.of) {
			t.Fatalf("%v: %d matches and %d free slots of %d, and %d records", err, len(s.of), len(s.free), s.next,
				len(found.Records))
		}
		for match, at := range s.of {
			part := b[at.index*slotLen+at.copy*copyLen:]
			e, ok := parseCopy(part)
			if again := e.appendCopy(nil); !ok || e.match != match || !bytes.HasPrefix(part, again) {
				t.Fatalf("the copy of %q is written as %x", match, again)
			}
		}
	})
}

func BenchmarkPut(b *testing.B) {
	f, _, err := Open(testTime, Config{Path: filepath.Join(b.TempDir(), "matches")})
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	record := make([]byte, 250)
	for b.Loop() {
		f.Put("m1", record)
		if err := f.flush(testTime); err != nil {
			b.Fatal(err)
		}
	}
}
