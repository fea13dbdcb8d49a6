package world

import "pong/netcode/sealed"

// forgetful are keys that do not remember what has been opened with them.
type forgetful struct {
	*sealed.Session
	secret []byte
	id     sealed.ID
}

// Open opens a datagram as if it were the first one.
func (f *forgetful) Open(dst, datagram []byte) (plaintext []byte, number uint32, err error) {
	fresh, err := sealed.New(sealed.Client, suite, f.secret, f.id)
	if err != nil {
		return nil, 0, err
	}
	return fresh.Open(dst, datagram)
}
