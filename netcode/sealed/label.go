package sealed

import (
	"fmt"
	"strings"
)

// A Label names an application's datagram protocol and its version, as in "pong-udp v1". It is part of every key, so
// that two applications, or two versions of one, never have the same keys. It is 1 to 64 printable ASCII characters.
//
// The label "pong-udp v1" gives
//
//	EXPERIMENTAL-pong-udp-v1   the label of the TLS exporter
//	pong-udp v1 c2s key        the info of HKDF-Expand, and likewise with s2c and with iv
//	PONG-UDP-V1                the first word of a line of the key log
type Label string

// maxLabel keeps the exporter's label far below the 249 bytes that TLS 1.3 allows.
const maxLabel = 64

func (l Label) check() error {
	bad := func(r rune) bool { return r < ' ' || r > '~' }
	if len(l) == 0 || len(l) > maxLabel || strings.ContainsFunc(string(l), bad) {
		return fmt.Errorf("label %.100q: want 1 to %d printable ASCII characters", string(l), maxLabel)
	}
	return nil
}

// Exporter returns the label of the TLS exporter. The prefix is the one that RFC 5705 section 4 leaves to anyone; a
// space becomes a hyphen.
func (l Label) Exporter() string { return "EXPERIMENTAL-" + l.hyphened() }

// info returns the info of HKDF-Expand for a key or an iv of a direction.
func (l Label) info(direction, what string) string { return string(l) + " " + direction + " " + what }

// keyLogWord returns the first word of a line of the key log.
func (l Label) keyLogWord() string { return strings.ToUpper(l.hyphened()) }

func (l Label) hyphened() string { return strings.ReplaceAll(string(l), " ", "-") }
