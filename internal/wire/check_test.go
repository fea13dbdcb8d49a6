package wire

import "testing"

func TestCheck_IsParsed(t *testing.T) {
	token := [TokenLen]byte{1, 2, 3}
	datagram := AppendCheck(nil, token)
	if got, ok := ParseCheck(datagram); !ok || got != token || len(datagram) != CheckLen {
		t.Errorf("%x is read as %x, %v", datagram, got, ok)
	}
	for _, bad := range [][]byte{nil, datagram[:CheckLen-1], append(datagram, 0), append([]byte{0}, datagram[1:]...)} {
		if _, ok := ParseCheck(bad); ok {
			t.Errorf("%x is taken for a check datagram", bad)
		}
	}
}
