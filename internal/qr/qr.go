// Package qr makes QR codes of join links: for a terminal, and as modules for anything else.
package qr

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/mdp/qrterminal/v3"
	"rsc.io/qr"
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

// margin is the quiet zone around a code, in modules.
const margin = 4

// Modules returns the modules of a text's QR code, row by row, with a quiet zone around them. true is dark.
func Modules(text string) ([][]bool, error) {
	if len(text) > maxQR {
		return nil, errLong(text)
	}
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return nil, fmt.Errorf("QR code: %w", err)
	}
	rows := make([][]bool, code.Size+2*margin)
	for y := range rows {
		rows[y] = make([]bool, len(rows))
		for x := range rows {
			rows[y][x] = code.Black(x-margin, y-margin) // false outside of the code
		}
	}
	return rows, nil
}

func errLong(text string) error {
	return fmt.Errorf("QR code: the link has %d characters, more than the %d that fit a terminal", len(text), maxQR)
}

// Write writes a join link as a QR code for a terminal: about 41 columns and 21 lines of half blocks. With colour
// it is right on every terminal. Without colour it is right on a dark background and inverted on a light one; many
// phones read inverted codes, but not all.
func Write(w io.Writer, link string, colour bool) error {
	if len(link) > maxQR {
		return errLong(link)
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
