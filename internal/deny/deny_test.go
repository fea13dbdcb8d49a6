package deny

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestParse_LinesAndErrors(t *testing.T) {
	for _, test := range []struct{ text, want, failure string }{
		{"", "[]", ""},
		{"# nobody\n\n   \n", "[]", ""},
		{"192.0.2.7\n", "[192.0.2.7/32]", ""},
		{"  192.0.2.0/24 # a school\r\n2001:db8::/48\r\n", "[192.0.2.0/24 2001:db8::/48]", ""},
		{"192.0.2.7/24", "[192.0.2.0/24]", ""},
		{"::ffff:192.0.2.7\n::ffff:192.0.2.0/120\n", "[192.0.2.7/32 192.0.2.0/24]", ""},
		{"fe80::1%eth0\n0.0.0.0/0\n::/0", "[fe80::1/128 0.0.0.0/0 ::/0]", ""},
		{"192.0.2.7\nevil.example\n", "", `line 2: "evil.example" is no address and no prefix such as`},
		{"192.0.2.0/33", "", "line 1: "},
		{"\n\n192.0.2.1 192.0.2.2", "", "line 3: "},
		{"::ffff:192.0.2.0/64", "", "line 1: "},
		{strings.Repeat("x", 1<<20), "", "line 1: "},
	} {
		list, err := Parse(test.text)
		switch {
		case test.failure != "":
			if err == nil || !strings.HasPrefix(err.Error(), test.failure) || len(err.Error()) > 200 {
				t.Errorf("Parse(%.40q) failed with %.300v, want %q", test.text, err, test.failure)
			}
		case err != nil || fmt.Sprint(list) != test.want:
			t.Errorf("Parse(%.40q) = %v, %v, want %s", test.text, list, err, test.want)
		}
	}
}

func TestFormat_IsParsedAgain(t *testing.T) {
	for text, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "192.0.2.7/32": "192.0.2.7", "192.0.2.7/24": "192.0.2.0/24",
		"2001:db8::1":    "2001:db8::1",
		"2001:db8::1/64": "2001:db8::/64", "::ffff:192.0.2.7": "192.0.2.7",
	} {
		p, err := ParsePrefix(text)
		again, err2 := ParsePrefix(Format(p))
		if Format(p) != want || again != p || err != nil || err2 != nil {
			t.Errorf("%s is %s and then %v (%v, %v), want %s", text, Format(p), again, err, err2, want)
		}
	}
}

// openText returns the list of a new file with a text, and the file's path.
func openText(t *testing.T, text string) (*List, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "deny")
	if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
	l, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return l, path
}

func TestList_Contains(t *testing.T) {
	l, _ := openText(t, "192.0.2.0/24\n203.0.113.7\n2001:db8:1::/48\n2001:db8:2::5\n")
	for address, want := range map[string]bool{
		"192.0.2.0": true, "192.0.2.255": true, "192.0.3.0": false, "192.0.1.255": false,
		"203.0.113.7": true, "203.0.113.8": false, "::ffff:203.0.113.7": true, "::ffff:192.0.2.9": true,
		"2001:db8:1::": true, "2001:db8:1:ffff::1": true, "2001:db8:2::4": false, "2001:db8:2::5": true,
		"2001:db8:2::5%eth0": true, "::": false, "0.0.0.0": false,
	} {
		if got := l.Contains(netip.MustParseAddr(address)); got != want {
			t.Errorf("Contains(%s) = %v, want %v", address, got, want)
		}
	}
	if l.Contains(netip.Addr{}) || (*List)(nil).Contains(netip.MustParseAddr("192.0.2.1")) {
		t.Error("an invalid address is denied, or a list that does not exist denies one")
	}
}

// TestList_OfManyIsCheap has 100 000 prefixes of all lengths of IPv4 from 8 on: a lookup looks once for each length,
// and allocates nothing.
func TestList_OfManyIsCheap(t *testing.T) {
	var text strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&text, "%d.%d.%d.%d/%d # %d\n", 11+i%200, i>>16, i>>8&255, i&255, 8+i%25, i)
	}
	l, _ := openText(t, text.String())
	s := l.set.Load()
	if n := len(s.bits[0]); n != 25 || len(s.bits[1]) != 0 {
		t.Fatalf("a lookup looks for %d lengths of IPv4 and %d of IPv6, want 25 and 0", n, len(s.bits[1]))
	}
	absent, present := netip.MustParseAddr("10.1.2.3"), netip.MustParseAddr("::ffff:11.0.0.1")
	allocated := testing.AllocsPerRun(100, func() {
		if l.Contains(absent) || !l.Contains(present) {
			t.Fatalf("Contains(%v), Contains(%v) = %v, %v, want false, true", absent, present, l.Contains(absent),
				l.Contains(present))
		}
	})
	if allocated != 0 {
		t.Errorf("two lookups make %v allocations, want none", allocated)
	}
}

func TestOpen_NamesWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad")
	if err := os.WriteFile(bad, []byte("192.0.2.1\nnobody\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(dir, "missing")
	for path, want := range map[string]string{bad: bad + ": line 2: ", missing: "make the file", dir: dir} {
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Open(%s) failed with %v, want an error with %q", path, err, want)
		}
	}
	if _, err := Open(missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open(%s) failed with %v, want %v", missing, err, fs.ErrNotExist)
	}
}

// TestReload_KeepsTheListAfterAnError replaces the file by one with an error, and by none.
func TestReload_KeepsTheListAfterAnError(t *testing.T) {
	first, second := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	l, path := openText(t, "192.0.2.1\n")
	for _, damage := range []func() error{
		func() error { return os.WriteFile(path, []byte("192.0.2.2\nnobody\n"), 0o600) },
		func() error { return os.Remove(path) },
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Reload(); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("Reload() failed with %v, want an error that names %s", err, path)
		}
		if !l.Contains(first) || l.Contains(second) {
			t.Errorf("after an error %v is denied: %v, and %v: %v; want true and false", first, l.Contains(first),
				second, l.Contains(second))
		}
	}
	if err := os.WriteFile(path, []byte("192.0.2.2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := l.Reload(); n != 1 || err != nil || l.Contains(first) || !l.Contains(second) {
		t.Errorf("Reload() = %d, %v with %v denied: %v; want 1 prefix, %v alone", n, err, first, l.Contains(first),
			second)
	}
}

var (
	friday = time.Date(2026, 11, 27, 23, 5, 0, 0, time.UTC)
	bad    = netip.MustParsePrefix("203.0.113.7/32")
)

// TestBan_IsWrittenToTheFile keeps comments, the ends of lines, the mode and what was added meanwhile; a prefix is
// written once; and unbanning removes its line alone.
func TestBan_IsWrittenToTheFile(t *testing.T) {
	const before = "# the worst\r\n192.0.2.0/24 # a botnet"
	l, path := openText(t, before)
	if err := os.WriteFile(path, []byte(before+"\r\n192.0.3.0/24"), 0o640); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := l.Ban(friday, bad); err != nil {
			t.Fatal(err)
		}
	}
	const want = before + "\r\n192.0.3.0/24\r\n203.0.113.7 # banned 2026-11-27 23:05 UTC\r\n"
	if text, err := os.ReadFile(path); string(text) != want || err != nil {
		t.Errorf("the file has %q (%v), want %q", text, err, want)
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("the file has mode %v (%v), want 0640", info.Mode().Perm(), err)
	}
	for _, address := range []string{"203.0.113.7", "192.0.3.1"} {
		if !l.Contains(netip.MustParseAddr(address)) {
			t.Errorf("%s is not denied", address)
		}
	}
	if found, still, err := l.Unban(bad); !found || still.IsValid() || err != nil {
		t.Errorf("Unban(%v) = %v, %v, %v, want true and no wider prefix", bad, found, still, err)
	}
	if text, _ := os.ReadFile(path); string(text) != before+"\r\n192.0.3.0/24\r\n" || l.Contains(bad.Addr()) {
		t.Errorf("after Unban the file has %q, and %v is denied: %v", text, bad.Addr(), l.Contains(bad.Addr()))
	}
	if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 1 {
		t.Errorf("the folder has %v, want the list alone", files)
	}
}

// TestBan_WithoutAFileLasts until the server ends, over changes of other prefixes.
func TestBan_WithoutAFileLasts(t *testing.T) {
	l, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	wide := netip.MustParsePrefix("203.0.113.0/24")
	if err := errors.Join(l.Ban(friday, bad), l.Ban(friday, wide)); err != nil {
		t.Fatal(err)
	}
	if n, err := l.Reload(); n != 0 || err != nil || !l.Contains(bad.Addr()) {
		t.Errorf("Reload() = %d, %v and %v is denied: %v; want 0, nil, true", n, err, bad.Addr(),
			l.Contains(bad.Addr()))
	}
	if listed, banned := l.Prefixes(); len(listed) != 0 || len(banned) != 2 {
		t.Errorf("Prefixes() = %v, %v, want none and two", listed, banned)
	}
	if found, still, err := l.Unban(bad); !found || still != wide || err != nil {
		t.Errorf("Unban(%v) = %v, %v, %v, want true and %v, which is wider", bad, found, still, err, wide)
	}
	if found, _, err := l.Unban(bad); found || err != nil {
		t.Errorf("a second Unban(%v) = %v, %v, want false", bad, found, err)
	}
}

// TestBan_HoldsIfTheFileCannotBeChanged because it has an error or is missing: the file stays as it is, and the ban
// outlasts the next reload.
func TestBan_HoldsIfTheFileCannotBeChanged(t *testing.T) {
	l, path := openText(t, "192.0.2.1\n")
	const damaged = "192.0.2.1\nnobody\n"
	if err := os.WriteFile(path, []byte(damaged), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := l.Ban(friday, bad); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("Ban with a damaged file failed with %v, want an error that names line 2", err)
	}
	if text, _ := os.ReadFile(path); string(text) != damaged {
		t.Errorf("the damaged file has become %q, want it as it was", text)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Reload(); err != nil || !l.Contains(bad.Addr()) || l.Contains(netip.MustParseAddr("192.0.2.1")) {
		t.Errorf("after a reload (%v) %v is denied: %v, want true", err, bad.Addr(), l.Contains(bad.Addr()))
	}
}
