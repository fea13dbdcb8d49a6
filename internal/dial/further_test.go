package dial_test

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pong/internal/dial"
	"pong/internal/trust"
)

// deadAddress returns a HOST:PORT of this machine at which nothing listens.
func deadAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// linkTo returns a join link to a fake, with other addresses before and after that of the fake itself.
func linkTo(f *fake, addresses ...string) string {
	l := trust.JoinLink{Address: addresses[0], Key: f.identity.Fingerprint(), HasKey: true}
	return l.WithFurther(addresses[1:]).String()
}

// The first address of a link at which the server of the link answers is used.
func TestDial_FurtherAddresses(t *testing.T) {
	server := serveTLS(t, nil, answers(line(welcome())))
	other := serveTLS(t, nil, answers(line(welcome())))
	for _, test := range []struct {
		name      string
		addresses []string
	}{
		{"the first is dead", []string{deadAddress(t), server.address}},
		{"another server is at the first", []string{other.address, server.address}},
		{"two are dead, and another server is at the third",
			[]string{deadAddress(t), deadAddress(t), other.address, server.address}},
	} {
		c, err := join(t, dial.Config{Address: linkTo(server, test.addresses...)})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got := c.Frame(time.Now()).Server.Control; got != server.address {
			t.Errorf("%s: joined at %s, want %s", test.name, got, server.address)
		}
	}
	if lines := other.received(); len(lines) != 0 {
		t.Errorf("the other server received %v, want nothing", lines)
	}
}

// A link does not lead to another server, and only if nothing else is the matter the error is about that.
func TestDial_FurtherAddressesOfOthers(t *testing.T) {
	server := serveTLS(t, nil, answers(line(welcome())))
	other := serveTLS(t, nil, answers(line(welcome())))
	third := serveTLS(t, nil, answers(line(welcome())))
	_, err := join(t, dial.Config{Address: linkTo(server, other.address, third.address)})
	if !errors.As(err, new(*dial.DistrustError)) || !strings.Contains(err.Error(), "not the server you were told") {
		t.Errorf("two other servers: got error %v, want a DistrustError", err)
	}
	_, err = join(t, dial.Config{Address: linkTo(server, other.address, deadAddress(t))})
	if err == nil || errors.As(err, new(*dial.DistrustError)) || !strings.Contains(err.Error(), "no connection to") {
		t.Errorf("one other server, and a dead address: got error %v, want that of the dead address", err)
	}
	for _, f := range []*fake{other, third} {
		if lines := f.received(); len(lines) != 0 {
			t.Errorf("another server received %v, want nothing", lines)
		}
	}
}

// The person is asked if another server is stored for the first address of a link, whichever address has answered: the
// first one is what the person reads.
func TestDial_FurtherAddressesDoNotHideAConflict(t *testing.T) {
	server := serveTLS(t, nil, answers(line(welcome())))
	pins := filepath.Join(t.TempDir(), "known_servers")
	const known = "203.0.113.7:5555"
	pin := trust.Pin{Address: known, Key: trust.Fingerprint{1}, Date: time.Now()}
	if err := trust.NewPins(pins).Store(pin); err != nil {
		t.Fatal(err)
	}
	var asked []dial.Question
	_, err := join(t, dial.Config{
		Address: linkTo(server, known, server.address), PinFile: pins, Transport: onlyLoopback{},
		Ask: always(false, &asked),
	})
	if err == nil || len(asked) != 1 || asked[0].Host != known || asked[0].Known != (trust.Fingerprint{1}).String() {
		t.Errorf("got error %v and the questions %+v, want one about %s", err, asked, known)
	}
}

// onlyLoopback is the system's Transport for addresses of this machine. At others nobody answers.
type onlyLoopback struct{ dial.System }

func (o onlyLoopback) DialStream(ctx context.Context, address string) (net.Conn, error) {
	if !strings.HasPrefix(address, "127.") {
		return nil, errors.New("nobody answers")
	}
	return o.System.DialStream(ctx, address)
}
