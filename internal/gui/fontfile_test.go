//go:build !nogui

package gui

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// collection returns a collection of the fonts of some files.
func collection(t testing.TB, names ...string) []byte {
	t.Helper()
	lists, tables := []byte{}, []byte{}
	head := binary.BigEndian.AppendUint32([]byte("ttcf\x00\x01\x00\x00"), uint32(len(names)))
	room := len(head) + 4*len(names)
	var fonts [][]byte
	for _, name := range names {
		data, err := os.ReadFile(testFont(name))
		if err != nil {
			t.Fatal(err)
		}
		fonts = append(fonts, data)
		room += 12 + 16*int(binary.BigEndian.Uint16(data[4:]))
	}
	for _, data := range fonts {
		end := 12 + 16*int(binary.BigEndian.Uint16(data[4:]))
		head = binary.BigEndian.AppendUint32(head, uint32(12+4*len(names)+len(lists)))
		list := bytes.Clone(data[:end])
		for table := 12; table < end; table += 16 {
			at := binary.BigEndian.Uint32(list[table+8:])
			binary.BigEndian.PutUint32(list[table+8:], at+uint32(room+len(tables)))
		}
		lists, tables = append(lists, list...), append(tables, data...)
	}
	return append(append(head, lists...), tables...)
}

func TestLoadFont_OneOfACollection(t *testing.T) {
	path := filepath.Join(t.TempDir(), "all.ttc")
	if err := os.WriteFile(path, collection(t, "arabic", "hebrew", "devanagari"), 0o600); err != nil {
		t.Fatal(err)
	}
	for index, letter := range []string{"م", "ד", "नि"} {
		source, err := loadFont(path, index)
		if err != nil {
			t.Errorf("font %d: %v", index, err)
			continue
		}
		if !covers(source, letter) || covers(source, "A田") {
			t.Errorf("font %d is not the one with %s", index, letter)
		}
	}
	for _, index := range []int{-1, 3, 1 << 30} {
		if _, err := loadFont(path, index); err == nil {
			t.Errorf("there is a font %d in a collection of three", index)
		}
	}
}

// TestLoadFont_DamagedFiles loads files that are cut off or changed. Each is an error or a font, and no panic.
func TestLoadFont_DamagedFiles(t *testing.T) {
	whole := collection(t, "hebrew", "arabic")
	errors := 0
	load := func(data []byte) {
		if err := pickFont(data, 1); err != nil {
			errors++
			return
		}
		if _, err := parseFontFile(data); err != nil {
			errors++
		}
	}
	for n := 0; n < len(whole); n += 97 {
		load(bytes.Clone(whole[:n]))
	}
	for at := 0; at < 600; at++ {
		data := bytes.Clone(whole)
		data[at] ^= 0xff
		load(data)
	}
	if errors < 100 {
		t.Errorf("only %d of the damaged files are errors", errors)
	}
	if _, err := loadFont(filepath.Join(t.TempDir(), "none.ttf"), 0); err == nil {
		t.Error("a file that does not exist is no error")
	}
}
