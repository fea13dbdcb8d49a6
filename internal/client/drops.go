package client

// A Drop is a reason why something on its way between the network and a session was dropped: a queue was full.
type Drop uint8

// The reasons.
const (
	DropDatagram Drop = iota // arrived, but the session was not moved for so long
	DropLine                 // a control line arrived, likewise
	DropCommand              // a control line was to be sent, but the server does not read
	DropSend                 // a datagram was to be sent, but the socket takes none

	drops
)

// Drops counts what was dropped, by reason.
type Drops [drops]int

// String returns the reason in a word.
func (d Drop) String() string {
	return [...]string{DropDatagram: "datagram", DropLine: "line", DropCommand: "command", DropSend: "send"}[d]
}
