package dial

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A scripted Transport answers each address after a time, with a stream or an error.
type scripted map[string]struct {
	after time.Duration
	err   error
}

func (s scripted) Resolve(context.Context, string) ([]string, error) { return nil, nil }

func (s scripted) DialStream(ctx context.Context, address string) (net.Conn, error) {
	answer := s[address]
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(answer.after):
	}
	if answer.err != nil {
		return nil, answer.err
	}
	near, far := net.Pipe()
	far.Close()
	return named{near, address}, nil
}

func (s scripted) DialDatagrams(context.Context, net.Conn, int) (net.Conn, error) { return nil, nil }

// named is a stream that knows which address it was opened to.
type named struct {
	net.Conn
	address string
}

func TestDialStaggered_TakesTheFirstThatAnswers(t *testing.T) {
	const never, second = time.Hour, time.Second
	refused := errors.New("refused")
	for _, test := range []struct {
		name  string
		order []string
		s     scripted
		want  string        // the address; empty for an error
		after time.Duration // the time it takes
	}{
		{"the first is fast", []string{"a", "b"}, scripted{"a": {after: 200 * time.Millisecond}, "b": {}}, "a",
			200 * time.Millisecond},
		{"the first is dead", []string{"a", "b"}, scripted{"a": {after: never}, "b": {}}, "b", staggerAfter},
		{"two are dead", []string{"a", "b", "c"}, scripted{"a": {after: never}, "b": {after: never}, "c": {}}, "c",
			2 * staggerAfter},
		{"the first is refused", []string{"a", "b"}, scripted{"a": {err: refused}, "b": {}}, "b", 0},
		{"dead, then refused", []string{"a", "b", "c"}, scripted{"a": {after: never}, "b": {err: refused}, "c": {}},
			"c", staggerAfter},
		{"the slow one comes after all", []string{"a", "b"}, scripted{"a": {after: second}, "b": {err: refused}}, "a",
			second},
		{"all are refused", []string{"a", "b"}, scripted{"a": {err: refused}, "b": {err: refused}}, "", 0},
		{"none", nil, nil, "", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				conn, err := dialStaggered(t.Context(), test.s, test.order)
				if took := time.Since(start); took != test.after {
					t.Errorf("it took %v, want %v", took, test.after)
				}
				if test.want == "" {
					if err == nil {
						t.Errorf("opened %v, want an error", conn)
					}
					return
				}
				if got, ok := conn.(named); !ok || got.address != test.want {
					t.Errorf("opened %v (%v), want %s", conn, err, test.want)
				}
				conn.Close()
			})
		})
	}
}

func TestAddresses_OrderBeginsWithWhatHasWorked(t *testing.T) {
	var a addresses
	expect := func(what string, want ...string) {
		t.Helper()
		if got := a.order("h", []string{"a", "b", "c"}); !slices.Equal(got, want) {
			t.Errorf("%s: the order is %v, want %v", what, got, want)
		}
	}
	expect("at first", "a", "b", "c")
	a.noteFailed("a")
	expect("a has failed", "b", "c", "a")
	a.noteFailed("b")
	expect("b has failed, too", "c", "a", "b")
	if !a.hasUntried("b") || a.hasUntried("c") {
		t.Errorf("untried other than b: %v, than c: %v; want true and false", a.hasUntried("b"), a.hasUntried("c"))
	}
	a.noteFailed("a")
	expect("a has failed again", "c", "b", "a")
	a.noteWorked("b")
	expect("b has worked", "b", "c", "a")
	a.noteFailed("b")
	expect("b does not work any more", "c", "a", "b")
}

// The addresses of a link have the place of the best of their IP addresses.
func TestAddresses_OrderOfALink(t *testing.T) {
	var a addresses
	expect := func(what string, want ...string) {
		t.Helper()
		if got := a.orderLink([]string{"name:1", "b:1", "c:1"}); !slices.Equal(got, want) {
			t.Errorf("%s: the order is %v, want %v", what, got, want)
		}
	}
	expect("at first", "name:1", "b:1", "c:1")
	a.order("name:1", []string{"a1", "a2"})
	a.noteFailed("a1")
	expect("one of two has failed", "name:1", "b:1", "c:1")
	a.noteFailed("a2")
	expect("both have failed", "b:1", "c:1", "name:1")
	if a.noteFailed("b:1"); !a.hasUntried("b:1") {
		t.Error("c:1 is not known as untried")
	}
	a.noteWorked("a2")
	expect("the second of the name has worked", "name:1", "c:1", "b:1")
}

func TestAlternate_FamiliesTakeTurns(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		"::1 127.0.0.1":            "::1 127.0.0.1",
		"::1 ::2 ::3 1.1.1.1":      "::1 1.1.1.1 ::2 ::3",
		"1.1.1.1 2.2.2.2 ::1":      "1.1.1.1 ::1 2.2.2.2",
		"::ffff:1.1.1.1 ::1 ::2":   "1.1.1.1 ::1 ::2",
		"1.1.1.1 2.2.2.2 3.3.3.3":  "1.1.1.1 2.2.2.2 3.3.3.3",
		"::1 1.1.1.1 2.2.2.2 ::2":  "::1 1.1.1.1 ::2 2.2.2.2",
		"1.1.1.1 ::1 ::2 ::3 ::4 ": "1.1.1.1 ::1 ::2 ::3 ::4",
	} {
		var found []netip.Addr
		for text := range strings.FieldsSeq(in) {
			found = append(found, netip.MustParseAddr(text))
		}
		var got []string
		for _, ip := range alternate(found) {
			got = append(got, ip.String())
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q is tried in the order %q, want %q", in, s, want)
		}
	}
}
