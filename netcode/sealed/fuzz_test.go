package sealed

import (
	"bytes"
	"crypto/tls"
	"testing"
)

// FuzzOpen opens arbitrary bytes: nothing panics, a refusal changes nothing but its counter, and only datagrams of
// the peer are accepted.
func FuzzOpen(f *testing.F) {
	client := mustNew(f, Client, tls.TLS_AES_128_GCM_SHA256)
	var genuine [][]byte
	for _, plaintext := range []string{"a", "input", "state state state"} {
		genuine = append(genuine, mustSeal(f, client, []byte(plaintext)))
		f.Add(genuine[len(genuine)-1])
	}
	f.Add([]byte(nil))
	f.Add(make([]byte, MaxDatagram+1))
	f.Fuzz(func(t *testing.T, datagram []byte) {
		server := mustNew(t, Server, tls.TLS_AES_128_GCM_SHA256)
		mustOpen(t, server, genuine[1])
		for i, g := range genuine {
			if bytes.Equal(g, datagram) && i != 1 {
				mustOpen(t, server, datagram)
			}
		}
		mustRefuse(t, server, datagram, nil) // forged, or by now a replay
		if id, ok := ParseID(datagram); ok && !bytes.Equal(id[:], datagram[1:9]) {
			t.Errorf("id %v of %x", id, datagram)
		}
	})
}
