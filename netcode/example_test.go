package netcode_test

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"log"
	"time"

	"pong/netcode"
	"pong/netcode/netsim"
	"pong/netcode/sealed"
)

const (
	period     = time.Second / 60
	frame      = 16 * time.Millisecond // of the client's screen; frames need not agree with ticks
	firstKey   = 2 * time.Second       // when the player begins to pull
	stateEvery = 3                     // ticks from one message of the server to the next
	inputsSent = 16                    // ticks of inputs in each of them, so that a few messages may be lost
)

var start = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// tickTime returns when the server plays a tick.
func tickTime(t netcode.Tick) time.Time { return start.Add(time.Duration(t) * period) }

// rope is the whole state of a tug-of-war. It is copied with = and compared with !=, and there is no float in it.
type rope struct {
	Knot, Speed int
	Breath      [2]int
}

type pull bool // the input: pull, or take breath

// step is the whole game: one tick.
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

// up and down are the two messages. Their encoding is up to the game; JSON is short in an example.
type up struct {
	Stamp  netcode.Stamp
	Newest netcode.Tick
	Runs   []netcode.Run[pull] // newest first
}

type down struct {
	Stamp  netcode.Stamp
	Tick   netcode.Tick
	State  rope
	Inputs [][2]pull // of the ticks before Tick, oldest first
	Acked  netcode.Tick
	Report netcode.InputReport
}

// path is one end's view of the network: the keys, and what it measures of the datagrams that arrive.
type path struct {
	keys     *sealed.Session
	echo     netcode.Echo
	lateness netcode.Lateness
}

func (p *path) send(now time.Time, out *netsim.Link, message any) {
	plaintext, _ := json.Marshal(message)
	datagram, err := p.keys.Seal(nil, plaintext)
	if err != nil {
		log.Fatal(err)
	}
	out.Send(now, datagram)
}

// open decodes an authentic datagram. It returns false for any other, which changes nothing.
func (p *path) open(datagram []byte, message any) (number uint32, ok bool) {
	plaintext, number, err := p.keys.Open(nil, datagram)
	return number, err == nil && json.Unmarshal(plaintext, message) == nil
}

func (p *path) measure(now time.Time, number uint32, s netcode.Stamp) netcode.Arrival {
	a := p.echo.Receive(now, number, s)
	p.lateness.Add(a.At, a.Transit)
	return a
}

// server plays the game. To keep this short, the other player sits at the server and has no network to cross.
type server struct {
	path
	states []rope    // of every tick
	played [][2]pull // at every tick
	inputs netcode.InputBuffer[pull]
	late   netcode.InputLateness
	report netcode.InputReport // since the last message
}

func (s *server) receive(now time.Time, datagram []byte) {
	var m up
	number, ok := s.open(datagram, &m)
	if !ok {
		return
	}
	a := s.measure(now, number, m.Stamp)
	fresh, margin := 0, 0.0
	s.inputs.PutRuns(m.Newest, m.Runs, func(t netcode.Tick, _ netcode.Fate) { // newest first
		if fresh++; fresh == 1 {
			margin = float64(tickTime(t).Sub(now)) / float64(period)
		}
	})
	margin += s.late.Add(a, number, fresh)
	if fresh > 0 && (!s.report.Valid || margin < s.report.Min) {
		s.report.Min, s.report.Valid = margin, true
	}
}

func (s *server) run(now time.Time, out *netsim.Link) {
	for t := s.inputs.Next(); !tickTime(t).After(now); t++ {
		input, source := s.inputs.Take()
		s.report.Late = s.report.Late || source != netcode.Exact
		in := [2]pull{input, pull(t/40%2 == 0)}
		s.played = append(s.played, in)
		s.states = append(s.states, step(s.states[t], in[:]))
		if (t+1)%stateEvery != 0 {
			continue
		}
		s.report.Tail = s.late.Tail()
		s.send(now, out, down{
			Stamp: s.echo.Stamp(now), Tick: t + 1, State: s.states[t+1],
			Inputs: s.played[max(0, len(s.played)-inputsSent):], Acked: s.inputs.Acked(), Report: s.report,
		})
		s.report = netcode.InputReport{}
	}
}

// client is player 0, with a network in between.
type client struct {
	path
	predictor *netcode.Predictor[rope, pull]
	pacer     netcode.Pacer
	inputs    netcode.InputLog[pull]

	shown  time.Time    // when the first pull was seen on the screen
	pulled netcode.Tick // the tick of that pull
	wrong  int          // number of wrong predictions
}

func (c *client) receive(now time.Time, datagram []byte) {
	var m down
	number, ok := c.open(datagram, &m)
	if !ok {
		return
	}
	c.measure(now, number, m.Stamp)
	if c.echo.Samples() == 0 {
		return // the round trip is not known yet
	}
	if c.predictor.Started() && m.Tick <= c.predictor.Confirmed() {
		return // a newer one has overtaken it
	}
	if !c.pacer.Started() {
		c.pacer.Start(now, m.Tick, c.echo.RTT(), c.lateness.P95())
	}
	for i, in := range m.Inputs {
		t := m.Tick - netcode.Tick(len(m.Inputs)-i)
		c.predictor.SetInput(0, t, in[0]) // if the client's own input was late, the server has played another
		c.predictor.SetInput(1, t, in[1])
	}
	if c.predictor.Confirm(m.Tick, m.State).Mismatch {
		c.wrong++
	}
	c.inputs.Ack(m.Acked)
	c.pacer.Report(now, m.Report, c.echo.RTT()+stateEvery*period)
}

func (c *client) frame(now time.Time, key pull, out *netsim.Link) {
	if c.pacer.Started() {
		present, _ := c.pacer.Advance(now)
		for t := c.predictor.Head(); t < present; t++ {
			c.inputs.Put(t, key)
			c.predictor.SetInput(0, t, key)
			before := c.predictor.Present()
			after := c.predictor.Advance() // what the screen shows
			if c.shown.IsZero() && after.Breath[0] < before.Breath[0] {
				c.shown, c.pulled = now, t
			}
		}
	}
	c.send(now, out, up{
		Stamp: c.echo.Stamp(now), Newest: c.inputs.Newest(),
		Runs: c.inputs.AppendRuns(make([]netcode.Run[pull], 0, inputsSent), 63),
	})
}

// keys returns the two ends of a session. A real program has sealed.NewServer and sealed.NewClient make them from a TLS
// connection; in virtual time there is none.
func keys() (server, client *sealed.Session) {
	secret, id := make([]byte, 32), sealed.ID{1}
	server, err := sealed.FromSecret(sealed.Server, "tug v1", tls.TLS_AES_128_GCM_SHA256, secret, id)
	if err != nil {
		log.Fatal(err)
	}
	client, err = sealed.FromSecret(sealed.Client, "tug v1", tls.TLS_AES_128_GCM_SHA256, secret, id)
	if err != nil {
		log.Fatal(err)
	}
	return server, client
}

// Half a minute of a tug-of-war over a bad network, in virtual time.
func Example() {
	bad := netsim.Profile{Delay: 50 * time.Millisecond, Jitter: 5 * time.Millisecond, Loss: 0.05, Burst: 2}
	upward, downward := netsim.NewLink(bad, 1), netsim.NewLink(bad, 2)
	serverKeys, clientKeys := keys()
	s := &server{path: path{keys: serverKeys}, states: []rope{{}}, late: netcode.InputLateness{Period: period}}
	c := &client{
		path:      path{keys: clientKeys},
		predictor: netcode.NewPredictor(netcode.Game[rope, pull]{Players: 2, Step: step}),
		pacer:     netcode.Pacer{Period: period},
	}
	for at := time.Duration(0); at < 30*time.Second; at += time.Millisecond {
		now := start.Add(at)
		for datagram, _, ok := upward.Receive(now); ok; datagram, _, ok = upward.Receive(now) {
			s.receive(now, datagram)
		}
		for datagram, _, ok := downward.Receive(now); ok; datagram, _, ok = downward.Receive(now) {
			c.receive(now, datagram)
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
	fmt.Println("the round trip is about 100 ms:", rtt > 90*time.Millisecond && rtt < 115*time.Millisecond)
	fmt.Println("frames from the key to the rope on the screen:", int(c.shown.Sub(start.Add(firstKey))/frame))
	fmt.Println("shown 50 ms or more before the server played it:",
		tickTime(c.pulled).Sub(c.shown) >= 50*time.Millisecond)
	fmt.Println("the server played it as it was pressed:", s.played[c.pulled][0])
	fmt.Println("the other player was predicted wrongly at times:", c.wrong > 0)
	fmt.Println("in the end both sides have the same rope:", mine == s.states[t])
	fmt.Println("ticks without the client's input in time are under 5 %:", s.inputs.Counts().Missed*20 < len(s.played))
	// Output:
	// the round trip is about 100 ms: true
	// frames from the key to the rope on the screen: 0
	// shown 50 ms or more before the server played it: true
	// the server played it as it was pressed: true
	// the other player was predicted wrongly at times: true
	// in the end both sides have the same rope: true
	// ticks without the client's input in time are under 5 %: true
}
