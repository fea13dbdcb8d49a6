package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"syscall/js"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
	"pong/internal/wire"
)

// maxSecrets is how many resume secrets of a seat are kept: the server may not have received anything of the newest.
const maxSecrets = 4

// seats dial with the secret of the seat that the page held before it was closed. pongSeat of JavaScript keeps the
// secrets, one a line, and gives each page of the browser its own.
type seats struct{ dialer *front.Dialer }

func (s *seats) dial(ctx context.Context, want front.Want, ask front.Ask) (front.Session, error) {
	kept := js.Global().Get("pongSeat")
	kept.Call("named", want.Name)
	name := strings.Join([]string{front.Server(want.Address), want.Room, want.Name}, "\n")
	if want.Kind != front.Quick && want.Kind != front.Friend {
		return s.dialer.Dial(ctx, want, ask)
	}
	secrets := s.secrets(ctx, name, false)
	session, err := s.dialWith(ctx, append(secrets, ""), want, ask)
	if refusedFor(err, wire.CodeRoom) {
		// One of the two in the room may be this person, in a page that is being closed.
		more := s.secrets(ctx, name, true)
		if len(more) > 0 && !slices.Equal(more, secrets) {
			if back, again := s.dialWith(ctx, more, want, ask); !refusedFor(again, wire.CodeResume) {
				session, err = back, again
			}
		}
	}
	if err != nil {
		return nil, err
	}
	held := &seat{Session: session, name: name, kept: kept}
	held.note()
	return held, nil
}

// secrets returns the secrets that are kept of a seat. With full, the room is full: it waits for pages that are being
// closed.
func (s *seats) secrets(ctx context.Context, name string, full bool) []string {
	kept := make(chan string, 1)
	done := js.FuncOf(func(_ js.Value, args []js.Value) any {
		kept <- args[0].String()
		return nil
	})
	js.Global().Get("pongSeat").Call("get", name, full, done)
	select {
	case lines := <-kept:
		done.Release()
		return strings.Fields(lines)
	case <-ctx.Done():
		return nil // JavaScript calls done later
	}
}

// dialWith dials with each of the secrets until the server knows one.
func (s *seats) dialWith(
	ctx context.Context, secrets []string, want front.Want, ask front.Ask,
) (session front.Session, err error) {
	for _, secret := range secrets {
		s.dialer.Join.Resume = secret
		session, err = s.dialer.Dial(ctx, want, ask)
		s.dialer.Join.Resume = ""
		if secret == "" || !refusedFor(err, wire.CodeResume) {
			return session, err
		}
	}
	return nil, err
}

// refusedFor reports whether err says that the server refuses with a code.
func refusedFor(err error, code string) bool {
	var refused *dial.RefusedError
	return errors.As(err, &refused) && refused.Code == code
}

// A seat is a session whose secrets are kept until the person leaves it.
type seat struct {
	front.Session
	name    string
	kept    js.Value
	secrets []string
}

// note keeps the secret of the session if it is new.
func (s *seat) note() {
	c, ok := s.Session.(*dial.Client)
	if !ok {
		return
	}
	secret := c.Resume()
	if secret == "" || len(s.secrets) > 0 && s.secrets[0] == secret {
		return
	}
	s.secrets = slices.Insert(s.secrets, 0, secret)
	s.secrets = s.secrets[:min(len(s.secrets), maxSecrets)]
	s.kept.Call("set", s.name, strings.Join(s.secrets, "\n"))
}

// Frame returns what to draw.
func (s *seat) Frame(now time.Time) client.Frame {
	s.note()
	return s.Session.Frame(now)
}

// Close gives up the seat.
func (s *seat) Close() error {
	s.kept.Call("set", s.name, "")
	return s.Session.Close()
}

// opponent plays as a bot until ctx ends.
func opponent(ctx context.Context, cfg dial.Config, level string) {
	c, err := dial.Dial(ctx, cfg)
	if err != nil {
		return
	}
	defer c.Close()
	b, start := bot.New(levelOf(level), uint64(time.Now().UnixNano())), time.Now()
	frames := time.NewTicker(time.Second / game.TickRate)
	defer frames.Stop()
	for key, asked := game.None, false; ; {
		select {
		case <-ctx.Done():
			return
		case <-frames.C:
		}
		now := time.Now()
		c.Update(now, key)
		v := c.Frame(now)
		key = b.Think(now.Sub(start), bot.See(&v))
		switch v.Stage {
		case client.StageClosed:
			return
		case client.StageReady:
			c.Accept()
		}
		if over := v.Stage == client.StageOver; over != asked {
			if asked = over; over {
				c.Rematch()
			}
		}
	}
}

// levelOf returns the level of a bot by its name.
func levelOf(name string) bot.Level {
	return map[string]bot.Level{front.Easy: bot.Easy, front.Normal: bot.Normal, front.Hard: bot.Hard}[name]
}
