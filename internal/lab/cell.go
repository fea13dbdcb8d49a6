package lab

import (
	"math"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/shard"
	"pong/internal/world"
)

// A match is a cell while it runs: the world and its Recording.
type match struct {
	rec     *Recording
	w       *world.World
	players [2]*screen
	tick    uint32        // the server's
	stepped time.Duration // when it reached that tick
	begun   bool          // both players have seen a serve
	checked [2]uint32     // the newest confirmed tick compared so far, by seat
}

// A screen is a player's screen, with what is kept of the frame before.
type screen struct {
	*world.Player
	seat     int
	control  *client.Original // draws instead of the client; nil if the client draws
	head     uint32           // the present at the last frame
	own      game.Fixed
	held     bool // head and own are set
	key      game.Input
	traffic  [2]Volume // down, up
	missed   int       // at the start of the recording
	counted  int       // ticks without an input that the server has counted so far
	seen     bool      // the first serve was seen
	captured [][]byte  // STATEs to be sent again
	shadows  []*client.Shadow
}

// Run plays a cell and returns its recording. The length counts from the first serve that both players have seen.
func Run(c Cell) *Recording {
	m := &match{
		rec: &Recording{Cell: c},
		w: world.New(world.Config{
			Seed: c.Seed, Fairness: c.Fairness, NoReplayCheck: c.NoReplayCheck, Without: c.WithoutServer,
		}),
	}
	for seat := range m.players {
		m.players[seat] = m.join(seat)
	}
	m.w.OnStep = m.step
	m.w.Until(time.Minute, func() bool { return m.players[0].seen && m.players[1].seen })
	m.begin()
	start := m.w.Elapsed()
	for _, a := range c.Profile.acts(c.Length) {
		a.At += start
		m.w.Run(a.At - m.w.Elapsed())
		m.act(a)
	}
	m.w.Run(start + c.Length - m.w.Elapsed())
	m.end()
	return m.rec
}

// join adds a player.
func (m *match) join(seat int) *screen {
	c := &m.rec.Cell
	s := &screen{seat: seat}
	hand := c.newHand(seat)
	s.Player = m.w.Join([2]string{"left", "right"}[seat], func(now time.Duration, v client.Frame) game.Input {
		s.key = hand(now, m.see(s, now, v))
		return s.key
	})
	s.Up.Set(c.Profile.Up[seat])
	s.Down.Set(c.Profile.Down[seat])
	s.Skew, s.Drift = c.Profile.Skew[seat], c.Profile.Drift[seat]
	if seat == 1 {
		s.Claim = c.Claim
	}
	s.Tap = func(up bool, datagram []byte) {
		s.count(up, datagram)
		if c.Replayed && !up {
			s.replay(m.w.Now(), datagram)
		}
	}
	if c.Variant == Original {
		s.control = new(client.Original)
	}
	s.Session.SetSettings(c.settings())
	for _, v := range c.Beside {
		s.shadows = append(s.shadows, s.Session.AddShadow(v.shadow()))
	}
	return s
}

// count counts a datagram that is sent.
func (s *screen) count(up bool, datagram []byte) {
	way := &s.traffic[0]
	if up {
		way = &s.traffic[1]
	}
	way.Datagrams++
	way.Bytes += len(datagram)
}

// replay sends every other STATE again a second later, as an attacker on the path can do without a key.
func (s *screen) replay(now time.Time, datagram []byte) {
	s.captured = append(s.captured, append([]byte(nil), datagram...))
	if n := len(s.captured); n > 20 && n%2 == 0 {
		s.Down.Send(now, s.captured[n-20])
	}
}

// begin starts the recording.
func (m *match) begin() {
	m.begun = true
	n := int(m.rec.Cell.Length/frame) + 1
	m.rec.Truth = make([]game.State, 0, n)
	state, _ := m.w.State(m.players[0].Player)
	m.rec.First, m.rec.Start = state.Tick, m.stepped
	m.rec.Truth = append(m.rec.Truth, state)
	for seat, s := range m.players {
		side := &m.rec.Sides[seat]
		side.Frames = make([]Frame, 0, n)
		side.Beside = make([][]RallyFrame, len(m.rec.Cell.Beside))
		side.Made, side.Without = make(map[uint32]game.Fixed, n), make(map[uint32]bool)
		side.Inputs, _ = m.w.Inputs(s.Player)
		s.missed, s.counted = side.Inputs.Missed, side.Inputs.Missed
		s.traffic = [2]Volume{}
	}
}

// end records what was counted meanwhile.
func (m *match) end() {
	for seat, s := range m.players {
		side := &m.rec.Sides[seat]
		before := side.Inputs
		side.Inputs, _ = m.w.Inputs(s.Player)
		side.Inputs.Missed -= before.Missed
		side.Inputs.TooLate -= before.TooLate
		side.Inputs.Fresh -= before.Fresh
		side.Down, side.Up = s.traffic[0], s.traffic[1]
	}
}

// step records the tick that the server has played.
func (m *match) step() {
	state, ok := m.w.State(m.players[0].Player)
	if !ok || state.Tick == m.tick {
		return
	}
	m.tick, m.stepped = state.Tick, m.w.Elapsed()
	if !m.begun {
		return
	}
	m.rec.Truth = append(m.rec.Truth, state)
	for seat, s := range m.players {
		if counts, _ := m.w.Inputs(s.Player); counts.Missed > s.counted {
			s.counted = counts.Missed
			m.rec.Sides[seat].Without[state.Tick-1] = true
		}
	}
}

// clock returns the server's time in ticks.
func (m *match) clock(now time.Duration) float64 {
	return float64(m.tick) + float64(now-m.stepped)/float64(shard.Period)
}

// see records a frame and returns it as the bot sees it.
func (m *match) see(s *screen, now time.Duration, v client.Frame) client.Frame {
	f := Frame{
		seat: s.seat, At: now, Server: m.clock(now), Key: s.key, Stage: v.Stage, InPlay: v.BallInPlay,
		Ball: v.Raw.Ball, Paddle: v.Raw.Paddle, Times: v.Times, Newest: v.Tick, Wanted: v.Figures.Wanted,
	}
	if m.begun {
		s.made(m.rec.Sides[s.seat].Made)
	}
	f.Corrected = s.correction()
	if s.control != nil {
		f.draw(&v, s)
	}
	f.Shown = client.Raw{Ball: v.Ball, Paddle: v.Paddle}
	s.seen = s.seen || v.Stage == client.StagePlaying
	if m.begun {
		m.record(s, &f, &v)
	}
	v.Ball = client.Point{X: coarse(v.Ball.X), Y: coarse(v.Ball.Y)}
	v.Paddle = [2]float64{coarse(v.Paddle[0]), coarse(v.Paddle[1])}
	return v
}

// draw has the control draw a frame. The ball is in play for the bot as the client has it.
func (f *Frame) draw(v *client.Frame, s *screen) {
	drawn := *v
	f.Corrected = s.control.Draw(&drawn, s.Session, s.key)
	f.InPlay, f.Ball, f.Paddle, f.Times = drawn.BallInPlay, drawn.Raw.Ball, drawn.Raw.Paddle, drawn.Times
	v.Ball, v.Paddle = f.Ball, f.Paddle
}

// coarse rounds a place to 1/16 pixel, so that it is the same on every processor.
func coarse(x float64) float64 { return math.Round(x*16) / 16 }

// record adds a frame to the recording.
func (m *match) record(s *screen, f *Frame, v *client.Frame) {
	side := &m.rec.Sides[s.seat]
	counts, _ := m.w.Inputs(s.Player)
	f.Missed = counts.Missed - s.missed
	side.Frames = append(side.Frames, *f)
	for i, sh := range s.shadows {
		side.Beside[i] = append(side.Beside[i], besideFrame(f, sh.Frame(s.Clock(m.w.Now()))))
	}
	if len(side.Frames)%60 == 0 {
		truth := s.Up.Stats().MeanDelay + s.Down.Stats().MeanDelay
		side.Latencies = append(side.Latencies, Latency{v.Figures.Latency, float64(truth) / float64(ms)})
	}
	m.compare(s, v.Tick)
}

// compare compares the ticks that a client has confirmed with those of the server.
func (m *match) compare(s *screen, newest uint32) {
	from := max(m.checked[s.seat]+1, m.rec.First)
	for tick := from; tick <= newest; tick++ {
		want, ok := m.rec.at(tick)
		if !ok {
			return
		}
		switch got, ok := s.Session.Confirmed(tick); {
		case !ok:
			m.rec.Unexplained++
		case got == want && got.Hash() == want.Hash():
			m.rec.Equal++
		default:
			m.rec.Unequal++
		}
		m.checked[s.seat] = tick
	}
}

// made adds the ticks that the client has played since the last frame, with how far its own input moved its paddle.
func (s *screen) made(ticks map[uint32]game.Fixed) {
	for tick := s.head; s.held && tick < s.Session.Present(); tick++ {
		before, ok := s.Session.Believed(tick)
		after, ok2 := s.Session.Believed(tick + 1)
		if ok && ok2 {
			ticks[tick] = after.Paddle[s.seat] - before.Paddle[s.seat]
		}
	}
}

// correction returns by how many pixels the own paddle at the last frame's present has moved since then.
func (s *screen) correction() float64 {
	by := 0.0
	if s.held {
		state, ok := s.Session.Believed(s.head)
		if !ok { // the client has started again from a state of the server
			state, _ = s.Session.Believed(s.Session.Present())
		}
		by = pixels(state.Paddle[s.seat] - s.own)
	}
	s.head = s.Session.Present()
	state, ok := s.Session.Believed(s.head)
	s.own, s.held = state.Paddle[s.seat], ok
	return by
}

// act carries out an Act.
func (m *match) act(a Act) {
	p := &m.rec.Cell.Profile
	s := m.players[a.Seat]
	up, down := p.Up[a.Seat], p.Down[a.Seat]
	switch a.Kind {
	case Cut:
		up.Loss, up.Burst, down.Loss, down.Burst = 1, 0, 1, 0
	case Slow:
		up.Delay, down.Delay = p.SlowRTT/2, p.SlowRTT/2
	case Freeze:
		m.w.Freeze(s.Player)
	case Thaw:
		m.w.Thaw(s.Player)
	}
	s.Up.Set(up)
	s.Down.Set(down)
	m.rec.Acts = append(m.rec.Acts, a)
}
