package main

import (
	"net/netip"
	"testing"

	"github.com/spf13/cobra"

	"pong/internal/server"
	"pong/internal/wire"
)

func TestNetworkOf_HidesWhoItIs(t *testing.T) {
	for a, want := range map[string]string{
		"10.1.2.3": "10.1.2.0/24", "2001:db8:1:2::3": "2001:db8:1::/48", "fe80::1%eth0": "fe80::/48",
	} {
		if got := networkOf(netip.MustParseAddr(a)); got != want {
			t.Errorf("networkOf(%s) = %q, want %q", a, got, want)
		}
	}
}

// TestServeFlags_LimitAndAddresses gives values of flags to the Config of a server, where 0 stands for the default.
func TestServeFlags_LimitAndAddresses(t *testing.T) {
	for _, test := range []struct {
		args  []string
		limit int
		shown string // of 10.1.2.3
	}{
		{nil, server.DefaultMaxPerAddress, "10.1.2.3"},
		{[]string{"--max-per-address", "7", "--log-addresses", "prefix"}, 7, "10.1.2.0/24"},
		{[]string{"--max-per-address", "0", "--log-addresses", "none"}, -1, ""},
	} {
		var f serveFlags
		cmd := new(cobra.Command)
		f.add(cmd)
		if err := cmd.ParseFlags(test.args); err != nil {
			t.Fatal(err)
		}
		shown := logAddresses[f.logAddrs](netip.MustParseAddr("10.1.2.3"))
		if got := f.perAddress(); got != test.limit || shown != test.shown {
			t.Errorf("%v: at most %d players from an address, shown as %q; want %d and %q", test.args, got, shown,
				test.limit, test.shown)
		}
	}
}

func TestServeFlags_Fairness(t *testing.T) {
	for _, test := range []struct {
		args []string
		want wire.Fairness // empty: refused
	}{
		{nil, wire.FairnessShare},
		{[]string{"--fairness", "off"}, wire.FairnessOff},
		{[]string{"--fairness", "equal"}, wire.FairnessEqual},
		{[]string{"--fairness", "half"}, ""},
		{[]string{"--fairness", ""}, ""},
	} {
		var f serveFlags
		cmd := new(cobra.Command)
		f.add(cmd)
		if err := cmd.ParseFlags(test.args); err != nil {
			t.Fatal(err)
		}
		_, err := f.check(cmd, false)
		if f.fair != test.want || (err != nil) != (test.want == "") {
			t.Errorf("%q: fairness %q and the error %v, want %q", test.args, f.fair, err, test.want)
		}
	}
}

func TestFairnessNotes_EachKindHasOne(t *testing.T) {
	for _, f := range []wire.Fairness{wire.FairnessShare, wire.FairnessOff, wire.FairnessEqual} {
		if fairnessNotes[f] == "" {
			t.Errorf("the operator reads nothing about the fairness %s", f)
		}
	}
}
