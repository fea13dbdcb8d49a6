//go:build !js

package term

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"

	"pong/internal/dial"
	"pong/internal/front"
)

// terminal is what a test has instead of one: it tells when the whole screen
// has been taken, and types then.
type terminal struct {
	mu      sync.Mutex
	written bytes.Buffer
	taken   chan struct{}
	once    sync.Once
	types   io.Reader
	hold    <-chan struct{} // the end of the input
}

func newTerminal(t *testing.T, types string) *terminal {
	return &terminal{taken: make(chan struct{}), types: strings.NewReader(types), hold: t.Context().Done()}
}

func (w *terminal) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.written.Write(p)
	if strings.Contains(w.written.String(), "\x1b[?1049h") {
		w.once.Do(func() { close(w.taken) })
	}
	return len(p), nil
}

func (w *terminal) Read(p []byte) (int, error) {
	<-w.taken
	n, err := w.types.Read(p)
	if err != nil {
		<-w.hold
	}
	return n, err
}

// modes are what is switched on in a terminal and must be switched off again.
var modes = map[string][2]string{
	"the other screen": {"\x1b[?1049h", "\x1b[?1049l"},
	"focus reports":    {"\x1b[?1004h", "\x1b[?1004l"},
	"bracketed paste":  {"\x1b[?2004h", "\x1b[?2004l"},
	"hidden cursor":    {"\x1b[?25l", "\x1b[?25h"},
	"kitty keyboard":   {"\x1b[>", "\x1b[<"},
}

// checkRestored sees to it that nothing is left switched on.
func (w *terminal) checkRestored(t *testing.T) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for name, mode := range modes {
		on, off := strings.LastIndex(w.written.String(), mode[0]), strings.LastIndex(w.written.String(), mode[1])
		if on < 0 || off < on {
			t.Errorf("%s: switched on at byte %d, off at %d of %q", name, on, off, w.written.String())
		}
	}
}

// TestTerminalIsRestored, whatever ends the program.
func TestTerminalIsRestored(t *testing.T) {
	refuse := func(context.Context, front.Want, Asker) (*dial.Client, error) {
		return nil, errors.New("nobody there")
	}
	wait := func(ctx context.Context, _ front.Want, _ Asker) (*dial.Client, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	tests := map[string]struct {
		address, types string
		dial           func(context.Context, front.Want, Asker) (*dial.Client, error)
		cancel         bool
		want           func(error) bool
	}{
		"Ctrl-C in the prompt": {types: "pong.ex\x03", want: isNil},
		"Esc in the prompt":    {types: "\x1b", want: isNil},
		"q while dialling":     {address: "a", types: "q", dial: wait, want: isNil},
		"the context":          {address: "a", dial: wait, cancel: true, want: isNil},
		"a failed dial": {address: "a", dial: refuse, want: func(err error) bool {
			return err != nil && err.Error() == "nobody there"
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newTerminal(t, test.types)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			dial := func(ctx context.Context, want front.Want, ask Asker) (*dial.Client, error) {
				<-w.taken
				if test.cancel {
					cancel()
				}
				return test.dial(ctx, want, ask)
			}
			err := Run(ctx, Config{Want: front.Want{Address: test.address}, Dial: dial, In: w, Out: w})
			if !test.want(err) {
				t.Errorf("Run returned %v", err)
			}
			w.checkRestored(t)
		})
	}
}

func isNil(err error) bool { return err == nil }

// TestTerminalIsRestoredAfterAPanic, in the screen's goroutine or in another.
// That Bubble Tea writes what has happened to standard error is as it should be.
func TestTerminalIsRestoredAfterAPanic(t *testing.T) {
	w := newTerminal(t, "")
	fail := func(context.Context, front.Want, Asker) (*dial.Client, error) {
		<-w.taken
		panic("a test panics while it dials")
	}
	err := Run(t.Context(), Config{Want: front.Want{Address: "a"}, Dial: fail, In: w, Out: w})
	if !errors.Is(err, tea.ErrProgramPanic) {
		t.Errorf("after a panic while dialling Run returned %v", err)
	}
	w.checkRestored(t)

	w = newTerminal(t, "")
	l := newLine(t.Context(), Config{Dial: func(context.Context, front.Want, Asker) (*dial.Client, error) {
		<-w.taken
		return new(dial.Client), nil // whose Update panics
	}})
	err = show(t.Context(), newModel(Config{Want: front.Want{Address: "a"}, In: w, Out: w}, l))
	if !errors.Is(err, tea.ErrProgramPanic) {
		t.Errorf("after a panic in a frame Run returned %v", err)
	}
	w.checkRestored(t)
}

// TestReleasesAreNoticed: the bytes of a kitty terminal, from its answer or from
// a release that it sends, switch to held keys.
func TestReleasesAreNoticed(t *testing.T) {
	tests := map[string]struct {
		types string
		want  steering
	}{
		"no answer":             {"\x1b[A\x1b[Bws", latched},
		"without event types":   {"\x1b[?1u", latched},
		"with event types":      {"\x1b[?15u", held},
		"a letter let go":       {"\x1b[119;1:1u\x1b[119;1:3u", held},
		"an arrow key let go":   {"\x1b[1;1:1A\x1b[1;1:3A", held},
		"with num lock pressed": {"\x1b[119;129:1u\x1b[119;129:3u", held},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newTerminal(t, test.types+"\x03")
			m := newModel(Config{In: w, Out: w}, newLine(t.Context(), Config{}))
			if err := show(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			if m.stick.steering != test.want {
				t.Errorf("steering %d, want %d", m.stick.steering, test.want)
			}
		})
	}
}

func TestNoTerminal(t *testing.T) {
	in, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	old := os.Stdin
	defer func() { os.Stdin = old }()
	os.Stdin = in
	if err := Run(t.Context(), Config{Want: front.Want{Address: "a"}}); !errors.Is(err, ErrNoTerminal) {
		t.Errorf("Run without a terminal returned %v, want %v", err, ErrNoTerminal)
	}
}
