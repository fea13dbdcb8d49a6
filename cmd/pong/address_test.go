package main

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
)

func TestParseHost(t *testing.T) {
	for text, want := range map[string]string{
		"127.0.0.2": "127.0.0.2", "::1": "::1", "[::1]": "::1", "Pong.Example.ORG": "pong.example.org",
		"127.0.0.2:5555": "", "[::1]:5555": "", "pong://127.0.0.2": "", "http://x": "", "": "", "a b": "", "1.2.3": "",
	} {
		got, err := parseHost(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("parseHost(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestParseHostPort(t *testing.T) {
	for text, want := range map[string]string{
		"127.0.0.2:5556": "127.0.0.2:5556", "[::1]:1": "[::1]:1", "LAN:65535": "lan:65535",
		"127.0.0.2": "", "::1": "", "x:0": "", "x:65536": "", "pong://x:1": "", "": "", ":5556": "",
	} {
		got, err := parseHostPort(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("parseHostPort(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
}

// TestListenHint uses errors of the real system.
func TestListenHint(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, inUse := net.Listen("tcp", taken.Addr().String())
	_, foreign := net.Listen("tcp", "192.0.2.1:0") // reserved for documentation: no machine has it
	for _, test := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("control port: %w", inUse), "another program uses this port"},
		{fmt.Errorf("control port: %w", foreign), "does not have that address"},
		{&net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}, "check the spelling"},
		{errors.New("something else"), "--listen"},
	} {
		if got := listenHint(test.err); test.err == nil || !strings.Contains(got, test.want) {
			t.Errorf("listenHint(%v) = %q, want it to contain %q", test.err, got, test.want)
		}
	}
}
