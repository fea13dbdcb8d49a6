package server

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"time"

	"pong/internal/wire"
)

// errLine marks a line that breaks the protocol, in contrast to a connection that has failed.
var errLine = errors.New("line refused")

// lineBuffer is the size of a connection's read buffer. Players' lines are short; a buffer for the longest line would
// take an eighth of the memory of a session. wire.ReadLine puts longer lines together.
const lineBuffer = 512

// nextLine reads one line without parsing it. A player's goroutine waits here for hours, so nextLine and its callers
// must need little stack: they hold no wire.Message, which has 300 bytes.
func nextLine(lines *bufio.Reader) ([]byte, error) {
	line, err := wire.ReadLine(lines)
	if errors.Is(err, wire.ErrLongLine) {
		return nil, fmt.Errorf("%w: more than %d bytes", errLine, wire.MaxLine)
	}
	return line, err
}

func readLine(lines *bufio.Reader) (wire.Message, error) {
	line, err := nextLine(lines)
	if err != nil {
		return wire.Message{}, err
	}
	return parseLine(line)
}

func parseLine(line []byte) (wire.Message, error) {
	m, err := wire.ParseLine(line)
	if err != nil {
		return m, fmt.Errorf("%w: %w", errLine, err)
	}
	return m, nil
}

// writeLine writes a line. It returns false if the connection has failed or the client reads too slowly.
func (s *server) writeLine(conn net.Conn, m wire.Message) bool {
	if m.TS == 0 {
		m.TS = uint32(time.Since(s.started).Microseconds())
	}
	_ = conn.SetWriteDeadline(time.Now().Add(writeWithin))
	_, err := conn.Write(wire.AppendLine(nil, m))
	return err == nil
}
