//go:build unix

package deny

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBan_FollowsALink replaces the file that a link leads to, and not the link.
// It needs Unix: on Windows links are for administrators, and Wine makes some that it does not follow.
func TestBan_FollowsALink(t *testing.T) {
	_, path := openText(t, "")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	l, err := Open(link)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Ban(friday, bad); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); !strings.HasPrefix(string(text), "203.0.113.7 ") || err != nil {
		t.Errorf("the file behind the link has %q (%v), want the banned address", text, err)
	}
}
