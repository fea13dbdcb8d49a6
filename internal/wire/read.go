package wire

import (
	"bufio"
	"errors"
	"fmt"
)

// ErrLongLine is the error of ReadLine for a line of more than MaxLine bytes.
var ErrLongLine = fmt.Errorf("control line of more than %d bytes", MaxLine)

// ReadLine reads a control line, with its newline, through a buffer of any size. The line is valid until the next read.
// Errors other than ErrLongLine are those of the connection. A line without its newline at the end of a connection is
// not returned.
func ReadLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		more := errors.Is(err, bufio.ErrBufferFull)
		if err != nil && !more {
			return nil, err
		}
		if n := len(line) + len(part); n > MaxLine || n == MaxLine && more {
			return nil, ErrLongLine
		}
		if line == nil && !more {
			return part, nil
		}
		if line = append(line, part...); !more {
			return line, nil
		}
	}
}

// ReadMessage reads a control line and parses it.
func ReadMessage(r *bufio.Reader) (Message, error) {
	line, err := ReadLine(r)
	if err != nil {
		return Message{}, err
	}
	return ParseLine(line)
}
