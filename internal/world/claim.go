package world

import (
	"encoding/binary"
	"time"

	"pong/internal/client"
	"pong/internal/wire"
	"pong/netcode"
)

// claimingKeys are the keys of a modified client that claims a longer round trip: see Player.Claim.
type claimingKeys struct {
	client.Keys
	claim *time.Duration
}

// Seal seals a plaintext after it has changed what its stamp echoes to something that was sent earlier.
func (k claimingKeys) Seal(dst, plaintext []byte) ([]byte, error) {
	const echo = 5 // where a stamp in a plaintext has it
	if s := wire.ParseStamp(plaintext); s.Hold != netcode.NoEcho {
		binary.BigEndian.PutUint32(plaintext[echo:], s.Echo-uint32(k.claim.Microseconds()))
	}
	return k.Keys.Seal(dst, plaintext)
}
