package portmap

import (
	"bufio"
	"bytes"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// searched are the kinds of devices that are searched for.
var searched = []string{
	"urn:schemas-upnp-org:device:InternetGatewayDevice:1",
	"urn:schemas-upnp-org:device:InternetGatewayDevice:2",
	"urn:schemas-upnp-org:service:WANPPPConnection:1",
}

// maxSSDP is the greatest length of an answer that is read.
const maxSSDP = 2048

// appendSearch returns the packet that searches for a kind of device (UPnP Device Architecture 2.0, section 1.3.2).
// Devices delay their answers by up to a second.
func appendSearch(to netip.AddrPort, kind string) []byte {
	return []byte("M-SEARCH * HTTP/1.1\r\nHOST: " + to.String() +
		"\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: " + kind + "\r\n\r\n")
}

// parseFound returns where the description of a device is, by its answer to a search. It must be at the gateway.
func parseFound(packet []byte, gateway netip.Addr) (at *url.URL, ok bool) {
	if len(packet) > maxSSDP {
		return nil, false
	}
	response, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(packet)), nil)
	if err != nil {
		return nil, false
	}
	response.Body.Close()
	if kind := response.Header.Get("ST"); response.StatusCode != http.StatusOK || !strings.Contains(kind, ":") {
		return nil, false
	}
	return atGateway(response.Header.Get("LOCATION"), gateway)
}

// maxURL is the greatest length of an address.
const maxURL = 1024

// atGateway parses an HTTP address, which must be at the gateway.
func atGateway(text string, gateway netip.Addr) (*url.URL, bool) {
	if len(text) > maxURL {
		return nil, false
	}
	at, err := url.Parse(text)
	if err != nil || at.Scheme != "http" || at.User != nil {
		return nil, false
	}
	ip, err := netip.ParseAddr(at.Hostname())
	return at, err == nil && ip.Unmap() == gateway
}
