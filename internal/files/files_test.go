package files

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestReplace_FileThatIsRead renames files over one that two goroutines read all the time. Each read has one of them as
// a whole.
func TestReplace_FileThatIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	content := func(n int) []byte { return bytes.Repeat([]byte{byte('a' + n%26)}, 1000) }
	if err := os.WriteFile(path, content(0), 0o600); err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	ended := make(chan struct{})
	defer readers.Wait()
	defer close(ended)
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-ended:
					return
				default:
				}
				got, err := Read(path)
				if err != nil || len(got) != 1000 || !bytes.Equal(got, bytes.Repeat(got[:1], 1000)) {
					t.Errorf("read %d bytes, error %v; want 1000 equal ones", len(got), err)
					return
				}
			}
		})
	}
	for n := range 200 {
		if err := os.WriteFile(path+".new", content(n), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Rename(path+".new", path); err != nil {
			t.Fatalf("rename %d of 200: %v", n+1, err)
		}
	}
}

// TestReplace_WaitsForOthers renames a file over one that an editor has open for some milliseconds.
func TestReplace_WaitsForOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for _, name := range []string{path, path + ".new"} {
		if err := os.WriteFile(name, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(20*time.Millisecond, func() { f.Close() })
	if err := Rename(path+".new", path); err != nil {
		t.Error(err)
	}
	if text, err := Read(path); string(text) != path+".new" {
		t.Errorf("read %q, error %v; want the new file", text, err)
	}
}

// A busy file is tried again for half a second; other errors are returned at once.
func TestReplace_TriesAgainForABoundedTime(t *testing.T) {
	errBusy, errOther := errors.New("busy"), errors.New("other")
	busy := func(err error) bool { return err == errBusy }
	for _, test := range []struct {
		name  string
		fails int
		err   error
		want  error
		took  time.Duration
	}{
		{"free", 0, errBusy, nil, 0},
		{"busy for a moment", 5, errBusy, nil, 5 * busyPause},
		{"busy for ever", 1 << 20, errBusy, errBusy, busyWithin},
		{"missing", 1, errOther, errOther, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			start, calls := time.Now(), 0
			err := whileBusy(busy, func() error {
				if calls++; calls <= test.fails {
					return test.err
				}
				return nil
			})
			if took := time.Since(start); err != test.want || took != test.took {
				t.Errorf("%s: error %v after %v, want %v after %v", test.name, err, took, test.want, test.took)
			}
		})
	}
}

func TestDecode_TakesWhatEditorsWrite(t *testing.T) {
	for text, want := range map[string]string{
		"plain\r\n": "plain\r\n", "": "", "\xef\xbb\xbfzoë": "zoë", "\xff\xfez\x00o\x00\xeb\x00": "zoë",
		"\xfe\xff\x00z\x00o\x00\xeb": "zoë", "\xff\xfe": "", "\xff\xfez\x00\x00": "z", "\xff\xfe\x3d\xd8\x00\xde": "😀",
	} {
		if got := Decode([]byte(text)); string(got) != want {
			t.Errorf("Decode(%q) = %q, want %q", text, got, want)
		}
	}
}
