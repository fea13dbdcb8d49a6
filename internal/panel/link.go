package panel

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"pong/netcode/netsim"
)

// A way is a direction of a link, or both.
type way uint8

const (
	bothWays way = iota
	upward
	downward
)

var wayNames = []string{"both", "up", "down"}

// A slider is a figure of a link.
type slider struct {
	label string
	steps int // from 0
	get   func(p *netsim.Profile) float64
	set   func(p *netsim.Profile, step int)
	text  func(p *netsim.Profile) string
}

// The sizes of the steps.
const (
	delayStep  = 5 * time.Millisecond
	jitterStep = time.Millisecond
	shareStep  = 0.01
)

// rates are the rates of the slider in bits per second, the first one without a limit.
var rates = []int64{0, 512_000, 256_000, 128_000, 64_000, 48_000, 32_000, 24_000, 16_000}

// sliders are the figures of a link, in order.
var sliders = []slider{
	duration("delay", delayStep, 100, func(p *netsim.Profile) *time.Duration { return &p.Delay }),
	duration("jitter", jitterStep, 100, func(p *netsim.Profile) *time.Duration { return &p.Jitter }),
	share("loss", 100, func(p *netsim.Profile) *float64 { return &p.Loss }),
	{
		label: "burst", steps: 18,
		get: func(p *netsim.Profile) float64 { return max(p.Burst-1, 0) * 2 },
		set: func(p *netsim.Profile, step int) { p.Burst = 1 + float64(step)/2 },
		text: func(p *netsim.Profile) string {
			if p.Burst <= 1 {
				return "single"
			}
			return fmt.Sprintf("%.3g long", p.Burst)
		},
	},
	share("reorder", 50, func(p *netsim.Profile) *float64 { return &p.Reorder }),
	share("duplicate", 50, func(p *netsim.Profile) *float64 { return &p.Duplicate }),
	{
		label: "rate", steps: len(rates) - 1,
		get: func(p *netsim.Profile) float64 {
			for i, r := range rates {
				if i > 0 && p.Rate >= r || r == p.Rate {
					return float64(i)
				}
			}
			return float64(len(rates) - 1)
		},
		set: func(p *netsim.Profile, step int) { p.Rate = rates[step] },
		text: func(p *netsim.Profile) string {
			if p.Rate == 0 {
				return "none"
			}
			return fmt.Sprintf("%.4g kbit/s", float64(p.Rate)/1000)
		},
	},
}

func duration(label string, step time.Duration, steps int, of func(*netsim.Profile) *time.Duration) slider {
	return slider{
		label: label, steps: steps,
		get:  func(p *netsim.Profile) float64 { return float64(*of(p)) / float64(step) },
		set:  func(p *netsim.Profile, n int) { *of(p) = time.Duration(n) * step },
		text: func(p *netsim.Profile) string { return fmt.Sprintf("%.3g ms", float64(*of(p))/1e6) },
	}
}

func share(label string, steps int, of func(*netsim.Profile) *float64) slider {
	return slider{
		label: label, steps: steps,
		get:  func(p *netsim.Profile) float64 { return *of(p) / shareStep },
		set:  func(p *netsim.Profile, n int) { *of(p) = float64(n) / 100 },
		text: func(p *netsim.Profile) string { return fmt.Sprintf("%.3g %%", *of(p)*100) },
	}
}

// network returns the network of the bot, or the person's.
func (p *Panel) network(bot bool) Network {
	if bot {
		return p.cfg.Bot
	}
	return p.cfg.You
}

// about returns the index of the network that the rows are about.
func (p *Panel) about() int {
	if p.bot {
		return 1
	}
	return 0
}

// link returns the link that the rows are about, as it is apart from an outage.
func (p *Panel) link() Link {
	if o := &p.outages[p.about()]; !o.end.IsZero() {
		return o.then
	}
	var l Link
	l.Up, l.Down = p.network(p.bot).Profiles()
	return l
}

// setLink changes the link that the rows are about. An impossible one changes nothing but the note.
func (p *Panel) setLink(now time.Time, l Link, note string) {
	if err := errors.Join(l.Up.Validate(), l.Down.Validate()); err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		p.say(now, "Nothing is changed: "+first+".")
		return
	}
	p.say(now, note)
	if o := &p.outages[p.about()]; !o.end.IsZero() {
		o.then = l
		return
	}
	p.network(p.bot).Set(l.Up, l.Down)
}

// networkRows returns the rows about the network.
func (p *Panel) networkRows() []Row {
	if p.cfg.You == nil {
		return nil
	}
	l := p.link()
	var rows []Row
	if p.cfg.Bot != nil && p.practice {
		rows = append(rows, p.whoseRow())
	}
	rows = append(rows, p.knownRow(l), p.wayRow())
	for i := range sliders {
		rows = append(rows, p.sliderRow(l, &sliders[i]))
	}
	rows = append(rows, p.outageRow())
	rows[0].Section = "Network"
	return rows
}

// choiceRow returns a Choice that calls choose with an option.
func choiceRow(label string, options []string, chosen int, choose func(now time.Time, i int)) Row {
	r := Row{Kind: Choice, Label: label, Options: options, Chosen: chosen}
	if chosen >= 0 {
		r.Value = options[chosen]
	}
	r.turn = func(now time.Time, by int) { choose(now, min(max(chosen+by, 0), len(options)-1)) }
	r.click = func(now time.Time, part float64) { choose(now, optionAt(part, len(options))) }
	return r
}

func (p *Panel) whoseRow() Row {
	return choiceRow("whose", []string{"yours", "the bot's"}, p.about(), func(_ time.Time, i int) { p.bot = i == 1 })
}

func (p *Panel) wayRow() Row {
	return choiceRow("direction", wayNames, int(p.way), func(_ time.Time, i int) { p.way = way(i) })
}

// knownRow returns the choice of a network of the laboratory. A click on its right half turns to the next one.
func (p *Panel) knownRow(l Link) Row {
	r := Row{Kind: Choice, Label: "network", Value: "your own", Chosen: -1}
	if l == (Link{}) {
		r.Value = "as it is"
	}
	for i, k := range p.cfg.Known {
		if k.Link == l {
			r.Chosen, r.Value = i, k.Name+" "+k.Title
		}
	}
	at := r.Chosen
	r.turn = func(now time.Time, by int) {
		switch to := at + by; {
		case to < 0 || len(p.cfg.Known) == 0:
			p.setLink(now, Link{}, "No network is simulated: datagrams meet the real one alone.")
		default:
			k := p.cfg.Known[min(to, len(p.cfg.Known)-1)]
			p.setLink(now, k.Link, aboutNetwork(k))
		}
	}
	r.click = func(now time.Time, part float64) {
		if part < 0.5 {
			r.turn(now, -1)
		} else {
			r.turn(now, 1)
		}
	}
	return r
}

// sliderRow returns the row of a figure. If the two directions differ, it shows that of the way up.
func (p *Panel) sliderRow(l Link, s *slider) Row {
	shown := &l.Up
	if p.way == downward {
		shown = &l.Down
	}
	r := Row{Kind: Slider, Label: s.label, Value: s.text(shown), Part: min(s.get(shown)/float64(s.steps), 1)}
	if p.way == bothWays && s.get(&l.Up) != s.get(&l.Down) {
		r.Value += ", " + s.text(&l.Down)
	}
	to := func(now time.Time, step int) {
		step = min(max(step, 0), s.steps)
		if p.way != downward {
			s.set(&l.Up, step)
		}
		if p.way != upward {
			s.set(&l.Down, step)
		}
		p.setLink(now, l, aboutSlider(s, p.way, shown))
	}
	r.turn = func(now time.Time, by int) { to(now, int(math.Round(s.get(shown)))+by) }
	r.click = func(now time.Time, part float64) { to(now, int(math.Round(part*float64(s.steps)))) }
	return r
}

// outageTimes are the lengths of the outages that a person can cause.
var outageTimes = []time.Duration{time.Second, 5 * time.Second}

// outageRow returns the buttons that cut the link for a while.
func (p *Panel) outageRow() Row {
	r := Row{Kind: Buttons, Label: "outage", Options: []string{"1 s", "5 s"}, Chosen: -1}
	if !p.outages[p.about()].end.IsZero() {
		r.Value = "cut off"
	}
	cut := func(now time.Time, i int) {
		o := &p.outages[p.about()]
		o.then, o.end = p.link(), now.Add(outageTimes[i])
		nothing := netsim.Profile{Loss: 1}
		p.network(p.bot).Set(nothing, nothing)
		p.say(now, fmt.Sprintf("Nothing passes for %.0f s. Watch what goes on without news, and the jump at the end.",
			outageTimes[i].Seconds()))
	}
	r.turn = func(now time.Time, by int) { cut(now, min(max(by, 0), 1)) }
	r.click = func(now time.Time, part float64) { cut(now, optionAt(part, len(outageTimes))) }
	return r
}
