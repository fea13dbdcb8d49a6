package portmap

import (
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A fakeGateway is a router on the loopback interface. It speaks all protocols that its madeUpRouter speaks.
type fakeGateway struct {
	network
	mu      sync.Mutex // guards what follows
	router  *madeUpRouter
	entries map[mapping]entry // of UPnP, by UDP and port outside
	fault   map[string]int    // of actions
	actions []string
	lose    int                                    // so many requests of PCP and NAT-PMP are lost first
	serve   func(http.ResponseWriter, string) bool // if it returns true, it has answered the request for a path
}

// loopback is the address of the gateway and of this machine.
var loopback = netip.MustParseAddr("127.0.0.1")

func newFakeGateway(t *testing.T, speaks ...Protocol) *fakeGateway {
	t.Helper()
	g := &fakeGateway{router: newMadeUpRouter(speaks...), entries: map[mapping]entry{}, fault: map[string]int{}}
	listen := func(serve func(packet []byte) []byte) netip.AddrPort {
		conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback, 0)))
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			buffer := make([]byte, 2048)
			for {
				n, from, err := conn.ReadFromUDPAddrPort(buffer)
				if err != nil {
					return
				}
				if answer := serve(buffer[:n]); answer != nil {
					_, _ = conn.WriteToUDPAddrPort(answer, from)
				}
			}
		}()
		t.Cleanup(func() { conn.Close(); <-done })
		return conn.LocalAddr().(*net.UDPAddr).AddrPort()
	}
	web := httptest.NewServer(http.HandlerFunc(g.http))
	t.Cleanup(web.Close)
	g.gateway = func() (netip.Addr, bool) { return loopback, true }
	g.portPCP = listen(g.datagram).Port()
	g.search = []netip.AddrPort{listen(func(packet []byte) []byte {
		g.mu.Lock()
		defer g.mu.Unlock()
		if !strings.HasPrefix(string(packet), "M-SEARCH * HTTP/1.1\r\n") || !g.router.speaksTo(UPnP) {
			return nil
		}
		return []byte("HTTP/1.1 200 OK\r\nST: " + searched[0] + "\r\nLOCATION: " + web.URL + "/igd.xml\r\n\r\n")
	})}
	return g
}

func (r *madeUpRouter) speaksTo(p Protocol) bool {
	for _, s := range r.speaks {
		if s == p {
			return true
		}
	}
	return false
}

// change changes the gateway.
func (g *fakeGateway) change(f func(r *madeUpRouter)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f(g.router)
}

// datagram answers a request of PCP or NAT-PMP.
func (g *fakeGateway) datagram(b []byte) []byte {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.lose > 0 {
		g.lose--
		return nil
	}
	if b[0] == pcpVersion && g.router.speaksTo(PCP) {
		return g.pcp(b)
	}
	if b[0] == natpmpVersion && g.router.speaksTo(NATPMP) {
		return g.natpmp(b)
	}
	if b[0] == pcpVersion && g.router.speaksTo(NATPMP) {
		return []byte{natpmpVersion, responseBit, 0, natpmpUnsupportedVersion, 0, 0, 0, 0}
	}
	return nil
}

func (g *fakeGateway) pcp(b []byte) []byte {
	a := ask{by: PCP, op: probe}
	if b[1] == pcpMap {
		a.op = openPort
		a.mapping = mapping{b[36] == 17, binary.BigEndian.Uint16(b[40:]), binary.BigEndian.Uint16(b[42:])}
		if binary.BigEndian.Uint32(b[4:]) == 0 {
			a.op = closePort
		}
	}
	r := g.router.answer(time.Now(), a)
	out := make([]byte, len(b))
	copy(out, b)
	clear(out[8:24])
	out[1] |= responseBit
	binary.BigEndian.PutUint32(out[8:], r.epoch)
	if r.failure != ok {
		out[3] = 8
	}
	if b[1] == pcpMap && a.op == openPort {
		binary.BigEndian.PutUint16(out[42:], r.outside)
		ip := netip.AddrFrom16(r.external.As16()).As16()
		copy(out[44:], ip[:])
	}
	return out
}

func (g *fakeGateway) natpmp(b []byte) []byte {
	a := ask{by: NATPMP, op: probe}
	if b[1] != 0 {
		a.op, a.mapping = openPort, mapping{b[1] == 1, binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint16(b[6:])}
		if binary.BigEndian.Uint32(b[8:]) == 0 {
			a.op = closePort
		}
	}
	r := g.router.answer(time.Now(), a)
	out := binary.BigEndian.AppendUint32([]byte{0, b[1] | responseBit, 0, 0}, r.epoch)
	if r.failure != ok {
		out[3] = 3
	}
	if a.op == probe {
		ip := r.external.As4()
		return append(out, ip[:]...)
	}
	out = append(out, b[4], b[5])
	out = binary.BigEndian.AppendUint16(out, r.outside)
	return append(out, b[8:12]...)
}

// http answers for the device and its service.
func (g *fakeGateway) http(w http.ResponseWriter, request *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.serve != nil && g.serve(w, request.URL.Path) {
		return
	}
	if request.URL.Path != "/ctl" {
		fmt.Fprint(w, description("", "/ctl"))
		return
	}
	body, _ := io.ReadAll(request.Body)
	action := strings.Trim(request.Header.Get("SOAPACTION"), `"`)
	action = action[strings.LastIndexByte(action, '#')+1:]
	g.actions = append(g.actions, action)
	out, fault := "", g.fault[action]
	if fault == 0 {
		out, fault = g.action(action, parseIn(body))
	}
	if fault != 0 {
		w.WriteHeader(http.StatusInternalServerError)
		out = fmt.Sprintf(`<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>`+
			`<UPnPError xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>%d</errorCode></UPnPError></detail></s:Fault>`,
			fault)
	} else {
		out = `<u:` + action + `Response xmlns:u="x">` + out + `</u:` + action + `Response>`
	}
	fmt.Fprint(w, `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" `+
		`s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>`+out+`</s:Body></s:Envelope>`)
}

// parseIn returns the arguments of an action.
func parseIn(body []byte) map[string]string {
	in := map[string]string{}
	name := ""
	for d := xml.NewDecoder(strings.NewReader(string(body))); ; {
		token, err := d.Token()
		if err != nil {
			return in
		}
		switch token := token.(type) {
		case xml.StartElement:
			name = token.Name.Local
		case xml.CharData:
			in[name] += string(token)
		case xml.EndElement:
			name = ""
		}
	}
}

func (g *fakeGateway) action(action string, in map[string]string) (out string, fault int) {
	outside, _ := strconv.ParseUint(in["NewExternalPort"], 10, 16)
	key := mapping{udp: in["NewProtocol"] == "UDP", outside: uint16(outside)}
	e, there := g.entries[key]
	switch action {
	case "GetExternalIPAddress":
		return "<NewExternalIPAddress>" + g.router.external.String() + "</NewExternalIPAddress>", 0
	case "GetSpecificPortMappingEntry":
		if !there {
			return "", upnpNoSuchEntry
		}
		return fmt.Sprintf("<NewInternalPort>%s</NewInternalPort><NewInternalClient>%s</NewInternalClient>"+
			"<NewEnabled>1</NewEnabled><NewPortMappingDescription>%s</NewPortMappingDescription>"+
			"<NewLeaseDuration>%s</NewLeaseDuration>", e.NewInternalPort, e.NewInternalClient,
			e.NewPortMappingDescription, e.NewLeaseDuration), 0
	case "AddPortMapping":
		if in["NewLeaseDuration"] != "0" && g.fault["lease"] != 0 {
			return "", g.fault["lease"]
		}
		g.entries[key] = entry{
			in["NewInternalPort"], in["NewInternalClient"], "1", in["NewPortMappingDescription"],
			in["NewLeaseDuration"],
		}
	case "DeletePortMapping":
		delete(g.entries, key)
	}
	return "", 0
}

// mappings returns how many mappings the gateway has.
func (g *fakeGateway) mappings() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.router.table) + len(g.entries)
}
