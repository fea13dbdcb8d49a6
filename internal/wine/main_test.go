//go:build wine && linux

package wine

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// prefix is the folder of Wine's prefix, programs the one with pong.exe and explorer.exe, and shots the one for
// screenshots.
var prefix, programs, shots = os.Getenv("WINEPREFIX"), os.Getenv("WINE_PROGRAMS"), os.Getenv("WINE_SHOTS")

// patience is how long a test waits for anything before it fails.
const patience = time.Minute

func TestMain(m *testing.M) {
	for _, folder := range []string{prefix, programs, shots} {
		if !filepath.IsAbs(folder) {
			fmt.Fprintln(os.Stderr, "WINE_PROGRAMS, WINE_SHOTS and WINEPREFIX must be absolute paths: "+
				"run make windows, which prepares them")
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// figure prints a figure.
func figure(name string, value float64, unit string) {
	fmt.Printf("figure %s %.4g %s\n", name, value, unit)
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}

// must fails the test if an error is not nil.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
