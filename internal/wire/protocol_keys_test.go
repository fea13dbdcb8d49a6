package wire_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"

	"pong/internal/trust"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

func (f fields) suite(t *testing.T) uint16 {
	t.Helper()
	b := f.bytes(t, "suite")
	return uint16(b[0])<<8 | uint16(b[1])
}

func checkExporter(t *testing.T, lines []string) {
	label := sealed.Label(wire.KeyLabel).Exporter()
	sentence := fmt.Sprintf("with label %q, context and length 32", label)
	if !strings.Contains(strings.Join(openDocument(t).lines, "\n"), sentence) {
		t.Errorf("the document does not say that the exporter's label is %q", label)
	}
	for _, f := range groups(lines) {
		got := sealed.ExporterContext(f.suite(t), sealed.ID(f.bytes(t, "session")))
		if want := f.bytes(t, "context"); !bytes.Equal(got, want) {
			t.Errorf("suite %s: context %x, the document says %x", f["suite"], got, want)
		}
	}
}

func checkKeyLog(t *testing.T, lines []string) {
	for _, f := range groups(lines) {
		var log strings.Builder
		sealed.WriteKeyLog(&log, wire.KeyLabel, f.suite(t), f.bytes(t, "secret"), sealed.ID(f.bytes(t, "session")))
		if log.String() != f["line"]+"\n" {
			t.Errorf("the line of a key log is %q, the document says %q", log.String(), f["line"])
		}
	}
}

// checkSealed computes the example with the standard library alone, as the document says, and then lets package sealed
// make and open the same datagrams.
func checkSealed(t *testing.T, lines []string) {
	for _, f := range groups(lines) {
		secret, plaintext, datagram := f.bytes(t, "secret"), f.bytes(t, "plaintext"), f.bytes(t, "datagram")
		key, iv := f.bytes(t, "key"), f.bytes(t, "iv")
		for what, want := range map[string][]byte{"key": key, "iv": iv} {
			got, err := hkdf.Expand(sha256.New, secret, wire.KeyLabel+" "+f["direction"]+" "+what, len(want))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s %s: %s %x, %v; the document says %x", f["suite"], f["direction"], what, got, err, want)
			}
		}
		nonce, n := slices.Clone(iv), uint32(f.int(t, "number"))
		for i := range 4 {
			nonce[8+i] ^= byte(n >> (24 - 8*i))
		}
		if want := f.bytes(t, "nonce"); !bytes.Equal(nonce, want) {
			t.Errorf("%s %s: nonce %x, the document says %x", f["suite"], f["direction"], nonce, want)
		}
		const h = sealed.HeaderLen
		got, err := f.aead(t, key).Open(nil, nonce, datagram[h:], datagram[:h])
		if err != nil || !bytes.Equal(got, plaintext) {
			t.Errorf("%s %s: opened as %x, %v; the document says %x", f["suite"], f["direction"], got, err, plaintext)
		}
		f.checkSession(t, n)
	}
}

func (f fields) aead(t *testing.T, key []byte) cipher.AEAD {
	t.Helper()
	aead, err := chacha20poly1305.New(append(key, make([]byte, 32-len(key))...))
	if f["suite"] != "1303" {
		var block cipher.Block
		if block, err = aes.NewCipher(key); err == nil {
			aead, err = cipher.NewGCM(block)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return aead
}

func (f fields) checkSession(t *testing.T, n uint32) {
	t.Helper()
	from, to := sealed.Client, sealed.Server
	if f["direction"] == "s2c" {
		from, to = to, from
	}
	session := func(role sealed.Role) *sealed.Session {
		s, err := sealed.FromSecret(role, wire.KeyLabel, f.suite(t), f.bytes(t, "secret"),
			sealed.ID(f.bytes(t, "session")))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	sender, plaintext, want := session(from), f.bytes(t, "plaintext"), f.bytes(t, "datagram")
	var got []byte
	for range n {
		var err error
		if got, err = sender.Seal(got[:0], plaintext); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s %s: sealed as\n%x, the document says\n%x", f["suite"], f["direction"], got, want)
	}
	if plain, number, err := session(to).Open(nil, want); err != nil || number != n || !bytes.Equal(plain, plaintext) {
		t.Errorf("%s %s: opened as %x, number %d, %v", f["suite"], f["direction"], plain, number, err)
	}
}

func checkFingerprint(t *testing.T, lines []string) {
	for _, f := range groups(lines) {
		want := trust.Fingerprint(f.bytes(t, "bytes"))
		if want.String() != f["grouped"] || want.Base64() != f["base64"] {
			t.Errorf("%x is written %s and %s, the document says %s and %s", want, want, want.Base64(), f["grouped"],
				f["base64"])
		}
		for _, text := range f {
			if got, err := trust.ParseFingerprint(text); err != nil || got != want {
				t.Errorf("%s is read as %v, %v", text, got, err)
			}
		}
	}
}

func checkLink(t *testing.T, lines []string) {
	for _, f := range groups(lines) {
		for field, mark := range map[string]string{
			"fingerprint": "#k=", "room": "#r=", "ticket": "#t=", "further": "#also=",
		} {
			if !strings.Contains(strings.ReplaceAll(f["link"], "&", "#"), mark) {
				delete(f, field) // that of the group before
			}
		}
		got, err := trust.ParseJoinLink(f["link"])
		if err != nil || got.String() != f["link"] || got.Address != f["address"] ||
			got.HasKey != (f["fingerprint"] != "") || got.Room != f["room"] ||
			got.Ticket != f["ticket"] || strings.ReplaceAll(got.Further, ",", " ") != f["further"] {
			t.Errorf("%s is read as %+v, %v", f["link"], got, err)
		}
		if got.HasKey && got.Key.String() != f["fingerprint"] {
			t.Errorf("%s has the fingerprint %v, the document says %s", f["link"], got.Key, f["fingerprint"])
		}
	}
}
