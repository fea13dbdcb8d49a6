package trust

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/mdp/qrterminal/v3"
)

// maxQR bounds the length of a QR code's text. A longer text would not fit a terminal, and the library panics if a
// text is too long for any QR code.
const maxQR = 200

// White on black, whatever the terminal's colours are: the two ends of the fixed palette of 256 colours. The blocks
// are the light modules of the code.
const (
	qrColour = "\x1b[38;5;231;48;5;16m"
	qrPlain  = "\x1b[0m"
)

// WriteQR writes a join link as a QR code for a terminal: about 41 columns and 21 lines of half blocks. With colour
// it is right on every terminal. Without colour it is right on a dark background and inverted on a light one; many
// phones read inverted codes, but not all.
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
