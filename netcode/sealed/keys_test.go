package sealed

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"strings"
	"testing"
)

var suites = map[string]uint16{
	"AES-128-GCM":       tls.TLS_AES_128_GCM_SHA256,
	"AES-256-GCM":       tls.TLS_AES_256_GCM_SHA384,
	"ChaCha20-Poly1305": tls.TLS_CHACHA20_POLY1305_SHA256,
}

// vectors were made by two implementations that are independent of this one, with the label "pong-udp v1", secret
// 000102..1f, session id a1a2a3a4a5a6a7a8 and plaintext 01 "hello pong".
var vectors = []struct {
	suite    uint16
	from, to Role
	number   uint32
	key, iv  string
	datagram string
}{
	{
		0x1301, Client, Server, 1,
		"40506f85a213fe70edc9d19507e251a0", "0375ed9315f64f30cec57b9e",
		"09a1a2a3a4a5a6a7a800000001522524d2d3527d727a8c8ec921ebca20c3c8e6f7c5496fcf1efc20",
	},
	{
		0x1301, Server, Client, 0x00010203,
		"18e00e0b53902d02c05701e1f2f2b2af", "d3f76bc8503b8065a4ac3ab3",
		"09a1a2a3a4a5a6a7a8000102038d7950beace9e652d53b8715f51b1eb77b1833bb94787f751ea05c",
	},
	{
		0x1302, Client, Server, 1,
		"40506f85a213fe70edc9d19507e251a07f74ddb82ea009ab90a01a888cadc13c", "0375ed9315f64f30cec57b9e",
		"09a1a2a3a4a5a6a7a8000000013d90e0c21ef4af6db1d648600bf167a3d02c7bbe99f4b1e49e94d0",
	},
	{
		0x1302, Server, Client, 0x00010203,
		"18e00e0b53902d02c05701e1f2f2b2afde396e93152ce391be278317d8c0f090", "d3f76bc8503b8065a4ac3ab3",
		"09a1a2a3a4a5a6a7a80001020367a255112afbe124f25ab0954f5d871bf168d29c9a1123e0aee179",
	},
	{
		0x1303, Client, Server, 1,
		"40506f85a213fe70edc9d19507e251a07f74ddb82ea009ab90a01a888cadc13c", "0375ed9315f64f30cec57b9e",
		"09a1a2a3a4a5a6a7a800000001be1ccc278470332c3d9e54ba9b50273fadf39fe27531148970203b",
	},
	{
		0x1303, Server, Client, 0x00010203,
		"18e00e0b53902d02c05701e1f2f2b2afde396e93152ce391be278317d8c0f090", "d3f76bc8503b8065a4ac3ab3",
		"09a1a2a3a4a5a6a7a800010203848ca534101beb303c689db360854a5af0d9f8ae9f42b98fb0eb73",
	},
}

func TestVectors_SealAndOpen(t *testing.T) {
	plaintext := append([]byte{0x01}, "hello pong"...)
	for _, v := range vectors {
		from, to := mustNew(t, v.from, v.suite), mustNew(t, v.to, v.suite)
		if got := hex.EncodeToString(from.out.iv[:]); got != v.iv || from.out.iv != to.in.iv {
			t.Errorf("suite %04x number %d: iv %s, want %s", v.suite, v.number, got, v.iv)
		}
		from.sent = v.number - 1
		datagram := mustSeal(t, from, plaintext)
		if got := hex.EncodeToString(datagram); got != v.datagram {
			t.Errorf("suite %04x number %d: sealed\n%s, want\n%s", v.suite, v.number, got, v.datagram)
		}
		given, err := hex.DecodeString(v.datagram)
		if err != nil {
			t.Fatal(err)
		}
		if got, n := mustOpen(t, to, given); n != v.number || !bytes.Equal(got, plaintext) {
			t.Errorf("suite %04x: opened %q, number %d; want %q, number %d", v.suite, got, n, plaintext, v.number)
		}
	}
}

// An AEAD does not show its key, so this test derives the keys of the vectors again and opens their datagrams with
// them.
func TestVectors_Keys(t *testing.T) {
	for _, v := range vectors {
		name := map[Role]string{Client: "c2s", Server: "s2c"}[v.from]
		keyLen, newAEAD, err := suiteAEAD(v.suite)
		if err != nil {
			t.Fatal(err)
		}
		key, err := hkdf.Expand(sha256.New, testSecret(), "pong-udp v1 "+name+" key", keyLen)
		if err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(key); got != v.key {
			t.Errorf("suite %04x %s: key %s, want %s", v.suite, name, got, v.key)
		}
		aead, err := newAEAD(key)
		if err != nil {
			t.Fatal(err)
		}
		to := mustNew(t, v.to, v.suite)
		to.in.aead = aead
		datagram, err := hex.DecodeString(v.datagram)
		if err != nil {
			t.Fatal(err)
		}
		mustOpen(t, to, datagram)
	}
}

func TestFromSecret_Refuses(t *testing.T) {
	good := uint16(tls.TLS_AES_128_GCM_SHA256)
	for _, c := range []struct {
		name   string
		role   Role
		label  Label
		suite  uint16
		secret []byte
		want   string
	}{
		{"short secret", Client, testLabel, good, make([]byte, 31), "31 bytes"},
		{"long secret", Client, testLabel, good, make([]byte, 33), "33 bytes"},
		{"no secret", Client, testLabel, good, nil, "0 bytes"},
		{"TLS 1.2 suite", Client, testLabel, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, testSecret(), "0xc02f"},
		{"unknown suite", Server, testLabel, 0x1304, testSecret(), "0x1304"},
		{"no suite", Server, testLabel, 0, testSecret(), "0x0000"},
		{"role", 2, testLabel, good, testSecret(), "role 2"},
		{"no label", Client, "", good, testSecret(), `label ""`},
		{"long label", Client, Label(strings.Repeat("a", 65)), good, testSecret(), "64 printable"},
		{"label with a line break", Client, "tug\nv1", good, testSecret(), `"tug\nv1"`},
	} {
		s, err := FromSecret(c.role, c.label, c.suite, c.secret, testID)
		if err == nil || s != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: session %v, error %v; want an error with %q", c.name, s, err, c.want)
		}
	}
}
