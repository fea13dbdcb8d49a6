package trust

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOpenToken_MakesAndKeepsATokenForTheOwnerAlone, and refuses what is none.
func TestOpenToken_MakesAndKeepsATokenForTheOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), TokenFile)
	token, err := OpenToken(path)
	if err != nil || len(token) != 64 {
		t.Fatalf("OpenToken = %q, %v, want 64 characters", token, err)
	}
	if again, err := OpenToken(path); again != token || err != nil {
		t.Errorf("a second OpenToken = %q, %v, want the same token", again, err)
	}
	if read, err := ReadToken(path); read != token || err != nil {
		t.Errorf("ReadToken = %q, %v, want the same token", read, err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := CheckSecret(f, path); err != nil {
		t.Errorf("the new file is not for its owner alone: %v", err)
	}
	if other, err := OpenToken(filepath.Join(t.TempDir(), TokenFile)); other == token || err != nil {
		t.Errorf("two servers have the token %q (%v)", other, err)
	}
	for _, text := range []string{"", "short", strings.Repeat("x", 200), strings.Repeat("x", 40) + "\n[core]"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if token, err := OpenToken(path); err == nil || !strings.Contains(err.Error(), "remove it") {
			t.Errorf("a file with %q has the token %q, error %v, want one that says what to do", text, token, err)
		}
	}
	missing := filepath.Join(t.TempDir(), "no", TokenFile)
	if _, err := OpenToken(missing); !errors.Is(err, ErrNoToken) || !strings.Contains(err.Error(), "--admin-token") {
		t.Errorf("in a folder that is missing: %v, want %v and the flag", err, ErrNoToken)
	}
	if _, err := ReadToken(missing); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("ReadToken of a missing file: %v, want %v", err, os.ErrNotExist)
	}
}
