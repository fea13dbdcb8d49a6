package wire

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestReadLine_TakesLinesUpToMaxLine(t *testing.T) {
	for _, buffer := range []int{16, 512, MaxLine, 2 * MaxLine} {
		for _, c := range []struct {
			length int
			want   error
		}{{1, nil}, {buffer - 1, nil}, {buffer, nil}, {buffer + 1, nil}, {MaxLine, nil}, {MaxLine + 1, ErrLongLine},
			{3 * MaxLine, ErrLongLine}} {
			if c.length > MaxLine {
				c.want = ErrLongLine
			}
			text := strings.Repeat("x", c.length-1) + "\n"
			r := bufio.NewReaderSize(strings.NewReader(text+"next\n"), buffer)
			line, err := ReadLine(r)
			if !errors.Is(err, c.want) || err == nil && string(line) != text {
				t.Errorf("a line of %d bytes through a buffer of %d: %d bytes, %v, want %v", c.length, buffer,
					len(line), err, c.want)
			}
			if err != nil {
				continue
			}
			if line, err := ReadLine(r); string(line) != "next\n" || err != nil {
				t.Errorf("after a line of %d bytes comes %q, %v", c.length, line, err)
			}
		}
	}
	if _, err := ReadLine(bufio.NewReader(strings.NewReader("half a line"))); !errors.Is(err, io.EOF) {
		t.Errorf("a line that is cut off: %v, want %v", err, io.EOF)
	}
}

func TestReadMessage_ParsesTheLine(t *testing.T) {
	r := bufio.NewReader(strings.NewReader(`{"type":"PING","ts":7}` + "\nnonsense\n"))
	if m, err := ReadMessage(r); err != nil || m.Type != Ping || m.TS != 7 {
		t.Errorf("a PING is read as %+v, %v", m, err)
	}
	if _, err := ReadMessage(r); err == nil {
		t.Error("nonsense is read without an error")
	}
}
