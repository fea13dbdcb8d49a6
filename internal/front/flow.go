package front

import (
	"context"
	"errors"
	"sync"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
	"pong/internal/trust"
)

// An Ask puts the question about an unknown server to the person and waits for the answer. It is false when the person
// refuses, and when ctx ends.
type Ask = func(ctx context.Context, q dial.Question) bool

// A Session is a place at a match: a client that is connected to a server.
type Session interface {
	Update(now time.Time, in game.Input)
	Frame(now time.Time) client.Frame
	Rematch()
	SetView(v client.View)
	Close() error
}

// A Config says where a Flow begins, and how it reaches servers.
type Config struct {
	// Want is what is known of what the person wants. If it has an Address, that is dialled at once, as a quick match if
	// there is no Kind. If not, the person is asked for it, and then, in a menu, for the Kind if there is none.
	Want Want

	// Alone says that the server of Want is one of this process, which nobody else can reach: its menu offers practice
	// only.
	Alone bool

	// Default is the address that an empty line stands for. If empty, "localhost".
	Default string

	// View is how matches are drawn until the person switches. If zero, filter.
	View client.View

	// Dial joins what is wanted. It is called in a goroutine of its own, may block, and must return soon after ctx ends.
	Dial func(ctx context.Context, want Want, ask Ask) (Session, error)

	// List asks the server at an address for its matches. It is called as Dial is.
	List func(ctx context.Context, address string, ask Ask) ([]dial.Match, error)
}

// A Flow is where a person stands between the address of a server and the end of a match. Its methods are for one
// goroutine; Close must be called at the end. New makes one.
type Flow struct {
	ctx  context.Context
	cfg  Config
	work sync.WaitGroup // goroutines that must end before Close returns

	page    CardKind // CardAddress, CardMenu, CardDialling, CardQuestion, CardFailed, or NoCard in a match
	address entry
	problem string // why the address that was typed is none
	want    Want
	reached bool // its server has answered before
	dialing *call
	failure error

	menu    *menu
	listing *call
	relist  time.Time // when to ask for the matches next

	asked question

	session Session
	frame   client.Frame
	view    client.View
	leaving bool // the person is asked whether to leave
	copying string
	copied  string // what came of copying

	quit  bool
	shown moment    // what the screen shows
	since time.Time // since when
	opens time.Time // until when choosing does nothing
}

// A moment is what a screen is about. When it changes, time begins anew for what is animated.
type moment struct {
	card  CardKind
	stage client.Stage
}

// New returns a Flow that asks for an address, or dials the one that is given.
func New(ctx context.Context, now time.Time, cfg Config) *Flow {
	if cfg.Default == "" {
		cfg.Default = "localhost"
	}
	f := &Flow{ctx: ctx, cfg: cfg, page: CardAddress, want: cfg.Want, view: cfg.View, since: now, opens: now}
	if f.want.Address != "" {
		if f.want.Kind == Undecided {
			f.want.Kind = Quick
		}
		if !f.alone() {
			f.address.insert(f.want.Address, inAddress, maxAddress)
		}
		f.connect(f.want)
	}
	f.shown = f.now()
	return f
}

// alone reports whether the server is the one of this process.
func (f *Flow) alone() bool { return f.cfg.Alone && f.want.Address == f.cfg.Want.Address }

// step moves the flow to now: it takes what the calls have brought, and plays a frame of the match with the input that
// is held. It never blocks.
func (f *Flow) Step(now time.Time, held game.Input) {
	f.poll(now)
	f.play(now, held)
	f.askForMatches(now)
	f.settle(now, false)
}

// Do carries out what the person did. It never blocks.
func (f *Flow) Do(now time.Time, in Input) {
	if now.Before(f.opens) {
		in.Actions, in.Row = in.Actions&^choosing, 0
	}
	if in.Actions.Has(Quit) {
		f.quit = true
		return
	}
	switch f.page {
	case CardAddress:
		f.editAddress(in)
	case CardMenu:
		f.moveInMenu(in)
	case NoCard:
		f.switchView(in.Actions)
	}
	for _, c := range f.card().Choices {
		if in.Actions.Has(c.Keys) {
			c.do(f)
			break
		}
	}
	f.settle(now, true)
}

// guardTime is for how long a card that appears by itself cannot be chosen from: a key that was meant for what was there
// before must not do what the card says.
const guardTime = 500 * time.Millisecond

// settle notes when what is shown has changed, and whether the person did it.
func (f *Flow) settle(now time.Time, byHand bool) {
	m := f.now()
	if m == f.shown {
		return
	}
	if f.opens = now; m.card != f.shown.card && m.card != NoCard && !byHand {
		f.opens = now.Add(guardTime)
	}
	f.shown, f.since = m, now
}

// now returns what is shown.
func (f *Flow) now() moment { return moment{f.kind(), f.frame.Stage} }

// poll takes what the calls have brought.
func (f *Flow) poll(now time.Time) {
	if o, ended := f.look(f.dialing); ended {
		f.dialing = nil
		o.raise()
		f.joined(o)
	}
	if o, ended := f.look(f.listing); ended {
		f.listing, f.relist = nil, now.Add(relistEvery)
		o.raise()
		f.reached = f.reached || o.err == nil
		f.menu.list(o.matches, o.err)
	}
}

// look looks at a call: it may have a question, or have ended.
func (f *Flow) look(c *call) (o outcome, ended bool) {
	if c == nil {
		return o, false
	}
	select {
	case f.asked = <-c.questions:
		f.page = CardQuestion
	case o = <-c.done:
		return o, true
	default:
	}
	return o, false
}

// joined takes the outcome of dialling.
func (f *Flow) joined(o outcome) {
	var refused *dial.RefusedError
	f.reached = f.reached || o.err == nil || errors.As(o.err, &refused)
	if o.err != nil {
		f.failure, f.page = o.err, CardFailed
		return
	}
	f.session, f.page = o.session, NoCard
	f.session.SetView(f.view)
	f.frame = client.Frame{Scorer: -1, Winner: -1}
}

// play plays a frame of the match. A watcher has no paddle to move.
func (f *Flow) play(now time.Time, held game.Input) {
	if f.session == nil {
		return
	}
	if f.frame.Watching {
		held = game.None
	}
	f.session.Update(now, held)
	f.frame = f.session.Frame(now)
	f.leaving = f.leaving && atStake(&f.frame)
}

// connect dials what is wanted.
func (f *Flow) connect(want Want) {
	f.drop()
	f.want, f.page = want, CardDialling
	f.dialing = begin(f.ctx, &f.work, func(ctx context.Context, ask Ask) outcome {
		s, err := f.cfg.Dial(ctx, want, ask)
		return outcome{session: s, err: err}
	})
}

// drop ends whatever is going on: a match, or an attempt at one.
func (f *Flow) drop() {
	for _, c := range []**call{&f.dialing, &f.listing} {
		if *c != nil {
			(*c).abandon(&f.work)
			*c = nil
		}
	}
	if f.session != nil {
		leave(f.session, &f.work)
		f.session = nil
	}
	f.leaving, f.frame, f.copied, f.relist = false, client.Frame{}, "", time.Time{}
}

// toAddress goes back to the address.
func (f *Flow) toAddress() {
	f.drop()
	f.page = CardAddress
}

// toMenu goes back to the menu of the server, open at the page that it was left at.
func (f *Flow) toMenu() {
	f.drop()
	if f.menu == nil || f.menu.address != f.want.Address {
		f.menu = newMenu(f.want.Address, f.want.Name, f.alone())
	}
	f.page = CardMenu
}

// The longest text that an address can be: a join link with a long host name has some 330 characters.
const maxAddress = 512

// inAddress reports whether a character can be part of an address. None has a space in it.
func inAddress(r rune) bool { return r != ' ' }

// editAddress changes the address.
func (f *Flow) editAddress(in Input) {
	if f.address.insert(in.Text, inAddress, maxAddress) || f.address.edit(in.Actions) {
		f.problem = ""
	}
}

// takeAddress goes on with the server that was typed: to the menu, unless it is known already what is wanted of it.
func (f *Flow) takeAddress() {
	address := f.address.String()
	if address == "" {
		address = f.standard()
	}
	if _, err := trust.ParseAddress(address, trust.DefaultPort); err != nil {
		f.problem = sentence(err)
		return
	}
	if address != f.want.Address {
		f.want.Address, f.reached = address, false
	}
	if f.cfg.Want.Kind == Undecided || f.cfg.Alone {
		f.toMenu()
		return
	}
	want := f.cfg.Want
	want.Address, want.Name = address, f.want.Name
	f.connect(want)
}

// standard is the address that an empty line stands for: a server of this process, if there is one.
func (f *Flow) standard() string {
	if f.cfg.Alone {
		return f.cfg.Want.Address
	}
	return f.cfg.Default
}

// moveInMenu moves in the menu and changes the line of a page that has one.
func (f *Flow) moveInMenu(in Input) {
	f.menu.write(in)
	switch {
	case in.Row > 0:
		f.chosen(f.menu.choose(in.Row - 1))
	case in.Actions.Has(Up):
		f.menu.step(-1)
	case in.Actions.Has(Down):
		f.menu.step(1)
	}
}

// chosen takes the result of a choice in the menu.
func (f *Flow) chosen(want Want, done bool) {
	f.want.Name = f.menu.name
	if done {
		f.connect(want)
	}
}

// relistEvery is how often the list of matches is renewed while it is shown.
const relistEvery = time.Second

// askForMatches asks for the list of matches while it is shown, and no longer.
func (f *Flow) askForMatches(now time.Time) {
	switch {
	case f.page != CardMenu:
	case !f.menu.wantsList():
		if f.listing != nil {
			f.listing.abandon(&f.work)
			f.listing = nil
		}
		f.relist = time.Time{}
	case f.listing == nil && !now.Before(f.relist):
		address := f.menu.address
		f.listing = begin(f.ctx, &f.work, func(ctx context.Context, ask Ask) outcome {
			matches, err := f.cfg.List(ctx, address, ask)
			return outcome{matches: matches, err: err}
		})
	}
}

// answer takes the answer about an unknown server back to the call that waits for it.
func (f *Flow) answer(yes bool) {
	f.asked.answer <- yes
	switch {
	case f.listing == nil:
		f.page = CardDialling
	case yes:
		f.page = CardMenu
	default:
		f.toMenu()
		f.menu.back() // the list would ask again
	}
}

// switchView switches to the next way of drawing.
func (f *Flow) switchView(a Action) {
	if a.Has(NextView) {
		f.view = f.view.Next()
		f.session.SetView(f.view)
	}
}

// atStake reports whether leaving would cost something, so that it must be confirmed: a game of one's own that has
// begun, or is about to.
func atStake(v *client.Frame) bool {
	switch v.Stage {
	case client.StageWaiting, client.StageOver, client.StageClosed:
		return false
	}
	return !v.Watching
}

// Screen returns what to draw at now.
func (f *Flow) Screen(now time.Time) Screen {
	return Screen{
		Card: f.card(), Age: now.Sub(f.since),
		Match: f.page == NoCard, Frame: f.frame, View: f.view, Aside: f.aside(),
	}
}

// Left reports whether the person has left the program.
func (f *Flow) Left() bool { return f.quit }

// Err returns why no server was reached, if that is the last thing the person saw.
func (f *Flow) Err() error {
	if f.page == CardFailed {
		return f.failure
	}
	return nil
}

// TakeCopy returns a text that the person wants to have in the clipboard, once, and nothing otherwise.
func (f *Flow) TakeCopy() string {
	text := f.copying
	f.copying = ""
	return text
}

// A CopyResult is what came of a text that was to be copied.
type CopyResult uint8

// The results.
const (
	CopyDone   CopyResult = iota // it is in the clipboard
	CopySent                     // a terminal was asked to put it there, which does not answer
	CopyFailed                   // there is no program for the clipboard
)

// Copied takes what came of copying, to be shown.
func (f *Flow) Copied(r CopyResult) { f.copied = copyWords[min(int(r), len(copyWords)-1)] }

var copyWords = [...]string{
	CopyDone:   "The command is in the clipboard.",
	CopySent:   "The command was sent to the clipboard of your terminal.",
	CopyFailed: "There is no program for the clipboard (wl-copy, xclip or xsel).",
}

// Close leaves whatever is going on and waits until that has ended.
func (f *Flow) Close() {
	f.drop()
	f.work.Wait()
}
