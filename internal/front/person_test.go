package front

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
)

// A madeUp match is a session of a test.
type madeUp struct {
	frame             client.Frame
	inputs            []game.Input
	views             []client.View
	settings          client.Settings
	inspected         client.Inspection
	inspections       int
	rematch           int
	accepted, refused int
	closed            bool
}

func (m *madeUp) Update(_ time.Time, in game.Input) { m.inputs = append(m.inputs, in) }
func (m *madeUp) Frame(time.Time) client.Frame      { return m.frame }
func (m *madeUp) Rematch()                          { m.rematch++ }
func (m *madeUp) Accept()                           { m.accepted++ }
func (m *madeUp) Refuse()                           { m.refused++ }
func (m *madeUp) SetSettings(to client.Settings) {
	m.settings = to
	if n := len(m.views); n == 0 || m.views[n-1] != to.View {
		m.views = append(m.views, to.View)
	}
}
func (m *madeUp) Inspect(time.Time, *client.Frame) client.Inspection {
	m.inspections++
	return m.inspected
}
func (m *madeUp) Close() error { m.closed = true; return nil }

// rally is a match in full swing, of which player 1 is the person.
func rally() client.Frame {
	return client.Frame{
		Stage: client.StagePlaying, Names: [2]string{"Ada", "Grace"},
		Presence: [2]client.Presence{client.Online, client.Online},
		Points:   11, Match: "m7", Score: [2]int{7, 10}, Scorer: -1, Winner: -1, BallInPlay: true,
	}
}

// A person goes through a flow. Its servers do what the fields say.
type person struct {
	t     *testing.T
	flow  *Flow
	now   time.Time
	match *madeUp

	err   error         // that dialling and listing end with
	ask   dial.Question // that they ask, if it has a host
	hang  bool          // dialling does not end by itself
	games []dial.Match  // that are played
	plays Session       // that dialling returns instead of match

	askOnce bool // until the answer is yes

	mu      *sync.Mutex
	answers []bool
	dials   []Want
	lists   int // how often the matches were asked for
}

// try runs a script in a bubble, where every goroutine has settled after each step.
func try(t *testing.T, cfg Config, script func(p *person)) {
	t.Helper()
	tryAt(t, person{}, cfg, script)
}

// tryAt is try at servers that do what the fields of a person say. A flow that is given an address dials at once, so
// they must be set before.
func tryAt(t *testing.T, servers person, cfg Config, script func(p *person)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		p := &person{t: t, mu: new(sync.Mutex), now: time.Unix(0, 0), match: &madeUp{frame: rally()}}
		p.err, p.ask, p.hang, p.askOnce = servers.err, servers.ask, servers.hang, servers.askOnce
		p.plays = servers.plays
		if servers.match != nil {
			p.match.frame = servers.match.frame
		}
		cfg.Dial, cfg.List = p.dial, p.list
		p.flow = New(ctx, p.now, cfg)
		script(p)
		cancel()
		p.flow.Close()
	})
}

func (p *person) list(ctx context.Context, _ string, ask Ask) ([]dial.Match, error) {
	p.note(func() { p.lists++ })
	if err := p.asks(ctx, ask); err != nil {
		return nil, err
	}
	return p.games, p.err
}

func (p *person) dial(ctx context.Context, want Want, ask Ask) (Session, error) {
	p.note(func() { p.dials = append(p.dials, want) })
	if err := p.asks(ctx, ask); err != nil {
		return nil, err
	}
	if p.hang {
		<-ctx.Done()
	}
	if p.err != nil {
		return nil, p.err
	}
	if p.plays != nil {
		return p.plays, nil
	}
	return p.match, nil
}

func (p *person) asks(ctx context.Context, ask Ask) error {
	var question dial.Question
	if p.note(func() { question = p.ask }); question.Host == "" {
		return nil
	}
	yes := ask(ctx, question)
	p.note(func() {
		p.answers = append(p.answers, yes)
		if yes && p.askOnce {
			p.ask = dial.Question{}
		}
	})
	if !yes {
		return errors.New("not trusted")
	}
	return nil
}

// note changes the fields that calls share: an abandoned call may run beside the next.
func (p *person) note(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

// wait lets some time pass, a frame at a time.
func (p *person) wait(d time.Duration) {
	for range d/(time.Second/60) + 1 {
		synctest.Wait()
		p.now = p.now.Add(time.Second / 60)
		p.flow.Step(p.now, game.None)
	}
}

// at once does something in this frame; do waits until a card that has appeared can be chosen from, before and after.
func (p *person) atOnce(in Input) { p.flow.Do(p.now, in) }

func (p *person) do(in Input) {
	p.wait(guardTime)
	p.atOnce(in)
	p.wait(guardTime)
}

func (p *person) press(a Action) { p.do(Input{Actions: a}) }
func (p *person) write(s string) { p.do(Input{Text: s}) }
func (p *person) screen() Screen { return p.flow.Screen(p.now) }
func (p *person) page() page     { return p.flow.menu.page }
func (p *person) became(v client.Stage) {
	p.match.frame.Stage = v
	p.wait(0)
}

// want fails unless a kind of card is shown.
func (p *person) want(k CardKind) {
	p.t.Helper()
	if got := p.screen().Card.Kind; got != k {
		p.t.Fatalf("the card is of kind %d, want %d; it says %s", got, k, p.says())
	}
}

// says returns all that is shown, in one line.
func (p *person) says() string { return saysCard(p.screen().Card) + " | " + p.screen().Aside }

func saysCard(c Card) string {
	words := []string{c.Title}
	for _, l := range c.Lines {
		words = append(words, l.Text)
	}
	for _, r := range c.Rows {
		words = append(words, r.Label, r.Detail)
	}
	for _, c := range c.Choices {
		words = append(words, c.Label)
	}
	return strings.Join(append(words, c.Footer), " | ")
}

func (p *person) dialled(want Want) {
	p.t.Helper()
	if len(p.dials) == 0 || p.dials[len(p.dials)-1] != want {
		p.t.Errorf("dialled %+v, want %+v at last", p.dials, want)
	}
}

// atMenu is a person called ada who has typed the address h.
func atMenu(t *testing.T, script func(p *person)) {
	t.Helper()
	try(t, Config{Want: Want{Name: "ada"}}, func(p *person) {
		p.write("h")
		p.press(Enter)
		p.want(CardMenu)
		p.lists = 0 // of the menu
		script(p)
	})
}

// inMatch is a person who was given an address.
func inMatch(t *testing.T, script func(p *person)) {
	t.Helper()
	try(t, Config{Want: Want{Address: "h"}}, func(p *person) {
		p.wait(0)
		p.want(NoCard)
		script(p)
	})
}
