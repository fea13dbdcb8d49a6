package trust

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/mdp/qrterminal/v3"
)

// maxQR bounds the text of a QR code. A longer one would not fit a terminal,
// and the library does not report one that is too long for any code: it panics.
const maxQR = 200

// White on black, whatever the colours of the terminal are: the two ends of the
// fixed palette of 256. The blocks are the light part of the code.
const (
	qrColour = "\x1b[38;5;231;48;5;16m"
	qrPlain  = "\x1b[0m"
)

// WriteQR writes a join link as a QR code for a terminal: about 41 columns and
// 21 lines, made of half blocks. With colour it is right on every screen.
// Without, it is right on a dark one; on a light one it is inverted, which many
// phones read as well, but not all.
func WriteQR(w io.Writer, link string, colour bool) error {
	if len(link) > maxQR {
		return fmt.Errorf("QR code: the link has %d characters, more than the %d that fit a terminal", len(link), maxQR)
	}
	var picture bytes.Buffer
	qrterminal.GenerateHalfBlock(link, qrterminal.L, &picture)
	text := picture.String()
	if colour {
		text = strings.NewReplacer("\n", qrPlain+"\n"+qrColour).Replace(qrColour + strings.TrimSuffix(text, "\n"))
		text += qrPlain + "\n"
	}
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("write QR code: %w", err)
	}
	return nil
}
