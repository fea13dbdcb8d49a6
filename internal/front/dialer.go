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
	"pong/internal/dial"
	"pong/internal/wire"
)

// A Dialer reaches servers for a Flow: its Dial joins what a person wants, and its List asks for matches. It knows the
// servers that the person has trusted, keeps the name that was used, and brings the opponent for practice. Close must be
// called at the end.
type Dialer struct {
	Join  dial.Config // how to join, except for what the person chooses
	Store Store       // for the name

	// Opponent joins as cfg says, as a bot of that level, and plays until ctx ends or it has no seat any more.
	Opponent func(ctx context.Context, cfg dial.Config, level string)

	join func(ctx context.Context, cfg dial.Config) (Session, dial.Config, error) // if nil, over the network

	mu       sync.Mutex // guards what follows: calls have goroutines of their own
	trusted  map[string]string
	notices  []string
	dismiss  context.CancelFunc // ends the opponent
	opponent sync.WaitGroup
}

// Dial joins what the person wants.
func (d *Dialer) Dial(ctx context.Context, want Want, ask Ask) (Session, error) {
	cfg := d.config(want.Address, ask)
	cfg.Name, cfg.Room, cfg.Watch, cfg.Match = want.Name, want.Room, want.Kind == Watch, want.Match
	if want.Kind == Practice {
		cfg = inPrivate(cfg)
	}
	s, used, err := d.joinPatiently(ctx, cfg)
	if err != nil {
		return nil, err
	}
	d.trust(want.Address, used.Trust)
	d.Store.KeepName(want.Name)
	d.stopOpponent()
	if want.Kind == Practice {
		d.startOpponent(used, want.Level)
	}
	return s, nil
}

// List asks the server at an address for its matches.
func (d *Dialer) List(ctx context.Context, address string, ask Ask) ([]dial.Match, error) {
	matches, used, err := dial.List(ctx, d.config(address, ask))
	if err == nil {
		d.trust(address, used.Trust)
	}
	return matches, err
}

// Notices returns what the player should read once more when the screen is gone.
func (d *Dialer) Notices() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.notices)
}

// Close ends the opponent.
func (d *Dialer) Close() { d.stopOpponent() }

// config is how to reach the server at an address.
func (d *Dialer) config(address string, ask Ask) dial.Config {
	d.mu.Lock()
	defer d.mu.Unlock()
	cfg := d.Join
	cfg.Address, cfg.Ask = address, ask
	cfg.Rotated = func(r client.Rotation) { d.notice(RotationNotice(r)) }
	if known := d.trusted[address]; known != "" && cfg.Trust == "" {
		cfg.Trust = known
	}
	return cfg
}

func (d *Dialer) notice(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.notices = append(d.notices, text)
}

// trust remembers that the person has said yes to a server. Where pins cannot be kept, the question would come again.
func (d *Dialer) trust(address, fingerprint string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.trusted == nil {
		d.trusted = make(map[string]string)
	}
	d.trusted[address] = fingerprint
}

// inPrivate gives a player who practises a room that nobody else knows, so that the bot is the only one to join. A room
// that the person has named is kept, so that friends can watch. The seat is not noted: when the process is started again
// the bot is not there any more.
func inPrivate(cfg dial.Config) dial.Config {
	if cfg.SeatDir = ""; cfg.Room == "" {
		cfg.Room = fmt.Sprintf("practice-%012x", rand.Uint64()>>16)
	}
	return cfg
}

// matchEvery is how often a server is asked again whether a match has begun.
const matchEvery = time.Second

// joinPatiently joins. If the person wants to watch any match, it waits until there is one.
func (d *Dialer) joinPatiently(ctx context.Context, cfg dial.Config) (Session, dial.Config, error) {
	join := d.join
	if join == nil {
		join = overNetwork
	}
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

func overNetwork(ctx context.Context, cfg dial.Config) (Session, dial.Config, error) {
	c, err := dial.Dial(ctx, cfg)
	if err != nil {
		return nil, cfg, err
	}
	return c, c.Config(), nil
}

// startOpponent brings a bot to where the player joined as cfg says. When it loses its seat it joins again.
func (d *Dialer) startOpponent(cfg dial.Config, level string) {
	cfg.Name, cfg.Resume, cfg.SeatDir, cfg.Rotated = "bot", "", "", nil
	ctx, dismiss := context.WithCancel(context.Background())
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dismiss = dismiss
	d.opponent.Go(func() {
		for ctx.Err() == nil {
			d.Opponent(ctx, cfg, level)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	})
}

// stopOpponent ends the bot, if there is one, and waits until it has left.
func (d *Dialer) stopOpponent() {
	d.mu.Lock()
	if d.dismiss != nil {
		d.dismiss()
		d.dismiss = nil
	}
	d.mu.Unlock()
	d.opponent.Wait()
}
