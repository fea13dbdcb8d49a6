//go:build !nogui

package gui

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/hajimehoshi/ebiten/v2/text/v2"
)

// maxFontFile is the greatest size of a font file that is read. Those with Chinese characters have up to 40 MB.
const maxFontFile = 64 << 20

// loadFont reads a font of a file. index is its place in a collection.
func loadFont(path string, index int) (*text.GoTextFaceSource, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFontFile+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) > maxFontFile:
		return nil, fmt.Errorf("%s is larger than %d MB", path, maxFontFile>>20)
	}
	if err := pickFont(data, index); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	source, err := parseFontFile(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return source, nil
}

// parseFontFile parses a single font. A parser may panic on a file that is damaged.
func parseFontFile(data []byte) (source *text.GoTextFaceSource, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			source, err = nil, fmt.Errorf("%w: %v", errDamaged, reason)
		}
	}()
	if len(data) < 12 {
		return nil, errDamaged
	}
	end := min(12+16*int(binary.BigEndian.Uint16(data[4:])), len(data))
	for table := 12; table+16 <= end; table += 16 {
		// The parser makes room for a table before it reads it.
		at, length := binary.BigEndian.Uint32(data[table+8:]), binary.BigEndian.Uint32(data[table+12:])
		if uint64(at)+uint64(length) > uint64(len(data)) {
			return nil, errDamaged
		}
	}
	return text.NewGoTextFaceSource(bytes.NewReader(data))
}

var errDamaged = errors.New("the font is damaged")

// pickFont makes a single font of a collection in place: it moves the font's list of tables to the start, where that of
// a single font is. A collection is
//
//	bytes  content
//	4      "ttcf"
//	4      version
//	4      number of fonts n
//	4 n    place of the list of tables of each font
//
// and a list of tables is
//
//	bytes  content
//	4      kind of font
//	2      number of tables t
//	6      numbers for searching
//	16 t   tables: name, checksum, place in the file, length
//
// Ebitengine would parse all fonts of the collection, which takes a second and hundreds of megabytes for ten fonts with
// Chinese characters.
func pickFont(data []byte, index int) error {
	if !bytes.HasPrefix(data, []byte("ttcf")) {
		return nil
	}
	if len(data) < 12 || index < 0 || uint64(index) >= uint64(binary.BigEndian.Uint32(data[8:])) ||
		len(data) < 12+4*(index+1) {
		return fmt.Errorf("it has no font %d", index)
	}
	at := uint64(binary.BigEndian.Uint32(data[12+4*index:]))
	if at+12 > uint64(len(data)) {
		return errDamaged
	}
	end := at + 12 + 16*uint64(binary.BigEndian.Uint16(data[at+4:]))
	if end > uint64(len(data)) {
		return errDamaged
	}
	for table := at + 12; table < end; table += 16 {
		if uint64(binary.BigEndian.Uint32(data[table+8:])) < end-at {
			return errDamaged
		}
	}
	copy(data, data[at:end])
	return nil
}
