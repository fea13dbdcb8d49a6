package sealed

import (
	"bytes"
	"crypto/tls"
	"testing"
)

// calls counts the calls of Write.
type calls struct {
	bytes.Buffer
	n int
}

func (c *calls) Write(b []byte) (int, error) {
	c.n++
	return c.Buffer.Write(b)
}

func TestKeyLog_IsOneLineInOneCall(t *testing.T) {
	var log calls
	WriteKeyLog(&log, testLabel, tls.TLS_CHACHA20_POLY1305_SHA256, testSecret(), testID)
	want := "PONG-UDP-V1 a1a2a3a4a5a6a7a8 1303 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
	if log.String() != want || log.n != 1 {
		t.Errorf("wrote %q in %d calls, want %q in one", log.String(), log.n, want)
	}
}

func TestKeyLog_WithoutWriter(t *testing.T) {
	WriteKeyLog(nil, testLabel, tls.TLS_AES_128_GCM_SHA256, testSecret(), testID) // must not panic
}
