//go:build !js

package term

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
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

// TestRun_RestoresTheTerminal, whatever ends the program.
func TestRun_RestoresTheTerminal(t *testing.T) {
	wait := func(ctx context.Context, _ front.Want, _ front.Ask) (front.Session, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	tests := map[string]struct {
		address, types string
		dial           func(context.Context, front.Want, front.Ask) (front.Session, error)
		cancel         bool
		want           func(error) bool
	}{
		"Ctrl-C in the prompt": {types: "pong.ex\x03", want: isNil},
		"Esc in the prompt":    {types: "\x1b[27uy", want: isNil}, // and y to the question whether to leave
		"q while dialling":     {address: "a", types: "q", dial: wait, want: isNil},
		"the context":          {address: "a", dial: wait, cancel: true, want: isNil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newTerminal(t, test.types)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			dial := func(ctx context.Context, want front.Want, ask front.Ask) (front.Session, error) {
				<-w.taken
				if test.cancel {
					cancel()
				}
				return test.dial(ctx, want, ask)
			}
			flow := front.Config{Want: front.Want{Address: test.address}, Dial: dial}
			err := Run(ctx, Config{Flow: flow, In: w, Out: w})
			if !test.want(err) {
				t.Errorf("Run returned %v", err)
			}
			w.checkRestored(t)
		})
	}
}

// TestShow_ReturnsTheFailureThatThePersonSaw last.
func TestShow_ReturnsTheFailureThatThePersonSaw(t *testing.T) {
	nobody := errors.New("nobody there")
	fail := func(context.Context, front.Want, front.Ask) (front.Session, error) { return nil, nobody }
	flow := front.New(t.Context(), time.Now(), front.Config{Want: front.Want{Address: "a"}, Dial: fail})
	defer flow.Close()
	for flow.Err() == nil {
		flow.Step(time.Now(), game.None)
		runtime.Gosched()
	}
	w := newTerminal(t, "\x03")
	if err := show(t.Context(), Config{In: w, Out: w}, newModel(time.Now(), flow)); !errors.Is(err, nobody) {
		t.Errorf("show returned %v, want what the screen said last", err)
	}
	w.checkRestored(t)
}

func TestRun_KeepsTheSettings(t *testing.T) {
	w := newTerminal(t, "\x03")
	var kept front.Settings
	err := Run(t.Context(), Config{
		Flow: front.Config{View: client.ViewInterp}, In: w, Out: w,
		Settings: front.Settings{Mute: true}, Keep: func(s front.Settings) { kept = s },
	})
	if want := (front.Settings{Mute: true, View: client.ViewInterp}); kept != want || err != nil {
		t.Errorf("Run kept %+v and returned %v, want %+v", kept, err, want)
	}
}

func isNil(err error) bool { return err == nil }

// TestRun_RestoresTheTerminalAfterAPanic, in the screen's goroutine or in another.
// That Bubble Tea writes what has happened to standard error is as it should be.
func TestRun_RestoresTheTerminalAfterAPanic(t *testing.T) {
	for name, fail := range map[string]func(context.Context, front.Want, front.Ask) (front.Session, error){
		"while dialling": func(context.Context, front.Want, front.Ask) (front.Session, error) {
			panic("a test panics while it dials")
		},
		"in a frame": func(context.Context, front.Want, front.Ask) (front.Session, error) {
			return new(dial.Client),
				nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTerminal(t, "")
			flow := front.New(t.Context(), time.Now(), front.Config{
				Want: front.Want{Address: "a"},
				Dial: func(ctx context.Context, want front.Want, ask front.Ask) (front.Session, error) {
					<-w.taken
					return fail(ctx, want, ask)
				},
			})
			err := show(t.Context(), Config{In: w, Out: w}, newModel(time.Now(), flow))
			if !errors.Is(err, tea.ErrProgramPanic) {
				t.Errorf("show returned %v", err)
			}
			w.checkRestored(t)
		})
	}
}

// TestModel_NoticesReleases: the bytes of a kitty terminal, from its answer or from
// a release that it sends, switch to held keys.
func TestModel_NoticesReleases(t *testing.T) {
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
			m := newModel(time.Now(), front.New(t.Context(), time.Now(), front.Config{}))
			if err := show(t.Context(), Config{In: w, Out: w}, m); err != nil {
				t.Fatal(err)
			}
			if m.stick.steering != test.want {
				t.Errorf("steering %d, want %d", m.stick.steering, test.want)
			}
		})
	}
}

func TestRun_NeedsATerminal(t *testing.T) {
	in, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	old := os.Stdin
	defer func() { os.Stdin = old }()
	os.Stdin = in
	if err := Run(t.Context(), Config{}); !errors.Is(err, ErrNoTerminal) {
		t.Errorf("Run without a terminal returned %v, want %v", err, ErrNoTerminal)
	}
}
