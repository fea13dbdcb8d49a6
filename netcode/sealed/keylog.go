package sealed

import (
	"fmt"
	"io"
)

// WriteKeyLog writes what opens the datagrams of a session, in both directions, as a line:
//
//	PONG-UDP-V1 <session id, 16 hex digits> <suite, 4> <secret, 64>
//
// It is for a person who wants to look into a capture of their own, as tls.Config.KeyLogWriter is. Who has the line
// can read the session and, while it lives, send in the place of either end: so a program must not call it unless it
// was asked to, and must say so. A nil writer gets nothing. The line is written with one call, so that sessions which
// share a writer do not mix; an error is for the writer to notice, since no session should fail for being looked at.
func WriteKeyLog(w io.Writer, suite Suite, secret []byte, id ID) {
	if w != nil {
		_, _ = fmt.Fprintf(w, "PONG-UDP-V1 %v %04x %x\n", id, suite, secret)
	}
}
