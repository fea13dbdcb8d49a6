package portmap

import (
	"bytes"
	"encoding/xml"
	"errors"
	"net/netip"
	"net/url"

	"github.com/huin/goupnp"
	"github.com/huin/goupnp/soap"
)

// connectionServices are the services that open ports, the best one first.
var connectionServices = []string{
	"urn:schemas-upnp-org:service:WANIPConnection:2",
	"urn:schemas-upnp-org:service:WANIPConnection:1",
	"urn:schemas-upnp-org:service:WANPPPConnection:1",
}

// maxDescription is the greatest length of the description of a device, and of an answer of its services.
const maxDescription = 256 << 10

// mostServices is how many services of a device are tried.
const mostServices = 4

// A service is one of a router that opens ports.
type service struct {
	Type    string
	Control string // an HTTP address
}

// parseDescription returns the services that open ports of the device that is described at an address. They must be at
// the gateway, as the description is.
func parseDescription(text []byte, at *url.URL, gateway netip.Addr) (found []service) {
	if len(text) > maxDescription {
		return nil
	}
	var root goupnp.RootDevice
	decoder := xml.NewDecoder(bytes.NewReader(text))
	decoder.DefaultSpace = goupnp.DeviceXMLNamespace
	if decoder.Decode(&root) != nil {
		return nil
	}
	base := at
	if root.URLBaseStr != "" {
		base, _ = url.Parse(root.URLBaseStr)
	}
	if base == nil {
		return nil
	}
	root.SetURLBase(base)
	for _, kind := range connectionServices {
		for _, s := range root.Device.FindService(kind) {
			control := s.ControlURL.URL.String()
			if _, ok := atGateway(control, gateway); ok && s.ControlURL.Ok && len(found) < mostServices {
				found = append(found, service{kind, control})
			}
		}
	}
	return found
}

// The errors of UPnP-IGD that matter.
const (
	upnpInvalidAction  = 401
	upnpActionFailed   = 501 // what routers without a public address answer
	upnpNotImplemented = 602
	upnpNoSuchEntry    = 714
	upnpConflict       = 718
	upnpOnlyPermanent  = 725
)

// faultCode returns the code of an error of an action, or 0 if it has none.
func faultCode(err error) int {
	var fault *soap.SOAPFaultError
	if errors.As(err, &fault) {
		return fault.Detail.UPnPError.Errorcode
	}
	return 0
}

// failureOf returns what an error of an action stands for.
func failureOf(err error) failure {
	if err == nil {
		return ok
	}
	switch faultCode(err) {
	case 0:
		return noAnswer
	case upnpActionFailed:
		return noPublic
	case upnpConflict:
		return conflict
	}
	return refused
}

// protocolName returns the name of TCP or UDP in actions.
func protocolName(udp bool) string {
	if udp {
		return "UDP"
	}
	return "TCP"
}

// ourDescription is the description by which mappings of this program are known at a router.
const ourDescription = "Pong"

// An entry is a mapping as a router describes it.
type entry struct {
	NewInternalPort, NewInternalClient, NewEnabled, NewPortMappingDescription, NewLeaseDuration string
}
