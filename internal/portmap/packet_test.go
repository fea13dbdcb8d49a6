package portmap

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"
)

var (
	gatewayIP = netip.MustParseAddr("192.168.1.1")
	someNonce = nonce{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
)

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const (
	pcpRequest = "02 01 0000 00000e10 00000000000000000000ffffc0a80114 " +
		"0102030405060708090a0b0c 11 000000 15b4 15b4 00000000000000000000ffff00000000"
	pcpResponse = "02 81 00 00 00000e10 00000007 000000000000000000000000 " +
		"0102030405060708090a0b0c 11 000000 15b4 15b5 00000000000000000000ffffcb007107"
)

func TestPCP_Bytes(t *testing.T) {
	a := ask{by: PCP, op: openPort, mapping: mapping{true, 5556, 5556}}
	if got, want := appendPCP(a, own, someNonce), unhex(t, pcpRequest); !bytes.Equal(got, want) {
		t.Errorf("the request is\n%x, want\n%x", got, want)
	}
	got, belongs := parsePCP(unhex(t, pcpResponse), a, someNonce)
	want := answer{outside: 5557, lease: time.Hour, external: public, epoch: 7, hasEpoch: true}
	if !belongs || got != want {
		t.Errorf("the response is read as %+v, %v; want %+v", got, belongs, want)
	}
	a.op = closePort
	if got := appendPCP(a, own, someNonce); !bytes.Equal(got[4:8], make([]byte, 4)) || len(got) != pcpMapLength {
		t.Errorf("a request to remove a mapping is %x, want a lifetime of 0", got)
	}
	probing := appendPCP(ask{op: probe}, own, someNonce)
	if want := unhex(t, pcpRequest)[:pcpHeader]; len(probing) != len(want) || probing[1] != pcpAnnounce {
		t.Errorf("the first request is %x, want an ANNOUNCE", probing)
	}
}

// TestPCP_RefusesWhatDoesNotBelong: an answer needs the nonce, the protocol and the port of the request.
func TestPCP_RefusesWhatDoesNotBelong(t *testing.T) {
	a := ask{by: PCP, op: openPort, mapping: mapping{true, 5556, 5556}}
	response := unhex(t, pcpResponse)
	for at, what := range map[int]string{
		0: "version", 1: "opcode", 24: "nonce", 35: "nonce", 36: "protocol", 40: "port", 41: "port",
	} {
		other := bytes.Clone(response)
		other[at] ^= 3
		if got, belongs := parsePCP(other, a, someNonce); belongs {
			t.Errorf("a response with another %s is read as %+v", what, got)
		}
	}
	for _, n := range []int{0, 3, 23, 59, 61} {
		if got, belongs := parsePCP(append(bytes.Clone(response), 0, 0)[:n], a, someNonce); belongs {
			t.Errorf("%d bytes are read as %+v", n, got)
		}
	}
	if _, belongs := parsePCP(make([]byte, 2*maxPCP), a, someNonce); belongs {
		t.Error("a long response is read")
	}
}

func TestPCP_Results(t *testing.T) {
	a := ask{by: PCP, op: openPort, mapping: mapping{true, 5556, 5556}}
	for result, want := range map[byte]failure{
		1: noAnswer, 2: refused, 3: refused, 7: noPublic, 8: noPublic, 11: conflict, 12: refused, 99: refused,
	} {
		response := unhex(t, pcpResponse)
		response[3] = result
		if got, belongs := parsePCP(response, a, someNonce); !belongs || got.failure != want {
			t.Errorf("the result %d is the failure %d, %v; want %d", result, got.failure, belongs, want)
		}
	}
	granted := unhex(t, pcpResponse)
	copy(granted[42:], []byte{0, 0})
	if got, _ := parsePCP(granted, a, someNonce); got.failure != refused {
		t.Errorf("a grant of port 0 is %+v, want refused", got)
	}
	natpmpOnly := []byte{0, 128, 0, 1, 0, 0, 0, 0}
	if got, belongs := parsePCP(natpmpOnly, a, someNonce); !belongs || got.failure != noAnswer {
		t.Errorf("the answer of a router that knows NAT-PMP alone is %+v, %v; want no answer", got, belongs)
	}
}

func TestNATPMP_Bytes(t *testing.T) {
	open := ask{by: NATPMP, op: openPort, mapping: mapping{false, 5555, 6000}}
	closing := open
	closing.op = closePort
	for name, test := range map[string]struct {
		ask               ask
		request, response string
		want              answer
	}{
		"address": {
			ask{op: probe}, "0000", "0080 0000 00000007 cb007107",
			answer{external: public, epoch: 7, hasEpoch: true},
		},
		"open": {
			open, "0002 0000 15b3 1770 00000e10", "0082 0000 00000008 15b3 1771 00000e10",
			answer{outside: 6001, lease: time.Hour, epoch: 8, hasEpoch: true},
		},
		"close": {
			closing, "0002 0000 15b3 0000 00000000", "0082 0000 00000008 15b3 0000 00000000",
			answer{epoch: 8, hasEpoch: true},
		},
		"no address": {
			ask{op: probe}, "0000", "0080 0003 00000007", answer{failure: noPublic, epoch: 7, hasEpoch: true},
		},
		"refused": {
			open, "0002 0000 15b3 1770 00000e10", "0082 0002 00000007",
			answer{failure: refused, epoch: 7, hasEpoch: true},
		},
		"PCP alone": {ask{op: probe}, "0000", "0080 0001 00000007", answer{failure: noAnswer}},
		"no lease": {
			open, "0002 0000 15b3 1770 00000e10", "0082 0000 00000008 15b3 1771 00000000",
			answer{failure: refused, outside: 6001, epoch: 8, hasEpoch: true},
		},
	} {
		if got := appendNATPMP(test.ask); !bytes.Equal(got, unhex(t, test.request)) {
			t.Errorf("%s: the request is %x, want %s", name, got, test.request)
		}
		if got, belongs := parseNATPMP(unhex(t, test.response), test.ask); !belongs || got != test.want {
			t.Errorf("%s: the response is read as %+v, %v; want %+v", name, got, belongs, test.want)
		}
	}
	for name, response := range map[string]string{
		"another port": "0082 0000 00000008 15b4 1771 00000e10", "cut off": "0082 0000 00000008 15b3 1771",
		"of UDP": "0081 0000 00000008 15b3 1771 00000e10", "of PCP": "0282 0000 00000008 15b3 1771 00000e10",
	} {
		if got, belongs := parseNATPMP(unhex(t, response), open); belongs {
			t.Errorf("a response that is %s is read as %+v", name, got)
		}
	}
}

const found = "HTTP/1.1 200 OK\r\nST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n" +
	"LOCATION: http://192.168.1.1:49000/igd.xml\r\n\r\n"

// TestSSDP_LeadsToTheGatewayAlone, whatever an answer names.
func TestSSDP_LeadsToTheGatewayAlone(t *testing.T) {
	at, ok := parseFound([]byte(found), gatewayIP)
	if !ok || at.String() != "http://192.168.1.1:49000/igd.xml" {
		t.Errorf("an answer leads to %v, %v", at, ok)
	}
	for _, location := range []string{
		"http://192.168.1.66:49000/", "http://example.org/", "https://192.168.1.1/", "file:///etc/passwd", "",
		"http://192.168.1.1@192.168.1.66/", "http://user@192.168.1.1/", "//192.168.1.1/", "http://[::1]/",
		"http://192.168.1.1/" + strings.Repeat("a", maxURL),
	} {
		packet := strings.ReplaceAll(found, "http://192.168.1.1:49000/igd.xml", location)
		if at, ok := parseFound([]byte(packet), gatewayIP); ok {
			t.Errorf("an answer with the location %q leads to %v", location, at)
		}
	}
	for _, packet := range []string{
		"", "HTTP/1.1 404 Not Found\r\n\r\n", strings.Replace(found, "200 OK", "302 Found", 1), found[:40],
		strings.Replace(found, "ST: urn", "X: urn", 1), found + strings.Repeat("x", maxSSDP),
		string(appendSearch(multicastSSDP, searched[0])),
	} {
		if at, ok := parseFound([]byte(packet), gatewayIP); ok {
			t.Errorf("%q leads to %v", packet, at)
		}
	}
}

// description is that of a device, whose service has a control address.
func description(base, control string) string {
	return `<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0">` + base + `<device><deviceType>x</deviceType>
<deviceList><device><deviceList><device><serviceList><service>
<serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><controlURL>` + control + `</controlURL>
</service></serviceList></device></deviceList></device></deviceList></device></root>`
}

func TestDescription_ServicesAreAtTheGateway(t *testing.T) {
	at, _ := url.Parse("http://192.168.1.1:49000/igd.xml")
	for _, test := range []struct{ base, control, want string }{
		{"", "/ctl", "http://192.168.1.1:49000/ctl"},
		{"", "ctl", "http://192.168.1.1:49000/ctl"},
		{"", "http://192.168.1.1:5000/ctl", "http://192.168.1.1:5000/ctl"},
		{"<URLBase>http://192.168.1.1:80/</URLBase>", "/ctl", "http://192.168.1.1:80/ctl"},
		{"<URLBase>http://192.168.1.66/</URLBase>", "/ctl", ""},
		{"<URLBase>:</URLBase>", "/ctl", ""},
		{"", "http://192.168.1.66/ctl", ""},
		{"", "//192.168.1.66/ctl", ""},
	} {
		got := parseDescription([]byte(description(test.base, test.control)), at, gatewayIP)
		if test.want == "" && len(got) > 0 || test.want != "" && (len(got) != 1 || got[0].Control != test.want) {
			t.Errorf("base %q and control %q: %+v, want %q", test.base, test.control, got, test.want)
		}
	}
	many := strings.ReplaceAll(description("", "/ctl"), "<serviceList>", "<serviceList>"+strings.Repeat(
		`<service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:2</serviceType>`+
			`<controlURL>/a</controlURL></service>`, 50))
	got := parseDescription([]byte(many), at, gatewayIP)
	if len(got) != mostServices || !strings.HasSuffix(got[0].Type, ":2") {
		t.Errorf("of many services %d are tried, the first one %+v", len(got), got[0])
	}
	long := description("", "/ctl") + strings.Repeat(" ", maxDescription)
	if got := parseDescription([]byte(long), at, gatewayIP); got != nil {
		t.Errorf("a long description gives %v", got)
	}
}

func TestRoutes_GatewayOfTheBestDefaultRoute(t *testing.T) {
	const head = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
	const table = head + "tun0\t00000000\t0104000A\t0003\t0\t0\t700\t00000000\t0\t0\t0\n" +
		"wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n" +
		"wlan0\t0001A8C0\t00000000\t0001\t0\t0\t60\t00FFFFFF\t0\t0\t0\n"
	want := netip.MustParseAddr("192.168.1.1")
	if binary.NativeEndian.Uint16([]byte{0, 1}) == 1 {
		t.Log("the table is of a machine with little endian numbers")
	} else if got, ok := parseRoutes(table); !ok || got != want {
		t.Errorf("the gateway is %v, %v; want %v", got, ok, want)
	}
	for _, text := range []string{
		"", head, head + "wg0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n", "a b c",
		head + "x\t00000000\tzz",
	} {
		if got, ok := parseRoutes(text); ok {
			t.Errorf("%q has the gateway %v", text, got)
		}
	}
}

// Any bytes of a router are read without a panic, and what they give is within bounds.
func FuzzAnswers(f *testing.F) {
	f.Add(unhex(f, pcpResponse))
	f.Add(unhex(f, "0082 0000 00000008 15b3 1771 00000e10"))
	f.Add(unhex(f, "0080 0000 00000007 cb007107"))
	f.Fuzz(func(t *testing.T, packet []byte) {
		for _, a := range []ask{
			{op: probe}, {op: openPort, mapping: mapping{true, 5556, 5556}},
			{op: closePort, mapping: mapping{false, 5555, 1}},
		} {
			one, _ := parsePCP(packet, a, someNonce)
			other, _ := parseNATPMP(packet, a)
			for _, r := range []answer{one, other} {
				if a.op == openPort && r.failure == ok && (r.lease != 0 || r.outside != 0) &&
					(r.outside == 0 || r.lease < minLease || r.lease > maxLease) {
					t.Fatalf("%x is read as %+v", packet, r)
				}
			}
		}
	})
}

// Any answer leads to the gateway or nowhere.
func FuzzUPnP(f *testing.F) {
	f.Add([]byte(found))
	f.Add([]byte(description("", "/ctl")))
	f.Add([]byte(description("<URLBase>http://192.168.1.66/</URLBase>", "ctl")))
	at, _ := url.Parse("http://192.168.1.1:49000/igd.xml")
	f.Fuzz(func(t *testing.T, text []byte) {
		if to, ok := parseFound(text, gatewayIP); ok && to.Hostname() != gatewayIP.String() {
			t.Fatalf("%q leads to %v", text, to)
		}
		for _, s := range parseDescription(text, at, gatewayIP) {
			if to, err := url.Parse(s.Control); err != nil || to.Hostname() != gatewayIP.String() {
				t.Fatalf("%q has the service %+v", text, s)
			}
		}
	})
}

// Any note gives mappings that can be removed, or none.
func FuzzNote(f *testing.F) {
	f.Add([]byte(`[{"Protocol":"PCP","Gateway":"192.168.1.1","Own":"192.168.1.20","Inside":5555,"Outside":5555,` +
		`"Nonce":"00"}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, n := range parseNote(text) {
			_ = n.nonce()
			if n.protocol() == None || n.Inside == 0 || !n.Gateway.Is4() {
				t.Fatalf("%q has %+v", text, n)
			}
		}
	})
}
