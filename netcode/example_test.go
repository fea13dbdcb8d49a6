package netcode_test

import (
	"encoding/json"
	"fmt"
	"time"

	"pong/netcode"
	"pong/netcode/netsim"
)

const (
	period     = time.Second / 60
	frame      = 16 * time.Millisecond // of my screen; it need not go with the ticks
	firstKey   = 2 * time.Second       // when I begin to pull
	stateEvery = 3                     // ticks from one message of the server to the next
	told       = 16                    // ticks of inputs in each, so that a few may be lost
)

var start = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// use is when the server plays a tick.
func use(t netcode.Tick) time.Time { return start.Add(time.Duration(t) * period) }

// rope is the whole state of a tug-of-war. It is copied with = and compared with !=, and there is no float in it.
type rope struct {
	Knot, Speed int
	Breath      [2]int
}

type pull bool // the input: pull, or take breath

func step(r rope, in []pull) rope {
	for player, towards := range [2]int{-1, +1} {
		if in[player] && r.Breath[player] > 0 {
			r.Breath[player]--
			r.Speed += towards * (10 + r.Breath[player])
		} else {
			r.Breath[player] = min(r.Breath[player]+2, 90)
		}
	}
	r.Speed -= r.Speed / 16
	r.Knot += r.Speed
	return r
}

// up and down are the two messages. How they are encoded is up to the game; JSON is short in an example.
type up struct {
	Number uint32
	Stamp  netcode.Stamp
	Newest netcode.Tick
	Runs   []netcode.Run[pull] // newest first
}

type down struct {
	Number uint32
	Stamp  netcode.Stamp
	Tick   netcode.Tick
	State  rope
	Inputs [][2]pull // of the ticks before Tick, oldest first
	Acked  netcode.Tick
	Report netcode.InputReport
}

// server plays the game. To keep this short, the other player sits at the server and has no network to cross.
type server struct {
	states []rope    // of every tick
	played [][2]pull // at every tick
	inputs netcode.InputBuffer[pull]
	echo   netcode.Echo
	late   netcode.Lateness // of the messages that arrive here
	number uint32
	report netcode.InputReport // since the last message
}

func (s *server) receive(now time.Time, packet []byte) {
	var m up
	if json.Unmarshal(packet, &m) != nil {
		return
	}
	a := s.echo.Receive(now, m.Number, m.Stamp)
	s.late.Add(a.At, a.Transit)
	s.inputs.PutRuns(m.Newest, m.Runs, func(t netcode.Tick, _ netcode.Fate) {
		early := float64(use(t).Sub(now)) / float64(period)
		if !s.report.Valid || early < s.report.Min {
			s.report.Min, s.report.Valid = early, true
		}
	})
}

func (s *server) run(now time.Time, out *netsim.Link) {
	for t := s.inputs.Next(); !use(t).After(now); t++ {
		mine, source := s.inputs.Take()
		s.report.Late = s.report.Late || source != netcode.Exact
		in := [2]pull{mine, pull(t/40%2 == 0)}
		s.played = append(s.played, in)
		s.states = append(s.states, step(s.states[t], in[:]))
		if (t+1)%stateEvery != 0 {
			continue
		}
		s.number++
		s.report.Tail = s.late.P99()
		packet, _ := json.Marshal(down{
			Number: s.number, Stamp: s.echo.Stamp(now), Tick: t + 1, State: s.states[t+1],
			Inputs: s.played[max(0, len(s.played)-told):], Acked: s.inputs.Acked(), Report: s.report,
		})
		out.Send(now, packet)
		s.report = netcode.InputReport{}
	}
}

// client is the player with a network in between. I am player 0.
type client struct {
	predictor *netcode.Predictor[rope, pull]
	pacer     netcode.Pacer
	log       netcode.InputLog[pull]
	echo      netcode.Echo
	late      netcode.Lateness // of the messages that arrive here
	number    uint32

	shown  time.Time    // when I first saw myself pull
	pulled netcode.Tick // the tick it was for
	wrong  int          // predictions
}

func (c *client) receive(now time.Time, packet []byte) {
	var m down
	if json.Unmarshal(packet, &m) != nil {
		return
	}
	a := c.echo.Receive(now, m.Number, m.Stamp)
	c.late.Add(a.At, a.Transit)
	if c.echo.Samples() == 0 {
		return // the round trip is not known yet
	}
	if !c.pacer.Started() {
		c.pacer.Start(now, m.Tick, c.echo.RTT(), c.late.P95())
	}
	for i, in := range m.Inputs {
		t := m.Tick - netcode.Tick(len(m.Inputs)-i)
		c.predictor.SetInput(0, t, in[0]) // mine too: if one was late, the server has played another
		c.predictor.SetInput(1, t, in[1])
	}
	if c.predictor.Confirm(m.Tick, m.State).Mismatch {
		c.wrong++
	}
	c.log.Ack(m.Acked)
	c.pacer.Report(now, m.Report, c.echo.RTT()+stateEvery*period)
}

func (c *client) frame(now time.Time, key pull, out *netsim.Link) {
	if c.pacer.Started() {
		present, _ := c.pacer.Advance(now)
		for t := c.predictor.Head(); t < present; t++ {
			c.log.Put(t, key)
			c.predictor.SetInput(0, t, key)
			before := c.predictor.Present()
			after := c.predictor.Advance()
			if c.shown.IsZero() && after.Breath[0] < before.Breath[0] {
				c.shown, c.pulled = now, t
			}
		}
	}
	c.number++
	packet, _ := json.Marshal(up{
		Number: c.number, Stamp: c.echo.Stamp(now),
		Newest: c.log.Newest(), Runs: c.log.AppendRuns(make([]netcode.Run[pull], 0, told), 63),
	})
	out.Send(now, packet)
}

// Half a minute of a tug-of-war over a bad line, in virtual time.
func Example() {
	line := netsim.Profile{Delay: 50 * time.Millisecond, Jitter: 5 * time.Millisecond, Loss: 0.05, Burst: 2}
	upward, downward := netsim.NewLink(line, 1), netsim.NewLink(line, 2)
	s := &server{states: []rope{{}}}
	c := &client{
		predictor: netcode.NewPredictor(netcode.Game[rope, pull]{Players: 2, Step: step}),
		pacer:     netcode.Pacer{Period: period},
	}
	for at := time.Duration(0); at < 30*time.Second; at += time.Millisecond {
		now := start.Add(at)
		for packet, _, ok := upward.Receive(now); ok; packet, _, ok = upward.Receive(now) {
			s.receive(now, packet)
		}
		for packet, _, ok := downward.Receive(now); ok; packet, _, ok = downward.Receive(now) {
			c.receive(now, packet)
		}
		s.run(now, downward)
		if at%frame == 0 {
			key := at >= firstKey && (at-firstKey)/(700*time.Millisecond)%2 == 0
			c.frame(now, pull(key), upward)
		}
	}

	t := c.predictor.Confirmed()
	mine, _ := c.predictor.At(t)
	rtt := c.echo.RTT()
	fmt.Println("round trip of about 100 ms:", rtt > 90*time.Millisecond && rtt < 115*time.Millisecond)
	fmt.Println("frames from my key to the rope on my screen:", int(c.shown.Sub(start.Add(firstKey))/frame))
	fmt.Println("shown 50 ms or more before the server played it:", use(c.pulled).Sub(c.shown) >= 50*time.Millisecond)
	fmt.Println("played by the server as I had pressed it:", s.played[c.pulled][0])
	fmt.Println("the other player was predicted wrongly at times:", c.wrong > 0)
	fmt.Println("and in the end both sides have the same rope:", mine == s.states[t])
	fmt.Println("ticks without my input in time are under 5 %:", s.inputs.Counts().Missed*20 < len(s.played))
	// Output:
	// round trip of about 100 ms: true
	// frames from my key to the rope on my screen: 0
	// shown 50 ms or more before the server played it: true
	// played by the server as I had pressed it: true
	// the other player was predicted wrongly at times: true
	// and in the end both sides have the same rope: true
	// ticks without my input in time are under 5 %: true
}
