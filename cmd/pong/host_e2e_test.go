//go:build e2e && linux

package main

import (
	"image"
	"image/draw"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"pong/internal/gui/guitest"
)

// TestScreenHost hosts a game in a window. The code on the screen is scanned, the friend joins by its link in a
// terminal, both say that they are ready, and the friend reads the result when the host leaves the match.
func TestScreenHost(t *testing.T) {
	b := &screenTest{T: t, binary: filepath.Join(t.TempDir(), "pong")}
	if out, err := exec.Command("go", "build", "-o", b.binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	ann := b.person("ann", "host", "--no-discovery", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0",
		"--points", "1", "--certs", filepath.Join(t.TempDir(), "certs"))
	began := time.Now()
	b.launch(ann)
	var link string
	b.eventually("the code on the screen can be scanned", func() bool {
		link = scanned(b.picture(ann, "1-host"))
		return strings.HasPrefix(link, "https://127.0.0.1:")
	})
	t.Logf("the link %s is on the screen after %v", link, time.Since(began).Round(10*time.Millisecond))

	terminals := b.terminals()
	terminals.open("ben", b.binary+" play --tty '"+link+"' --name ben; echo ended with $?; cat")
	b.eventually("ben is asked about ann", func() bool {
		s := terminals.screen("ben")
		return strings.Contains(s, "Is this your friend?") && strings.Contains(s, "ann") &&
			strings.Contains(s, "The match begins when both say Yes.")
	})
	b.picture(ann, "2-met")
	b.eventually("ben waits for ann", func() bool {
		if s := terminals.screen("ben"); strings.Contains(s, "Is this your friend?") {
			terminals.key("ben", "Enter") // until the card takes keys
		}
		return strings.Contains(terminals.screen("ben"), "ann says Yes, too.")
	})
	b.eventually("ann sees the match", func() bool {
		if !dialogShown(b.picture(ann, "3-play")) {
			return true
		}
		b.onDisplay(ann.display, "xdotool", "key", "Return") // until the card takes keys
		return false
	})
	b.eventually("ben sees the match", func() bool { return len(paddleCells(terminals.screen("ben"))) == 2 })

	b.eventually("ben reads the result", func() bool {
		s := terminals.screen("ben")
		return strings.Contains(s, "You win") || strings.Contains(s, "ann wins")
	})
	b.eventually("ben reads that ann has ended the game", func() bool {
		if dialogShown(b.picture(ann, "4-result")) { // until the card takes keys
			b.onDisplay(ann.display, "xdotool", "key", "Escape")
		}
		return strings.Contains(terminals.screen("ben"), "The host has ended the game.")
	})
	b.picture(ann, "5-left")
}

// scanned returns the text of the QR code in the field of a screenshot, or nothing if none can be read.
func scanned(m image.Image) string {
	field := guitest.Field(m)
	part := image.NewRGBA(field)
	draw.Draw(part, field, m, field.Min, draw.Src)
	bitmap, err := gozxing.NewBinaryBitmapFromImage(part)
	if err != nil {
		return ""
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
	if err != nil {
		return ""
	}
	return result.GetText()
}
