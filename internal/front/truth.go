package front

import (
	"context"
	"time"

	"pong/internal/client"
	"pong/internal/game"
)

// truth is a watcher of the person's own match, at a server in this process. The way to it takes no time, so it has the
// server's present, whatever network is simulated for the person.
type truth struct {
	dialing *call
	session Session
	again   time.Time // when to dial next
}

// truthAgain is the time between two attempts to watch.
const truthAgain = time.Second

// followTruth watches the match while the ghost is shown, and gives the ghost what it sees.
func (f *Flow) followTruth(now time.Time) {
	t := &f.truth
	f.lab.present = nil
	if f.cfg.Truth == nil || !f.lab.ghost || f.session == nil || !f.alone() || f.frame.Room == "" {
		f.dropTruth()
		return
	}
	if t.dialing != nil {
		select {
		case o := <-t.dialing.done:
			o.raise()
			t.dialing, t.session = nil, o.session
		default:
		}
	}
	if t.session == nil {
		if t.dialing == nil && !now.Before(t.again) {
			t.again = now.Add(truthAgain)
			address, room := f.want.Address, f.frame.Room
			t.dialing = begin(f.ctx, &f.work, func(ctx context.Context, _ Ask) outcome {
				s, err := f.cfg.Truth(ctx, address, room)
				return outcome{session: s, err: err}
			})
		}
		return
	}
	t.session.Update(now, game.None)
	v := t.session.Frame(now)
	if v.Stage == client.StageClosed {
		f.dropTruth()
		return
	}
	seen := t.session.Inspect(now, &v)
	f.lab.present = &seen
}

// dropTruth stops watching.
func (f *Flow) dropTruth() {
	t := &f.truth
	if t.dialing != nil {
		t.dialing.abandon(&f.work)
		t.dialing = nil
	}
	if t.session != nil {
		leave(t.session, &f.work)
		t.session = nil
	}
}
