package sealed

import (
	"fmt"
	"io"
)

// WriteKeyLog writes the line that opens the datagrams of a session, in both directions:
//
//	PONG-UDP-V1 <session id, 16 hex digits> <suite, 4> <secret, 64>
//
// The first word comes from the label. Like tls.Config.KeyLogWriter, it is for a person who studies a capture of
// their own traffic. Anyone with this line can read the session, and can send in the name of either end while it
// lasts. So a program must write it only on request, and must say that it does.
//
// A nil writer gets nothing. The line is written with one call, so that lines of sessions that share a writer do not
// mix. Errors are ignored, because no session should fail for being studied; the writer may note them.
func WriteKeyLog(w io.Writer, label Label, suite uint16, secret []byte, id ID) {
	if w != nil {
		_, _ = fmt.Fprintf(w, "%s %v %04x %x\n", label.keyLogWord(), id, suite, secret)
	}
}
