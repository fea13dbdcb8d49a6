package dial

import (
	"context"
	"errors"
	"net"
)

// System stands for the Transport of the operating system, which a page does not have. Without it the page is smaller.
type System struct {
	Via string
}

// Resolve fails, as DialStream and DialDatagrams do.
func (System) Resolve(context.Context, string) ([]string, error) { return nil, errors.ErrUnsupported }

// DialStream fails.
func (System) DialStream(context.Context, string) (net.Conn, error) {
	return nil, errors.ErrUnsupported
}

// DialDatagrams fails.
func (System) DialDatagrams(context.Context, net.Conn, int) (net.Conn, error) {
	return nil, errors.ErrUnsupported
}
