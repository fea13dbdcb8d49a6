package server_test

import (
	"context"
	"fmt"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/netcode/netsim"
)

// A person plays or watches, and starts the client again when it has ended.
type person struct {
	name    string
	watches bool
	ip      string
	cfg     dial.Config

	wants  bool // to be there
	eager  bool // asks for a rematch after each game
	asked  bool // has asked since the last game was over, or will in a moment
	game   int  // which game that is: the process may stand still while another one is played
	wish   bool // has asked, and waits for the answer
	client *player
	again  time.Time // when to start a client again
	dials  *dialling // nil if no client is being started

	trouble time.Duration // in all so far
	stopped bool          // the process, so that it draws no frames
	held    int           // for how many reasons the control channel carries nothing
	left    []time.Time   // when clients were ended
	failed  string
}

// A dialling is a client that is being started.
type dialling struct {
	cancel context.CancelFunc
	done   chan *player // nil if it has failed
	err    error        // written before done
}

// act does what a person does at a moment.
func (h *history) act(p *person, now time.Time) {
	switch {
	case p.dials != nil:
		select {
		case p.client = <-p.dials.done:
			if p.dials.err != nil {
				p.failed = p.dials.err.Error()
			}
			p.dials = nil
			p.again = now.Add(time.Second)
		default:
		}
	case p.client == nil && p.wants && !now.Before(p.again):
		h.start(p)
	case p.client == nil || p.stopped:
	case p.client.view.Stage == client.StageClosed:
		h.note("%s reads %q and starts again", p.name, p.reads())
		p.client.Close()
		p.client, p.wish, p.again = nil, false, now.Add(time.Second)
	case p.client.view.Stage != client.StageOver, p.client.view.Game != p.game:
		p.asked, p.wish, p.game = false, false, p.client.view.Game
	case p.eager && !p.asked:
		p.asked = true
		h.after(h.upTo(2*time.Second), func() {
			if p.client != nil && p.client.view.Stage == client.StageOver {
				p.client.Rematch()
				p.wish = true
			}
		})
	}
}

// start starts a client, which may take a while.
func (h *history) start(p *person) {
	ctx, cancel := context.WithCancel(h.Context())
	d := &dialling{cancel: cancel, done: make(chan *player, 1)}
	p.dials, p.asked = d, false
	cfg, mortal := p.cfg, &mortalTransport{Transport: p.cfg.Transport}
	cfg.Transport = mortal
	go func() {
		defer cancel()
		c, err := dial.Dial(ctx, cfg)
		if d.err = err; err != nil {
			d.done <- nil
			return
		}
		d.done <- &player{Client: c, transport: mortal}
	}()
}

// quit has a person leave: with a LEAVE, as far as the network takes it.
func (h *history) quit(p *person) { h.end(p, func() { p.client.Close() }) }

// kill ends a person's process.
func (h *history) kill(p *person) { h.end(p, func() { p.client.kill() }) }

func (h *history) end(p *person, how func()) {
	p.stopped = false
	if p.dials != nil {
		p.dials.cancel()
		p.client = <-p.dials.done
		p.dials = nil
	}
	if p.client != nil {
		how()
		p.client, p.wish, p.left = nil, false, append(p.left, time.Now())
	}
}

// endClients ends the clients that are left when a history has failed, those that stand still or are being started
// too. Otherwise the bubble would panic, and the panic would hide the failure.
func (h *history) endClients() {
	for _, p := range h.people {
		h.quit(p)
	}
	h.players = nil
}

// reads returns what a person reads.
func (p *person) reads() string {
	if p.client == nil {
		return "(no client) " + p.failed
	}
	v := &p.client.view
	return fmt.Sprintf("%s, %s: %s | match %s seat %d game %v names %q presence %v", v.Stage, v.Reason,
		front.Notice(v), v.Match, v.Me, v.Score, v.Names, v.Presence)
}

// A step is something that happens to one person, or to the server. The first word of its note is the person's name.
func (h *history) step() {
	p := h.people[h.random.IntN(len(h.people))]
	d := time.Second/4 + h.upTo(12*time.Second)
	switch h.random.IntN(24) {
	case 0:
		d = 45*time.Second + h.upTo(12*time.Second) // the seat is kept
	case 1:
		d = 60*time.Second + h.upTo(100*time.Millisecond) - 50*time.Millisecond // it is freed in this tick, or is not
	}
	p.trouble += d + 3*time.Second // to notice and to reconnect
	up, down := h.up, h.down
	lost := netsim.Profile{Loss: 1}
	switch h.random.IntN(12) {
	case 0:
		h.note("%s loses UDP in both directions for %v", p.name, d)
		h.udp(p, lost, lost, d)
	case 1:
		h.note("%s loses UDP to the server for %v", p.name, d)
		h.udp(p, lost, down, d)
	case 2:
		h.note("%s loses UDP from the server for %v", p.name, d)
		h.udp(p, up, lost, d)
	case 3:
		bad := netsim.Profile{Delay: h.upTo(400 * time.Millisecond), Jitter: 20 * time.Millisecond, Loss: 0.3, Burst: 3}
		h.note("%s has a UDP path with a delay of %v and 30 %% of loss for %v", p.name, bad.Delay, d)
		h.udp(p, bad, bad, d)
	case 4:
		h.note("%s has a control channel that carries nothing for %v", p.name, d)
		h.hold(p, d)
	case 5:
		h.note("%s loses both channels for %v", p.name, d)
		h.udp(p, lost, lost, d)
		h.hold(p, d)
	case 6:
		h.note("%s has a control channel that is reset", p.name)
		h.net.Reset(p.ip)
	case 7:
		h.note("%s gets another address", p.name)
		h.net.Abandon(p.ip)
	case 8:
		d /= 4
		h.note("%s leaves, and comes back after %v", p.name, d)
		h.away(p, d, h.quit)
	case 9:
		d /= 4
		h.note("%s has a process that is killed, and starts it after %v", p.name, d)
		h.away(p, d, h.kill)
	case 10:
		h.note("%s has a process that stands still for %v", p.name, d)
		p.stopped = true
		h.after(d, func() { p.stopped = false })
	case 11:
		d /= 4
		h.note("server stands still for %v", d)
		h.stopServer(d)
	}
}

// udp changes a person's UDP path for a time.
func (h *history) udp(p *person, up, down netsim.Profile, d time.Duration) {
	h.net.SetHost(p.ip, up, down)
	h.after(d, func() { h.net.SetHost(p.ip, h.up, h.down) })
}

// hold has a person's control channel carry nothing for a time.
func (h *history) hold(p *person, d time.Duration) {
	p.held++
	h.net.HoldStreams(p.ip, true)
	h.after(d, func() {
		p.held--
		h.net.HoldStreams(p.ip, p.held > 0)
	})
}

// stopServer has the server stand still for a time: nothing arrives on its control channels, and its shard waits.
func (h *history) stopServer(d time.Duration) {
	for _, p := range h.people {
		p.trouble += d
		h.hold(p, d+100*time.Millisecond) // a JOIN would wait with a mutex, and the bubble would stand still
	}
	h.stopped.Store(max(h.stopped.Load(), time.Now().Add(d).UnixNano()))
}

// away ends a person's client for a time.
func (h *history) away(p *person, d time.Duration, end func(*person)) {
	p.wants = false
	end(p)
	h.after(d, func() { p.wants = true })
}

// rest ends all faults.
func (h *history) rest() {
	if wait := time.Until(time.Unix(0, h.stopped.Load())); wait > 0 {
		h.live(wait + 200*time.Millisecond)
	}
	h.note("all faults end")
	h.scheduled = nil
	for _, p := range h.people {
		h.net.SetHost(p.ip, h.up, h.down)
		h.net.HoldStreams(p.ip, false)
		p.wants, p.stopped, p.held = true, false, 0
	}
}
