package fronttest

import (
	"math"
	"time"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/panel"
	"pong/netcode/netsim"
)

// A Network is a simulated link without datagrams.
type Network struct{ Up, Down netsim.Profile }

// Set changes the link.
func (n *Network) Set(up, down netsim.Profile) { n.Up, n.Down = up, down }

// Profiles returns the link.
func (n *Network) Profiles() (up, down netsim.Profile) { return n.Up, n.Down }

// Networks are networks to choose from.
func Networks() []panel.Named {
	lan := netsim.Profile{Delay: 500 * time.Microsecond, Jitter: 200 * time.Microsecond}
	far := netsim.Profile{Delay: 50 * time.Millisecond, Jitter: 6 * time.Millisecond, Loss: 0.05, Burst: 2}
	cut := far
	cut.OutageEvery, cut.OutageFor = 40*time.Second, 5*time.Second
	return []panel.Named{
		{Name: "L0", Title: "LAN", Link: panel.Link{Up: lan, Down: lan}},
		{Name: "L4", Title: "far", Link: panel.Link{Up: far, Down: far}},
		{Name: "L8.4", Title: "intercontinental, gone for 5 s", Link: panel.Link{Up: cut, Down: cut}},
	}
}

// Lab returns everything that a screen can show of the lab panel and the network.
func Lab() front.LabView {
	now := time.Unix(1000, 0)
	far := Networks()[1].Up
	slow := far
	slow.Rate = 64000
	p := panel.New(panel.Config{You: &Network{slow, far}, Bot: &Network{}, Known: Networks()})
	p.Practise(true)
	p.Do(now, panel.Command{Toggle: true})
	p.Do(now, panel.Command{Technique: 2, Move: 4})
	var h panel.History
	v := Rally()
	for i := range 600 {
		at := now.Add(time.Duration(i) * time.Second / 60)
		wave := math.Sin(float64(i) / 40)
		inspected := Inspected()
		inspected.RoundTrip += 20 * wave
		inspected.Unacknowledged = 6 + i%3
		inspected.CorrectedBy = float64(i/100) * 12
		inspected.LostDown = i / 45
		inspected.Error = 3 + 2*wave
		v.Figures.Margin = 1 + 2*wave
		h.Add(at, &v, inspected)
	}
	last := now.Add(599 * time.Second / 60)
	return front.LabView{
		Panel: p.Show(now), Note: p.Note(now), HUD: front.HUDGraphs, Graphs: h.Graphs(), Explained: 3,
		Ghost: &front.Ghost{Ball: client.Point{X: 470, Y: 219}, Paddle: [2]float64{170, 400}, BallInPlay: true,
			Age: 37 * time.Millisecond},
		Marks: h.Marks(last),
	}
}
