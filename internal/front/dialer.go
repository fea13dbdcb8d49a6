package front

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"pong/internal/client"
	"pong/internal/crash"
	"pong/internal/dial"
	"pong/internal/trust"
	"pong/internal/wire"
)

// A Dialer dials servers for a Flow. It remembers which servers the person trusts, stores the player's name, and runs
// the opponent for practice. Close must be called at the end.
type Dialer struct {
	Join  dial.Config // without the person's choices
	Store Store       // of the name and the servers that were used
	Own   string      // the address of a server in this process, which is not among them. If empty, there is none.

	// BotTransport opens the channels of the opponent. If nil, it has the Transport of Join.
	BotTransport dial.Transport

	// Opponent joins as cfg says and plays as a bot of a level. It returns when ctx ends or the bot has lost its seat.
	Opponent func(ctx context.Context, cfg dial.Config, level string)

	join func(ctx context.Context, cfg dial.Config) (Session, dial.Config, error) // If nil, overNetwork.

	mu       sync.Mutex          // guards the fields below
	trusted  map[string]accepted // by address
	notices  []string
	decided  map[string]bool // addresses at which a join link has decided, as the person has been told
	unkept   bool            // the person has been told that nothing can be kept
	news     string
	waiting  *dial.Wait         // of Dial; nil if it does not wait
	servers  []KnownServer      // that were used
	listed   bool               // servers has been read
	newest   string             // the address that was added last
	dismiss  context.CancelFunc // of the opponent
	opponent sync.WaitGroup
}

// Dial joins a server as want says.
func (d *Dialer) Dial(ctx context.Context, want Want, ask Ask) (Session, error) {
	cfg := d.config(want.Address, ask)
	cfg.Name, cfg.Room, cfg.Watch, cfg.Match = want.Name, want.Room, want.Kind == Watch, want.Match
	if want.Own { // nobody stands between this process and itself
		cfg.PinFile, cfg.Trust, cfg.Ticket = "", "", ""
		cfg.Transport = direct(cfg.Transport)
	}
	if want.Kind == Practice {
		if hasTicket(cfg) {
			return nil, errPracticeTicket
		}
		cfg = inPrivate(cfg)
	}
	cfg.Waiting = func(w dial.Wait) { d.setWaiting(ctx, &w) }
	d.setWaiting(ctx, nil)
	s, used, err := d.joinPatiently(ctx, cfg)
	d.setWaiting(ctx, nil)
	if err != nil {
		return nil, err
	}
	d.trust(want.Address, used)
	if !want.Own {
		d.remember(want.Address)
	}
	if err := d.Store.KeepName(want.Name); err != nil {
		d.Unkept(err)
	}
	d.stopOpponent()
	if want.Kind == Practice {
		return practice{s, d.startOpponent(used, want.Level)}, nil
	}
	return s, nil
}

// direct returns a transport to this process: the system's, over the network that a Simulated one has.
func direct(t dial.Transport) dial.Transport {
	if s, ok := t.(dial.Simulated); ok {
		s.Transport = dial.System{}
		return s
	}
	return nil
}

// Truth watches the match in a room of a server in this process.
func (d *Dialer) Truth(ctx context.Context, address, room string) (Session, error) {
	cfg := d.config(address, nil)
	cfg.Name, cfg.Room, cfg.Watch, cfg.Transport = "ghost", room, true, nil
	cfg.SeatDir, cfg.Confirmed, cfg.KeyLog, cfg.Settings = "", nil, nil, client.Settings{}
	s, err := dial.Dial(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Waiting returns the news that Dial waits because the server is busy, or nil if it does not.
func (d *Dialer) Waiting() *dial.Wait {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.waiting
}

// setWaiting sets what Waiting returns. A Dial that was cancelled changes nothing: the next one may have begun.
func (d *Dialer) setWaiting(ctx context.Context, w *dial.Wait) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if ctx.Err() == nil {
		d.waiting = w
	}
}

// List returns the matches of the server at an address.
func (d *Dialer) List(ctx context.Context, address string, ask Ask) ([]dial.Match, error) {
	matches, used, err := dial.List(ctx, d.config(address, ask))
	if err == nil {
		d.trust(address, used)
		d.remember(address)
	}
	return matches, err
}

// Servers returns the servers that the person has used, those used last first. Only the first call reads a file.
func (d *Dialer) Servers() []KnownServer {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.listed {
		d.servers, d.listed = d.Store.Servers(), true
	}
	return slices.Clone(d.servers)
}

// remember adds a server that has answered to those that the person has used. A server may answer List every second,
// and is added only once until another one is.
func (d *Dialer) remember(address string) {
	d.mu.Lock()
	known := address == d.Own || address == d.newest
	d.newest = address
	d.mu.Unlock()
	if known {
		return
	}
	if err := d.Store.KeepServer(address, time.Now()); err != nil {
		d.Unkept(err)
	}
	servers := d.Store.Servers()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.servers, d.listed = servers, true
}

// Notices returns sentences that the person should read again after the screen is closed.
func (d *Dialer) Notices() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.notices)
}

// Unkept takes the reason why something cannot be kept for the next time. The first one is news for the person.
func (d *Dialer) Unkept(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.unkept {
		return
	}
	d.unkept, d.news = true, UnkeptNotice(err)
	d.notices = append(d.notices, d.news)
}

// News returns a sentence that the person has not read yet, once, or an empty string.
func (d *Dialer) News() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	news := d.news
	d.news = ""
	return news
}

// Close stops the opponent.
func (d *Dialer) Close() { d.stopOpponent() }

// config returns the configuration for dialling the server at an address.
func (d *Dialer) config(address string, ask Ask) dial.Config {
	d.mu.Lock()
	defer d.mu.Unlock()
	cfg := d.Join
	cfg.Address, cfg.Ask = address, ask
	if d.Join.Address != "" && Server(address) != Server(d.Join.Address) {
		cfg.Ticket = "" // it is for the server for which it was given
	}
	cfg.Rotated = func(r client.Rotation) { d.notice(RotationNotice(r)) }
	cfg.LinkDecided, cfg.Unkept = d.linkDecided, d.Unkept
	if known := d.trusted[address]; known.fingerprint != "" && (cfg.Trust == "" || cfg.Trust == known.fingerprint) {
		cfg.Trust, cfg.Agreed = known.fingerprint, known.agreed
	}
	return cfg
}

// errPracticeTicket is the error of practice at a server to which a person has a ticket.
var errPracticeTicket = errors.New("your ticket admits one player, and a bot to practise against would need one, " +
	"too: run pong by itself to practise")

// hasTicket reports whether a server is joined with a ticket.
func hasTicket(cfg dial.Config) bool {
	link, err := trust.ParseAddress(cfg.Address, trust.DefaultPort)
	return cfg.Ticket != "" || err == nil && link.Ticket != ""
}

// linkDecided tells the person, once for each address, that a join link has decided although another server is known.
func (d *Dialer) linkDecided(address string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.decided[address] {
		return
	}
	if d.decided == nil {
		d.decided = make(map[string]bool)
	}
	d.decided[address], d.news = true, LinkDecidedNotice(address)
	d.notices = append(d.notices, d.news)
}

func (d *Dialer) notice(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.notices = append(d.notices, text)
}

// An accepted server is what Trust and Agreed of a dial.Config say about it.
type accepted struct {
	fingerprint string
	agreed      bool
}

// trust remembers a server that was joined. Otherwise the person would be asked again where pins cannot be stored.
func (d *Dialer) trust(address string, used dial.Config) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.trusted == nil {
		d.trusted = make(map[string]accepted)
	}
	d.trusted[address] = accepted{used.Trust, used.Agreed}
}

// inPrivate returns cfg for practice: with a room that nobody else knows, so that only the bot joins, unless the person
// has named one for friends to watch. The seat is not noted, because the bot is gone when the process starts again.
func inPrivate(cfg dial.Config) dial.Config {
	if cfg.SeatDir = ""; cfg.Room == "" {
		cfg.Room = fmt.Sprintf("practice-%012x", rand.Uint64()>>16)
	}
	return cfg
}

// matchEvery is the time between two connections to a server that has no match to watch and does not let the client
// wait.
const matchEvery = 5 * time.Second

// joinPatiently joins a server. If the person wants to watch any match, it waits until there is one.
func (d *Dialer) joinPatiently(ctx context.Context, cfg dial.Config) (Session, dial.Config, error) {
	join := d.join
	if join == nil {
		join = overNetwork
	}
	cfg.AwaitMatch = true
	for {
		s, used, err := join(ctx, cfg)
		var refused *dial.RefusedError
		if !cfg.Watch || cfg.Match != "" || !errors.As(err, &refused) || refused.Code != wire.CodeMatch {
			return s, used, err
		}
		select {
		case <-ctx.Done():
			return nil, cfg, context.Cause(ctx)
		case <-time.After(matchEvery):
		}
	}
}

// overNetwork joins a server over the network, and returns the configuration with which to join it again.
func overNetwork(ctx context.Context, cfg dial.Config) (Session, dial.Config, error) {
	c, err := dial.Dial(ctx, cfg)
	if err != nil {
		return nil, cfg, err
	}
	return c, c.Config(), nil
}

// practice is the session of a person who practises. The bot leaves with the person.
type practice struct {
	Session
	dismiss context.CancelFunc
}

// Frame accepts the bot, whose name needs no reading.
func (p practice) Frame(now time.Time) client.Frame {
	v := p.Session.Frame(now)
	if v.Stage == client.StageReady {
		p.Accept()
	}
	return v
}

func (p practice) Close() error {
	p.dismiss()
	return p.Session.Close()
}

// startOpponent starts a bot that joins where the player has joined, and returns a function that makes it leave. If it
// loses its seat, it joins again.
func (d *Dialer) startOpponent(cfg dial.Config, level string) (dismiss context.CancelFunc) {
	cfg.Name, cfg.Resume, cfg.SeatDir, cfg.Rotated, cfg.Unkept = "bot", "", "", nil, nil
	cfg.LinkDecided, cfg.Shadow = nil, nil
	cfg.Confirmed, cfg.Observer = nil, nil // the player's client records the game
	if cfg.Settings = (client.Settings{}); d.BotTransport != nil {
		cfg.Transport = d.BotTransport
	}
	ctx, dismiss := context.WithCancel(context.Background())
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dismiss = dismiss
	d.opponent.Go(crash.Guarded(func() {
		for ctx.Err() == nil {
			d.Opponent(ctx, cfg, level)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}))
	return dismiss
}

// stopOpponent stops the bot, if there is one, and waits until it has left.
func (d *Dialer) stopOpponent() {
	d.mu.Lock()
	if d.dismiss != nil {
		d.dismiss()
		d.dismiss = nil
	}
	d.mu.Unlock()
	d.opponent.Wait()
}
