// Package client is the player's side of a match, without a network: a Session takes datagrams, control lines and the
// key that is held, predicts, reconciles, and returns the Frame to draw. It has no socket, clock or goroutine; package
// dial gives it a connection, and the laboratory a simulated one.
//
// The way of a key and back:
//
//	Update          session.go     simulation.advance (simulation.go), channel.sendInputs (channel.go)
//	Receive         session.go     channel.open (channel.go), Session.receiveState (reconcile.go)
//	Control         control.go     what the server sends about seats, results and its own end
//	Frame           frame.go       drawn (draw.go), eventLog (eventlog.go), stage (stage.go), measures (figures.go)
package client

import (
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// The times of a session.
const (
	period        = time.Second / game.TickRate
	registerEvery = 100 * time.Millisecond
	pingEvery     = 100 * time.Millisecond
	watchEvery    = 250 * time.Millisecond // a watcher sends nothing but PINGs
)

// SessionConfig is what a Session is made of.
type SessionConfig struct {
	Welcome wire.WelcomeFields
	Sealed  Keys
	Send    func(datagram []byte) // lends the datagram

	Addresses Addresses // of the server, for frames

	Patience time.Duration // how long a silent server is waited for. If zero, a minute.
	Settings Settings      // to begin with. If zero, the filter with all techniques.

	Confirmed func(Confirmed) // receives every STATE that is newer than those before. If nil, nothing does.
	Observer  Observer        // receives what the session does. If nil, nothing does.
}

// Addresses are the addresses of a server's two channels, as texts for a person, and the fingerprint of its identity
// for links to it. The fingerprint is empty if the server has a certificate of its operator.
type Addresses struct{ Control, Game, Identity string }

// A Session is the client's side of a match, as a value that is stepped with the time and with bytes. Receive takes
// datagrams, Control takes control lines, Update takes the key that is held and sends, and Frame returns what to draw.
type Session struct {
	settings Settings
	token    [wire.TokenLen]byte
	interval time.Duration // between two STATEs, in ticks

	channel    channel      // datagrams to and from the server
	control    controlState // what the control channel has delivered
	simulation simulation   // the game as it was, is, and is predicted
	drawn      drawn        // the game as it is on the screen
	original   *Original    // draws instead, with ViewOriginal; else nil
	health     health       // whether the two sides reach each other
	measures   measures     // for the HUD
	repeats    repeats      // of INPUTs
	inspector  inspector    // of what was drawn
	notes      notes        // what the owner has added

	confirmed func(Confirmed)
	observed  observed
	shadows   []*Shadow
}

// notes are what the owner of a session has noted, for its frames.
type notes struct {
	attempt  int
	joined   bool // the last attempt has joined
	newSeat  bool
	cluster  bool // other servers can take over the match
	rotation *Rotation

	addresses Addresses
}

// NewSession returns a session that registers at its first Update.
func NewSession(now time.Time, cfg SessionConfig) *Session {
	s := &Session{
		token: cfg.Welcome.Token, interval: wire.StateEvery,
		channel: channel{keys: cfg.Sealed, out: cfg.Send},
		control: newControlState(cfg.Welcome),
		health:  newHealth(now, cfg.Patience),
		notes:   notes{addresses: cfg.Addresses},

		confirmed: cfg.Confirmed, observed: observed{by: cfg.Observer},
	}
	if cfg.Observer != nil {
		s.channel.observe = cfg.Observer.Datagram
	}
	if rate := cfg.Welcome.StateRate; rate > 0 {
		s.interval = time.Duration(game.TickRate / rate)
	}
	s.simulation = newSimulation(cfg.Welcome.Rules)
	s.drawn = newDrawn(&s.simulation)
	s.SetSettings(cfg.Settings)
	return s
}

// Receive takes a datagram that arrived at now. A datagram that is not authentic, not of the protocol, or older than
// what is known changes nothing but a counter.
func (s *Session) Receive(now time.Time, datagram []byte) {
	kind, plain, ok := s.channel.open(now, datagram)
	if !ok {
		return
	}
	for _, sh := range s.shadows {
		sh.receive(now, kind, datagram, plain, s.channel.number)
	}
	s.health.arrived = s.channel.echo.Received()
	switch kind {
	case wire.TypeState:
		s.receiveState(now, &s.channel.state)
	case wire.TypeChallenge:
		s.channel.respond(now, wire.ParseChallenge(plain))
	}
	s.checkKeys()
}

// Update moves the session to now with the key that is held, and sends what is due. It is called once a frame and
// never blocks.
func (s *Session) Update(now time.Time, in game.Input) {
	dt := s.health.update(now)
	s.observed.key = in
	switch {
	case s.control.closed || s.health.givenUp(now): // nobody receives what is sent any more
	case !s.simulation.predictor.Started():
		s.channel.register(now, wire.Register{PlayerID: s.control.playerID(), Token: s.token})
	case s.control.watching:
		s.channel.ping(now, watchEvery)
	case !s.simulation.running:
		s.channel.ping(now, pingEvery)
	default:
		s.advance(now, in)
	}
	s.checkKeys()
	s.advanceDrawing(now, dt, in)
	for _, sh := range s.shadows {
		sh.update(now, s, in)
	}
}

// advance plays the ticks that are due and sends their inputs, with all that are not acknowledged yet.
func (s *Session) advance(now time.Time, in game.Input) {
	switch s.simulation.advance(now, s.control.me, in, s.settings) {
	case tooFarAhead:
		// The next STATE resynchronises. But the server may be sending to an address that is not the player's any more,
		// and it can learn the new one only from a datagram.
		s.channel.ping(now, pingEvery)
	case notDue:
		s.Repeat(now)
	case played:
		if s.channel.sendInputs(now, &s.simulation.log, s.settings.NoRedundancy) && s.settings.Repeat {
			s.repeats.note(now, s.simulation.log.Newest(), in, s.measures.lossUp)
		}
	}
}

// advanceDrawing moves the drawing to now.
func (s *Session) advanceDrawing(now time.Time, dt time.Duration, in game.Input) {
	if !s.simulation.predictor.Started() {
		return
	}
	me, past := s.control.me, s.settings.NoPrediction || s.control.watching
	delay := remoteDelay(s.interval, s.channel.lateness.P99(), s.channel.loss.Share())
	if s.original != nil {
		s.measures.correctedBy += s.original.advance(now, s.simulation.newest, me, in)
	}
	s.drawn.advanceTimes(now, s.simulation.presentTime(), delay, me, s.settings.View, past)
	if s.settings.NoSmoothing {
		s.drawn.snap()
	}
	raw := s.drawn.raw(me)
	s.drawn.fade(dt, timeToContact(raw))
	s.drawn.holdOwnPaddle(raw, me, in)
	s.drawn.events.collect(s.simulation.predictor.At, s.drawn.times.Ball, s.drawn.shown())
}

// checkKeys closes the session if its keys are used up.
func (s *Session) checkKeys() {
	if s.channel.usedUp {
		s.control.close(ending{reason: ReasonKeysUsedUp})
	}
}

// Settings returns which techniques are on and off, and the way of drawing.
func (s *Session) Settings() Settings { return s.settings }

// SetSettings switches techniques off and on, and the way of drawing.
func (s *Session) SetSettings(to Settings) {
	if to.View == ViewOriginal {
		to = OriginalSettings
		to.View = ViewOriginal
	}
	if to == s.settings {
		return
	}
	s.settings, s.drawn.settings = to, to
	s.drawn.snap()
	if s.original = nil; to.View == ViewOriginal {
		s.original = new(Original)
	}
}

// SetView switches the way of drawing.
func (s *Session) SetView(v View) {
	to := s.settings
	to.View = v
	s.SetSettings(to)
}
