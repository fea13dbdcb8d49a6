package wire

import "bytes"

// The codes of CHECKED, with which a server answers CHECK.
const (
	CheckedOpen    = "open"    // both channels were reached
	CheckedTCP     = "tcp"     // nothing of this protocol answers on TCP
	CheckedUDP     = "udp"     // TCP is open, and the datagram was not returned
	CheckedPrivate = "private" // the client's address is not one of the internet
	CheckedBusy    = "busy"    // the client has asked a moment ago, or too many are being checked
	CheckedOff     = "off"     // the server does not check
)

// CheckLen is the length of a check datagram.
const CheckLen = 8 + TokenLen

// checkMark begins a check datagram. No session has it for its id.
var checkMark = [8]byte{'P', 'O', 'N', 'G', 'C', 'H', 'K', 1}

// AppendCheck appends the datagram by which a server checks the game channel of a client that has sent CHECK:
//
//	off len
//	  0   8  "PONGCHK" and 1
//	  8  16  token, which the client sends back over the control channel
func AppendCheck(dst []byte, token [TokenLen]byte) []byte {
	return append(append(dst, checkMark[:]...), token[:]...)
}

// ParseCheck is the inverse of AppendCheck.
func ParseCheck(datagram []byte) (token [TokenLen]byte, ok bool) {
	if len(datagram) != CheckLen || !bytes.HasPrefix(datagram, checkMark[:]) {
		return token, false
	}
	return [TokenLen]byte(datagram[8:]), true
}
