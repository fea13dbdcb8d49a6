//go:build e2e && linux

package main

import (
	"strings"
	"testing"
	"time"
)

// TestScreenLayouts answers the question about an unknown server on keyboards of several layouts. The keys are pressed
// by their place, as a person's finger does.
func TestScreenLayouts(t *testing.T) {
	// The places of the keys, by the letters of a US keyboard, and of two others, as X numbers them.
	const placeT, placeY, placeZ, placeRight, placeEnter = "28", "29", "52", "114", "36"
	b := newScreenTest(t)
	address := strings.TrimPrefix(strings.SplitN(b.link, "/#", 2)[0], "pong://")
	for _, test := range []struct {
		layout     []string
		wrong, yes []string
	}{
		{[]string{"us"}, []string{placeZ}, []string{placeY}},
		{[]string{"de"}, []string{placeY}, []string{placeZ}},
		{[]string{"fr"}, []string{placeZ}, []string{placeY}},
		{[]string{"gr"}, []string{placeZ}, []string{placeY}},
		{[]string{"us", "-variant", "dvorak"}, []string{placeY}, []string{placeT}},
		{[]string{"ru"}, []string{placeZ}, []string{placeY}},
		{[]string{"il"}, []string{placeRight}, []string{placeEnter}},
	} {
		p := b.person(test.layout[0], "play", address)
		b.onDisplay(p.display, "setxkbmap", test.layout...)
		b.launch(p)
		b.eventually("the window asks about the server", func() bool { return b.alerts(p) })
		time.Sleep(time.Second) // a card that has just appeared ignores keys
		for _, key := range test.wrong {
			b.hold(p.display, key, 300*time.Millisecond)
		}
		if !b.alerts(p) {
			t.Errorf("%v: key %v has answered the question", test.layout, test.wrong)
		}
		for _, key := range test.yes {
			b.hold(p.display, key, 100*time.Millisecond)
		}
		b.waitFor("joined")
		_ = p.window.Process.Kill()
	}
}

// alerts reports whether a person's window shows the colour of an alert, as the question about an unknown server does.
func (b *screenTest) alerts(p *person) bool {
	b.Helper()
	picture, found := b.picture(p, ""), 0
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y++ {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x++ {
			if red, green, blue, _ := picture.At(x, y).RGBA(); red > 0xe000 && green < 0xb000 && blue < 0xa000 {
				found++
			}
		}
	}
	return found > 100
}
