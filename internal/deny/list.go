// Package deny has the list of the clients that a server does not admit: address prefixes from a file, which an
// operator can change while the server runs, and prefixes that are banned until the server ends.
package deny

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pong/internal/files"
)

// A List is a list of denied address prefixes. Its methods can be called from any goroutine, and Contains never waits
// for a file.
type List struct {
	path string // of the file; empty without one
	set  atomic.Pointer[set]

	mu     sync.Mutex     // guards what follows, and the changes of the file
	listed []netip.Prefix // in the file
	banned []netip.Prefix // until the server ends
}

// Open returns the list of a file. If path is empty the list has no file, and begins empty.
func Open(path string) (*List, error) {
	l := &List{path: path}
	l.set.Store(newSet())
	if path == "" {
		return l, nil
	}
	_, err := l.Reload()
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w: make the file, which may be empty, or correct its name", err)
	}
	return l, err
}

// Path returns the path of the file, empty if there is none.
func (l *List) Path() string { return l.path }

// Contains reports whether an address is denied. A nil List has no addresses.
func (l *List) Contains(a netip.Addr) bool {
	if l == nil || !a.IsValid() {
		return false
	}
	_, found := l.set.Load().match(a)
	return found
}

// Reload reads the file again and returns how many prefixes it has. After an error the list is as it was. A list
// without a file stays as it is.
func (l *List) Reload() (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.path == "" {
		return 0, nil
	}
	_, listed, err := l.read()
	if err != nil {
		return 0, err
	}
	l.use(listed)
	return len(listed), nil
}

// Ban adds a prefix: to the file if there is one, and otherwise until the server ends. Other changes of the file are
// taken up. If the file cannot be changed, the prefix is denied until the server ends, and the error is why.
func (l *List) Ban(now time.Time, p netip.Prefix) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.path == "" {
		l.keep(p)
		return nil
	}
	text, listed, err := l.read()
	if err == nil && !slices.Contains(listed, p) {
		listed = append(listed, p)
		err = l.write(withLine(text, Format(p)+" # banned "+now.UTC().Format("2006-01-02 15:04 MST")))
	}
	if err != nil {
		l.keep(p)
		return err
	}
	l.use(listed)
	return nil
}

// Unban removes a prefix from the list and from the file. It reports whether the list had it, and returns a wider
// prefix by which its first address is still denied; invalid if it is not. After an error the file is as it was.
func (l *List) Unban(p netip.Prefix) (found bool, still netip.Prefix, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	kept := slices.DeleteFunc(slices.Clone(l.banned), func(other netip.Prefix) bool { return other == p })
	found, l.banned = len(kept) < len(l.banned), kept
	if l.path != "" {
		inFile, failed := l.unlist(p)
		found, err = found || inFile, failed
	}
	l.use(l.listed)
	still, _ = l.set.Load().match(p.Addr())
	return found, still, err
}

// unlist removes a prefix from the file, and reports whether the file had it. The caller holds mu.
func (l *List) unlist(p netip.Prefix) (found bool, err error) {
	text, listed, err := l.read()
	if err != nil {
		return slices.Contains(l.listed, p), err
	}
	if found = slices.Contains(listed, p); found {
		if err := l.write(withoutPrefix(text, p)); err != nil {
			return true, err
		}
	}
	l.listed = slices.DeleteFunc(listed, func(other netip.Prefix) bool { return other == p })
	return found, nil
}

// Prefixes returns the prefixes of the file, in its order, and those that are banned until the server ends.
func (l *List) Prefixes() (listed, banned []netip.Prefix) {
	if l == nil {
		return nil, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.listed), slices.Clone(l.banned)
}

// keep denies a prefix until the server ends. The caller holds mu.
func (l *List) keep(p netip.Prefix) {
	if !slices.Contains(l.banned, p) {
		l.banned = append(l.banned, p)
	}
	l.use(l.listed)
}

// use makes the prefixes of the file and those that are banned the ones that are denied. The caller holds mu.
func (l *List) use(listed []netip.Prefix) {
	l.listed = listed
	l.set.Store(newSet(l.listed, l.banned))
}

// read returns the content of the file. An error names the file, and the line if it is about one.
func (l *List) read() (text string, listed []netip.Prefix, err error) {
	content, err := files.Read(l.path)
	if err != nil {
		return "", nil, fmt.Errorf("deny list: %w", err)
	}
	text = string(content)
	if listed, err = Parse(text); err != nil {
		return "", nil, fmt.Errorf("deny list: %s: %w", l.path, err)
	}
	return text, listed, nil
}

// write replaces the file, with the same mode. If the path is a link, the file that it leads to is replaced.
func (l *List) write(text string) error {
	path, err := filepath.EvalSymlinks(l.path)
	if err != nil {
		return fmt.Errorf("deny list: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("deny list: %w", err)
	}
	if err := files.Replace(path, []byte(text), info.Mode().Perm()); err != nil {
		return fmt.Errorf("deny list: %w", err)
	}
	return nil
}

// withLine returns a text with one more line, which ends as the others do.
func withLine(text, line string) string {
	end := "\n"
	if strings.Contains(text, "\r\n") {
		end = "\r\n"
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += end
	}
	return text + line + end
}

// withoutPrefix returns a text without the lines that have a prefix. Comments on other lines stay.
func withoutPrefix(text string, p netip.Prefix) string {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if other, err := ParsePrefix(entryOf(line)); err != nil || other != p {
			kept.WriteString(line)
		}
	}
	return kept.String()
}
