package trust

import (
	"bytes"
	"fmt"
	"io"

	"github.com/mdp/qrterminal/v3"
)

// maxQR bounds the text of a QR code. A longer one would not fit a terminal,
// and the library does not report one that is too long for any code: it panics.
const maxQR = 200

// WriteQR writes a join link as a QR code for a terminal: about 41 columns and
// 21 lines, made of half blocks without colour codes. The blocks are the light
// part, so it is right on a dark screen; on a light one it is inverted, which
// most phones read as well.
func WriteQR(w io.Writer, link string) error {
	if len(link) > maxQR {
		return fmt.Errorf("QR code: the link has %d characters, more than the %d that fit a terminal", len(link), maxQR)
	}
	var picture bytes.Buffer
	qrterminal.GenerateHalfBlock(link, qrterminal.L, &picture)
	if _, err := w.Write(picture.Bytes()); err != nil {
		return fmt.Errorf("write QR code: %w", err)
	}
	return nil
}
