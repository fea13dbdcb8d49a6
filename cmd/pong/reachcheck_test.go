package main

import (
	"net/netip"
	"testing"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/wire"
)

// TestReachCheck_AnswersOfAnotherServer become what the host reads, and the link.
func TestReachCheck_AnswersOfAnotherServer(t *testing.T) {
	const link = "pong://192.168.1.20:5555/#k=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8&r=maple-42"
	const outside = "pong://203.0.113.7:7000/#k=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8&r=maple-42" +
		"&also=192.168.1.20:5555"
	ip := netip.MustParseAddr("203.0.113.7")
	for code, want := range map[string]front.Reach{
		wire.CheckedOpen: front.ReachOpen, wire.CheckedTCP: front.ReachNoTCP, wire.CheckedUDP: front.ReachNoUDP,
		wire.CheckedPrivate: front.ReachInside, wire.CheckedBusy: front.ReachFailed, "x": front.ReachFailed,
	} {
		c := newReachCheck(&front.Hosted{Link: link}, dial.Ports{Control: 7000, Game: 5556})
		if is, _ := c.reach(); is != front.ReachChecking {
			t.Errorf("before the answer it is %v, want %v", is, front.ReachChecking)
		}
		c.finish(code, ip, nil)
		wantLink := ""
		if code == wire.CheckedOpen {
			wantLink = outside
		}
		if is, got := c.reach(); is != want || got != wantLink {
			t.Errorf("%s: %v with the link %q, want %v with %q", code, is, got, want, wantLink)
		}
	}
	if got := withFirst(outside, "192.168.1.20:5555"); got != outside {
		t.Errorf("an address that the link has makes it %s, want %s", got, outside)
	}
}

// TestReachCheck_AsksAnotherServer that runs on this machine, and so answers that it is inside of the network.
func TestReachCheck_AsksAnotherServer(t *testing.T) {
	t.Parallel()
	other := serve(t)
	h := testHost(t)
	h.checkAt = other.Link
	hosted, err := h.start(t.Context(), front.Want{})
	if err != nil {
		t.Fatal(err)
	}
	defer hosted.Close()
	own := joinLinked(t, hosted.Address+"&r="+hosted.Room, "Ann")
	own.until(t, "the other server has answered", func(client.Frame) bool {
		is, _ := hosted.Reach()
		return is == front.ReachInside
	})
	tokens := make(chan [wire.TokenLen]byte, 1)
	c := &reachCheck{tokens: tokens}
	c.take(wire.AppendCheck(nil, [wire.TokenLen]byte{7}))
	c.take([]byte("something else"))
	if token := <-tokens; token[0] != 7 || len(tokens) > 0 {
		t.Errorf("the token is %v, and %d more are there; want one", token, len(tokens))
	}
}
