package world

import (
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// noReplayCheck are a client's keys without the replay check: Open accepts a datagram any number of times.
type noReplayCheck struct {
	*sealed.Session
	secret []byte
	id     sealed.ID
}

// Open opens a datagram with a fresh session, which has seen no packet number yet.
func (k *noReplayCheck) Open(dst, datagram []byte) (plaintext []byte, number uint32, err error) {
	fresh, err := sealed.FromSecret(sealed.Client, wire.KeyLabel, suite, k.secret, k.id)
	if err != nil {
		return nil, 0, err
	}
	return fresh.Open(dst, datagram)
}
