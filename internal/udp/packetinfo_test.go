//go:build linux || darwin || windows

package udp

import (
	"bytes"
	"encoding/binary"
	"net"
	"net/netip"
	"testing"
	"time"
)

// controlMessage returns a control message, with padding.
func controlMessage(level, kind uint32, data []byte) []byte {
	b := make([]byte, padded(controlHeader+len(data)))
	putControlLength(b, controlHeader+len(data))
	binary.NativeEndian.PutUint32(b[controlWord:], level)
	binary.NativeEndian.PutUint32(b[controlWord+4:], kind)
	copy(b[controlHeader:], data)
	return b
}

// inetMessage returns the packet info of an IPv4 datagram to an address.
func inetMessage(to string, index uint32) []byte {
	var info [inetInfo]byte
	copy(info[inetInfoAddress:], netip.MustParseAddr(to).AsSlice())
	binary.NativeEndian.PutUint32(info[inetInfoInterface:], index)
	return controlMessage(levelInet, inetPacketInfo, info[:])
}

// inet6Message returns the packet info of an IPv6 datagram to an address.
func inet6Message(to string, index uint32) []byte {
	address := netip.MustParseAddr(to).As16()
	return controlMessage(levelInet6, inet6PacketInfo, binary.NativeEndian.AppendUint32(address[:], index))
}

// otherMessage returns a control message of another kind, such as a time stamp.
func otherMessage(n int) []byte { return controlMessage(0xffff, 35, make([]byte, n)) }

func TestPacketInfo_Parse(t *testing.T) {
	join := func(messages ...[]byte) []byte { return bytes.Join(messages, nil) }
	v4, v6 := inetMessage("192.0.2.7", 3), inet6Message("2001:db8::7", 4)
	short := bytes.Clone(v6)
	putControlLength(short, controlHeader+15)
	long := bytes.Clone(v6)
	putControlLength(long, len(long)+1)
	tiny := bytes.Clone(v6)
	putControlLength(tiny, controlHeader-1)
	huge := bytes.Clone(v6)
	for i := range controlWord {
		huge[i] = 0xff
	}
	for _, test := range []struct {
		name    string
		control []byte
		to      string // empty if there is none
		index   uint32
	}{
		{"none", nil, "", 0},
		{"IPv4", v4, "192.0.2.7", 3},
		{"IPv6", v6, "2001:db8::7", 4},
		{"IPv4 mapped into IPv6", inet6Message("::ffff:192.0.2.7", 5), "192.0.2.7", 5},
		{"after a time stamp", join(otherMessage(16), v6), "2001:db8::7", 4},
		{"before another message", join(v4, otherMessage(1)), "192.0.2.7", 3},
		{"another message alone", otherMessage(16), "", 0},
		{"a link-local address", inet6Message("fe80::1", 6), "fe80::1", 6},
		{"without the padding", v4[:controlHeader+inetInfo], "192.0.2.7", 3},
		{"cut off", v6[:len(v6)-controlWord], "", 0},
		{"cut off in the header", v6[:controlHeader-1], "", 0},
		{"too short for an address", short, "", 0},
		{"longer than the buffer", long, "", 0},
		{"shorter than its header", tiny, "", 0},
		{"an enormous length", huge, "", 0},
		{"malformed before a good one", join(tiny, v4), "", 0},
		{"multicast", inetMessage("224.0.0.251", 3), "", 0},
		{"IPv6 multicast", inet6Message("ff02::1", 3), "", 0},
		{"broadcast", inetMessage("255.255.255.255", 3), "", 0},
		{"unspecified", inet6Message("::", 3), "", 0},
	} {
		var want netip.Addr
		if test.to != "" {
			want = netip.MustParseAddr(test.to)
		}
		if to, index := parsePacketInfo(test.control); to != want || index != test.index {
			t.Errorf("%s: %x has the address %v of interface %d, want %v of %d", test.name, test.control, to, index,
				want, test.index)
		}
	}
}

func TestPacketInfo_Append(t *testing.T) {
	for _, test := range []struct {
		from        string
		index, want uint32
	}{{"192.0.2.7", 3, 0}, {"2001:db8::7", 3, 0}, {"fe80::1%eth0", 3, 3}, {"fe80::1", 0, 0}} {
		from := netip.MustParseAddr(test.from)
		before := []byte("before")
		got := appendPacketInfo(before, from, test.index)
		if !bytes.HasPrefix(got, before) {
			t.Fatalf("appendPacketInfo for %v changed what was before: %q", from, got)
		}
		message := got[len(before):]
		if from.Is4() { // an address to send from stands at another place on some systems
			var info [inetInfo]byte
			copy(info[inetInfoSource:], from.AsSlice())
			if want := controlMessage(levelInet, inetPacketInfo, info[:]); !bytes.Equal(message, want) {
				t.Errorf("appendPacketInfo for %v is %x, want %x", from, message, want)
			}
			continue
		}
		want := from.WithZone("")
		if to, index := parsePacketInfo(message); to != want || index != test.want {
			t.Errorf("appendPacketInfo for %v is %x: %v of interface %d, want interface %d", from, message, to, index,
				test.want)
		}
	}
}

// FuzzPacketInfo parses any bytes. An address that is found is one to send from, and appending and parsing it again
// gives the same address.
func FuzzPacketInfo(f *testing.F) {
	f.Add(append(otherMessage(16), inet6Message("fe80::1", 2)...))
	f.Add(inetMessage("192.0.2.7", 3))
	f.Add(inet6Message("::ffff:192.0.2.7", 1)[:controlHeader+5])
	f.Fuzz(func(t *testing.T, control []byte) {
		to, index := parsePacketInfo(control)
		if !to.IsValid() {
			if index != 0 {
				t.Errorf("interface %d without an address", index)
			}
			return
		}
		if to.IsUnspecified() || to.IsMulticast() || to.Is4In6() || to.Zone() != "" {
			t.Errorf("found %v, which is no address to send from", to)
		}
		if to.Is4() && inetInfoSource != inetInfoAddress {
			return
		}
		if again, _ := parsePacketInfo(appendPacketInfo(nil, to, index)); again != to {
			t.Errorf("%v is %v after appending and parsing it", to, again)
		}
	})
}

// TestSocket_KnowsTheAddressAsked sends to several addresses of the machine.
func TestSocket_KnowsTheAddressAsked(t *testing.T) {
	for _, host := range []string{"0.0.0.0", ""} {
		eachSocket(t, host, func(t *testing.T, f *remote) {
			for _, address := range loopbackAddresses {
				dialAsked(t, f, netip.MustParseAddr(address))
			}
		})
	}
}

// dialAsked sends a datagram to an address of the Socket, which has to know that address. It returns the client's
// socket, and the datagram as it has arrived.
func dialAsked(t *testing.T, f *remote, address netip.Addr) (*net.UDPConn, Datagram) {
	t.Helper()
	port := f.socket.LocalAddr().(*net.UDPAddr).Port
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(address, uint16(port))))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if _, err := conn.Write([]byte("input")); err != nil {
		t.Fatal(err)
	}
	d := f.received(1)[0]
	if d.To != address {
		t.Errorf("a datagram to %v arrives as one to %v", address, d.To)
	}
	return conn, d
}

// TestSocket_VanishedAddressIsLeftOut sends from addresses that the machine does not have. The datagrams leave from
// another one, and the order stays.
func TestSocket_VanishedAddressIsLeftOut(t *testing.T) {
	for _, host := range []string{"0.0.0.0", ""} {
		eachSocket(t, host, func(t *testing.T, f *remote) {
			for _, gone := range []string{"192.0.2.1", "2001:db8::1", "fe80::1%gone0"} {
				if host == "0.0.0.0" && gone != "192.0.2.1" {
					continue // the socket has no IPv6
				}
				for _, from := range []netip.Addr{{}, netip.MustParseAddr(gone), {}} {
					f.socket.Send(from, f.address, []byte("state from "+from.String()))
				}
				if n := f.socket.Flush(); n != 0 {
					t.Errorf("%d datagrams from %s were refused, want none", n, gone)
				}
				_ = f.SetReadDeadline(time.Now().Add(testTimeout))
				for _, from := range []string{"invalid IP", gone, "invalid IP"} {
					var b [64]byte
					if n, err := f.Read(b[:]); err != nil || string(b[:n]) != "state from "+from {
						t.Errorf("received %q, error %v; want the datagram from %s", b[:n], err, from)
					}
				}
			}
		})
	}
}
