package front

import (
	"context"
	"errors"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
)

// connect dials a server and joins as want says. If the person has not chosen yet, it asks for the list of matches
// only, to know before the menu is shown that the server answers and is trusted.
func (f *Flow) connect(want Want) {
	f.drop()
	f.coded = false
	if f.want, f.page = want, CardDialling; want.Kind == Host {
		f.reached = false
	}
	f.dialing = begin(f.ctx, &f.work, func(ctx context.Context, ask Ask) outcome {
		if want.Kind == Host {
			return f.hostMatch(ctx, want, ask)
		}
		if want.Kind == Undecided {
			_, err := f.cfg.List(ctx, want.Address, ask)
			return outcome{err: err}
		}
		s, err := f.cfg.Dial(ctx, want, ask)
		return outcome{session: s, err: err}
	})
}

// toOrigin goes back to where the server was dialled from: its menu if it has answered before, or else the address.
func (f *Flow) toOrigin() {
	if f.reached && f.want.Kind != Host {
		f.toMenu()
	} else {
		f.toAddress()
	}
}

// drop ends the match, or the calls that go on.
func (f *Flow) drop() {
	for _, c := range []**call{&f.dialing, &f.listing, &f.searching} {
		if *c != nil {
			(*c).abandon(&f.work)
			*c = nil
		}
	}
	if f.session != nil {
		leave(f.session, &f.work)
		f.session = nil
	}
	f.dropTruth()
	f.noLink = false
	f.leaving, f.frame, f.copied, f.relist, f.search = false, client.Frame{}, "", time.Time{}, time.Time{}
}

// poll takes the results of calls.
func (f *Flow) poll(now time.Time) {
	if o, ended := f.look(f.dialing); ended {
		f.dialing = nil
		o.raise()
		f.join(o)
	}
	if o, ended := f.look(f.searching); ended {
		f.searching, f.search = nil, now.Add(searchEvery)
		o.raise()
		f.takeNearby(o.nearby)
	}
	if o, ended := f.look(f.listing); ended {
		f.listing, f.relist = nil, now.Add(relistEvery)
		o.raise()
		f.reached = f.reached || o.err == nil
		f.menu.list(o.matches, o.err)
	}
}

// look checks whether a call has a question or has ended.
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

// join takes the result of dialling.
func (f *Flow) join(o outcome) {
	var refused *dial.RefusedError
	f.reached = f.reached || o.err == nil || errors.As(o.err, &refused)
	if o.err != nil {
		f.failure, f.page = o.err, CardFailed
		return
	}
	if o.session == nil { // the person chooses now
		if f.toMenu(); f.coded {
			f.menu.askCode()
		}
		return
	}
	f.session, f.page = o.session, NoCard
	f.lab.join(f.session, f.want.Kind == Practice)
	f.frame = client.Frame{Scorer: -1, Winner: -1}
}

// answer passes the person's answer about an unknown server to the call that waits for it.
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
