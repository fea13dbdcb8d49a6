package front

import (
	"context"
	"sync"
	"time"
	"unicode"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
	"pong/internal/panel"
)

// An Ask asks the person whether to trust an unknown server and waits for the answer. It returns false if the person
// refuses or ctx ends.
type Ask = func(ctx context.Context, q dial.Question) bool

// A Session is a seat at a match, or a watcher's place: a client that is connected to a server.
type Session interface {
	Update(now time.Time, in game.Input)
	Frame(now time.Time) client.Frame
	Rematch()
	Accept() // the other player in a room
	Refuse() // likewise, and send it away
	SetSettings(to client.Settings)

	// Inspect returns more about the network, right after a Frame, which it is given. It is called for each frame while
	// the person looks at the lab panel or its graphs.
	Inspect(now time.Time, f *client.Frame) client.Inspection

	Close() error
}

// A Config tells a Flow where to begin and how to reach servers.
type Config struct {
	// Want is what is known of the person's wish. If it has an Address, the flow dials it at once, as a quick match if
	// there is no Kind. Otherwise it asks for the address, and then, in a menu, for the Kind if there is none.
	Want Want

	// Offered is a join link that another program has passed on, such as a browser after a click. It is filled in where
	// an address is entered, and dialled when the person presses Enter. If empty, there is none.
	Offered string

	// Alone means that the server of Want runs in this process and nobody else can reach it. Its menu offers practice
	// only.
	Alone bool

	// Browser means that the flow is in a page, which can reach only the server of Want: no address is asked for, and a
	// friend gets the address of the page instead of a command. With Alone, the page plays without a server.
	Browser bool

	// Default is the address that an empty line stands for. If empty, "localhost".
	Default string

	// View is the way of drawing until the person switches. If zero, filter.
	View client.View

	// Shadow are the settings of the shadow that is shown beside the match at first. If nil, none is.
	Shadow *client.Settings

	// Lab is what the lab panel changes. Its Settings are the techniques to begin with; View outranks theirs.
	Lab panel.Config

	// Truth watches the match in a room of a server in this process, over the system's own network. It shows the
	// server's present as the ghost. If nil, the ghost is the newest STATE that the person's client has.
	Truth func(ctx context.Context, address, room string) (Session, error)

	// Dial joins a server as want says. The flow calls it in a goroutine of its own. It may block, and must return soon
	// after ctx ends.
	Dial func(ctx context.Context, want Want, ask Ask) (Session, error)

	// Waiting returns the news that Dial waits because the server is busy, or nil if it does not. If Waiting is nil,
	// the person is not told.
	Waiting func() *dial.Wait

	// Host starts a server in this process for a match of a person with the Name of want, in its Room, or in a new one
	// if that is empty. The flow calls it as it calls Dial. If nil, nothing can be hosted.
	Host func(ctx context.Context, want Want) (*Hosted, error)

	// Nearby returns games in the same network. The flow calls it as it calls Dial, every few seconds while an address
	// is asked for. If nil, none are looked for.
	Nearby func(ctx context.Context) ([]NearbyGame, error)

	// List returns the matches of the server at an address. The flow calls it as it calls Dial.
	List func(ctx context.Context, address string, ask Ask) ([]dial.Match, error)

	// Servers returns the servers that the person has used, those used last first. If nil, there are none.
	Servers func() []KnownServer

	// SaveReplay saves the newest game and returns the path of the file. If nil, games cannot be saved.
	SaveReplay func() (path string, err error)

	// News returns a sentence for the person to read once, or an empty string. If nil, there is none.
	News func() string
}

// A Flow leads a person from the address of a server to the end of a match and back. New makes one. Its methods are for
// one goroutine, and Close must be called at the end.
type Flow struct {
	ctx  context.Context
	cfg  Config
	work sync.WaitGroup // goroutines that must end before Close returns

	page    CardKind // CardAddress to CardQuitting, or NoCard in a match
	address entry
	problem string        // of the address that was entered
	servers []KnownServer // the rows of the page with the address
	nearby  []NearbyGame  // more rows, before these
	at      int           // the row that Enter takes, from 1; 0 is the line with the address
	wish    Want          // what the person wanted at the start, until that is given up
	want    Want
	reached bool // the server of want has answered before
	dialing *call
	failure error // of dialling
	asked   question
	coded   bool // the server has one room, so the person is asked for its code

	menu    *menu
	listing *call
	relist  time.Time // when to ask for the matches next

	searching *call     // for games nearby
	search    time.Time // when to search next

	session  Session
	frame    client.Frame
	lab      lab
	truth    truth
	leaving  bool          // the person is asked whether to leave
	copying  string        // to be put in the clipboard
	copyWhat string        // what it is, in a word
	copied   string        // the result, in a sentence
	noLink   bool          // a host reads how a friend joins without the link
	news     string        // shown until the next rally
	marked   int           // the choice that Enter takes, from 1, if the person has marked one
	saving   <-chan string // has the sentence about saving the game when that is done
	saved    string        // the sentence, shown until the next rally

	left  bool      // the program
	shown moment    // what the screen shows
	since time.Time // since when it shows that
	opens time.Time // choices are ignored until then
}

// A moment is what a screen shows, as far as animations and the guard against early keys are concerned.
type moment struct {
	card  CardKind
	stage client.Stage
}

// New returns a Flow that asks for an address, or dials the one in cfg.
func New(ctx context.Context, now time.Time, cfg Config) *Flow {
	if cfg.Default == "" {
		cfg.Default = "localhost"
	}
	f := &Flow{ctx: ctx, cfg: cfg, page: CardAddress, lab: newLab(cfg), since: now, opens: now}
	f.want, f.wish = cfg.Want, cfg.Want
	if f.want.Kind == Host {
		f.wish = Want{}
		f.connect(f.want)
	}
	if f.want.Address != "" {
		if f.want.Kind == Undecided {
			f.want.Kind = Quick
		}
		if !f.alone() {
			f.address.insert(f.want.Address, unicode.IsPrint, atMost(maxAddress))
		}
		f.connect(f.want)
	}
	if cfg.Offered != "" {
		f.address.insert(cfg.Offered, unicode.IsPrint, atMost(maxAddress))
	}
	if f.listServers(); cfg.Alone {
		f.wish = Want{}
	}
	f.shown = f.moment()
	return f
}

// alone reports whether the server is the one in this process.
func (f *Flow) alone() bool { return f.cfg.Alone && f.want.Address == f.cfg.Want.Address }

// offline reports whether a page plays without a server.
func (f *Flow) offline() bool { return f.cfg.Browser && f.cfg.Alone }

// Step moves the flow to now: it takes the results of calls and plays a frame of the match with the input that is held.
// It never blocks. It must not be called for frames that are not drawn.
func (f *Flow) Step(now time.Time, held game.Input) {
	f.poll(now)
	if f.session != nil {
		if f.frame.Watching {
			held = game.None // a watcher has no paddle to move
		}
		f.session.Update(now, held)
	}
	f.follow(now)
}

// StepHidden is Step for a frame that is not drawn because the screen is hidden. The session is not updated: it goes on
// by itself, and the other player and watchers read that the window is hidden.
func (f *Flow) StepHidden(now time.Time) {
	f.poll(now)
	f.follow(now)
}

// follow takes the frame of the match and does what else is due.
func (f *Flow) follow(now time.Time) {
	f.lab.panel.Step(now)
	if f.session != nil {
		f.frame = f.session.Frame(now)
		f.lab.follow(now, f.session, &f.frame)
		f.followTruth(now)
		f.leaving = f.leaving && atStake(&f.frame) && f.playback() == nil
		if f.frame.Stage == client.StagePlaying {
			f.news, f.saved = "", ""
		}
	}
	f.askForNews()
	select {
	case f.saved = <-f.saving:
	default:
	}
	f.askForMatches(now)
	f.askForNearby(now)
	f.settle(now, false)
}

// askForNews takes a sentence that is new.
func (f *Flow) askForNews() {
	if f.cfg.News == nil {
		return
	}
	if news := f.cfg.News(); news != "" {
		f.news = news
	}
}

// Do carries out the person's actions. It never blocks.
func (f *Flow) Do(now time.Time, in Input) {
	if now.Before(f.opens) {
		in.Actions, in.Row = in.Actions&^choosing, 0
	}
	if in.Actions.Has(Quit) {
		f.left = true
		return
	}
	switch f.page {
	case CardAddress:
		f.moveInAddress(in)
	case CardMenu:
		f.moveInMenu(in)
	case NoCard:
		if p := f.playback(); p != nil {
			p.Do(in.Actions & playing)
		} else {
			if f.lab.do(now, in, f.kind() == NoCard) {
				f.lab.apply(f.session)
			}
			if in.Actions.Has(ShowBeside) {
				f.lab.beside.next(f.session)
			}
		}
	}
	f.mark(in.Actions)
	for _, c := range f.card().Choices {
		if in.Actions.Has(c.Keys) {
			c.do(f)
			break
		}
	}
	f.settle(now, true)
}

// guardTime is how long a card that has appeared by itself ignores choices. A key that is pressed at that moment was
// meant for the screen before.
const guardTime = 500 * time.Millisecond

// settle notes whether the screen has changed, and whether the person changed it.
func (f *Flow) settle(now time.Time, byHand bool) {
	m := f.moment()
	if m == f.shown {
		return
	}
	if f.opens = now; m.card != f.shown.card && m.card != NoCard && !byHand {
		f.opens = now.Add(guardTime)
	}
	if m.card != f.shown.card {
		f.marked = 0
	}
	f.shown, f.since = m, now
}

// playback returns the recording that is played, nil if there is none.
func (f *Flow) playback() Playback {
	p, _ := f.session.(Playback)
	return p
}

func (f *Flow) moment() moment { return moment{f.kind(), f.frame.Stage} }

// Screen returns what to draw at now.
func (f *Flow) Screen(now time.Time) Screen {
	s := Screen{
		Card: f.card(), Age: f.Age(now),
		Match: f.page == NoCard, Frame: f.frame, View: f.lab.panel.Settings().View, Aside: f.aside(),
	}
	if s.Match && f.playback() == nil {
		s.Lab = f.lab.show(now)
	}
	if p := f.playback(); p != nil {
		track := p.Track()
		s.Track = &track
	}
	return s
}

// Age returns the time since the card or the stage of the match changed, as Screen does.
func (f *Flow) Age(now time.Time) time.Duration { return now.Sub(f.since) }

// Left reports whether the person has left the program.
func (f *Flow) Left() bool { return f.left }

// Err returns the failure that is on the screen, if the last dialled server could not be joined.
func (f *Flow) Err() error {
	if f.page == CardFailed {
		return f.failure
	}
	return nil
}

// Close ends the match and all calls, and waits for their goroutines.
func (f *Flow) Close() {
	f.drop()
	f.work.Wait()
}
