package client

import (
	"errors"
	"slices"
	"strings"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// A Shadow is a second session beside another one. It gets the same datagrams and plays the same keys in the same
// ticks with other settings, and it sends nothing: the same match, the same network, another technique. It never
// changes what its session does.
//
// Its clock is that of its session, because STATEs report on the inputs that the session has sent. So techniques that
// change what is sent, or when, make no difference in it: redundancy, timing and in-flight.
type Shadow struct {
	settings Settings
	session  *Session
	opened   *openedKeys
}

// ParseShadow returns the settings of a shadow that a text describes: the name of a view, and techniques to do without,
// such as no-reconciliation, all separated by commas.
func ParseShadow(text string) (settings Settings, err error) {
	var without []string
	for i, field := range strings.Split(text, ",") {
		field = strings.TrimSpace(field)
		name, off := strings.CutPrefix(field, "no-")
		switch {
		case off:
			without = append(without, name)
		case i > 0:
			return settings, errors.New("one view comes first; then techniques such as no-smoothing")
		default:
			if settings.View, err = ParseView(field); err != nil {
				return settings, errors.New(
					"choose filter, predict, interp or original, or techniques such as no-reconciliation")
			}
		}
	}
	if settings.View == ViewOriginal && len(without) > 0 {
		return settings, errors.New("the original has none of the techniques: leave them out")
	}
	return settings.Without(strings.Join(without, ","))
}

// String returns the text that ParseShadow parses, in which the view filter is left out if there are techniques.
func (s Settings) String() string {
	var parts []string
	for _, t := range techniques {
		if *t.off(&s) && s.View != ViewOriginal {
			parts = append(parts, "no-"+t.name)
		}
	}
	if s.View != ViewFilter || len(parts) == 0 {
		parts = append([]string{s.View.String()}, parts...)
	}
	return strings.Join(parts, ",")
}

// openedKeys give a datagram to a Shadow that its session has opened.
type openedKeys struct {
	plain  []byte
	number uint32
}

// Seal takes the place of sealing what is not sent.
func (k *openedKeys) Seal(dst, plaintext []byte) ([]byte, error) {
	return append(dst, plaintext...), nil
}

// Open returns the datagram that the session has opened.
func (k *openedKeys) Open(dst, _ []byte) ([]byte, uint32, error) {
	return append(dst, k.plain...), k.number, nil
}

// AddShadow adds a shadow, which begins with all that the session knows now.
func (s *Session) AddShadow(settings Settings) *Shadow {
	sh := &Shadow{settings: settings, opened: new(openedKeys)}
	sh.restart(s)
	s.shadows = append(s.shadows, sh)
	return sh
}

// RemoveShadow removes a shadow.
func (s *Session) RemoveShadow(sh *Shadow) {
	s.shadows = slices.DeleteFunc(s.shadows, func(other *Shadow) bool { return other == sh })
}

// restart makes the shadow a copy of its session with its own settings.
func (sh *Shadow) restart(s *Session) {
	x := new(Session)
	*x = *s
	x.shadows, x.confirmed, x.observed = nil, nil, observed{}
	x.channel.keys, x.channel.out, x.channel.observe = sh.opened, func([]byte) {}, nil
	x.simulation.predictor = s.simulation.predictor.Clone()
	x.drawn.game = &x.simulation
	x.drawn.events.events = nil
	x.original, x.settings = nil, Settings{View: views + 1} // no others are equal to these
	x.SetSettings(sh.settings)
	sh.session = x
}

// receive takes a datagram that the session has opened.
func (sh *Shadow) receive(now time.Time, kind wire.Type, datagram, plain []byte, number uint32) {
	if kind == wire.TypeChallenge {
		return // its answer is not the shadow's
	}
	sh.opened.plain, sh.opened.number = plain, number
	sh.session.Receive(now, datagram)
}

// update moves the shadow to now, after its session.
func (sh *Shadow) update(now time.Time, s *Session, in game.Input) {
	x := sh.session
	from, to := x.simulation.predictor.Head(), s.simulation.predictor.Head()
	if from > to || to-from >= netcode.History/2 || !x.simulation.predictor.Started() {
		sh.restart(s)
		x, from = sh.session, to
	}
	dt := x.health.update(now)
	x.control, x.notes, x.simulation.pacer = s.control, s.notes, s.simulation.pacer
	for t := from; t < to; t++ {
		key, _ := s.simulation.predictor.Input(s.control.me, t)
		x.simulation.predictor.SetInput(s.control.me, t, key)
		x.simulation.predictor.Advance()
	}
	x.advanceDrawing(now, dt, in)
}

// Frame returns what the shadow draws at now, right after an Update of its session.
func (sh *Shadow) Frame(now time.Time) Frame { return sh.session.Frame(now) }

// Settings returns the settings of the shadow.
func (sh *Shadow) Settings() Settings { return sh.settings }

// Shadows returns the shadows of the session.
func (s *Session) Shadows() []*Shadow { return s.shadows }
