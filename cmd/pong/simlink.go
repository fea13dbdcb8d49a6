package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pong/internal/dial"
	"pong/internal/lab"
	"pong/internal/panel"
	"pong/netcode/netsim"
)

// A simulatedLink is the two directions of a link that is simulated, and the value of --link: the name of a network of
// the laboratory, figures such as delay=50ms,loss=5%, or both. Figures that begin with up- or down- are for one
// direction.
type simulatedLink struct{ up, down netsim.Profile }

// parseSimulatedLink parses such a text. Figures that it does not name stay as they are in from.
func parseSimulatedLink(text string, from simulatedLink) (simulatedLink, error) {
	l := from
	if strings.TrimSpace(text) == "none" {
		return simulatedLink{}, nil
	}
	for i, field := range fieldsOf(text) {
		name, value, ok := strings.Cut(field, "=")
		if !ok {
			if i > 0 {
				return from, fmt.Errorf("%q: the name of a network comes first; figures look like delay=50ms", field)
			}
			named, err := namedLink(field)
			if err != nil {
				return from, err
			}
			l = named
			continue
		}
		if err := l.set(strings.TrimSpace(name), strings.TrimSpace(value)); err != nil {
			return from, fmt.Errorf("%s: %w", field, err)
		}
	}
	if err := errors.Join(l.up.Validate(), l.down.Validate()); err != nil {
		return from, err
	}
	return l, nil
}

// fieldsOf returns the fields of a text, which commas or spaces separate. The comma of an outage separates none.
func fieldsOf(text string) (fields []string) {
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
		last := len(fields) - 1
		if !strings.Contains(part, "=") && last >= 0 && strings.Contains(fields[last], "outage=") {
			fields[last] += "," + part
			continue
		}
		fields = append(fields, part)
	}
	return fields
}

// set sets a figure of one direction, or of both.
func (l *simulatedLink) set(name, value string) error {
	// The flags of pong link have the same names and values.
	fl := pflag.NewFlagSet("", pflag.ContinueOnError)
	one := netsim.Profile{}
	profileFlags(fl, "", &one, "")
	plain := strings.TrimPrefix(strings.TrimPrefix(name, "up-"), "down-")
	if fl.Lookup(plain) == nil {
		return errors.New("unknown figure: choose delay, jitter, loss, burst, pace, reorder, duplicate, corrupt, " +
			"rate or outage, for one direction with up- or down-")
	}
	if err := fl.Set(plain, value); err != nil {
		if inner := errors.Unwrap(err); inner != nil {
			err = inner
		}
		return err
	}
	if !strings.HasPrefix(name, "down-") {
		l.up = merge(fl, "", l.up, one)
	}
	if !strings.HasPrefix(name, "up-") {
		l.down = merge(fl, "", l.down, one)
	}
	return nil
}

// namedLink returns the link of a network of the laboratory, that of its second player where they differ. Networks that
// do more to a player than a link can do are refused.
func namedLink(name string) (simulatedLink, error) {
	var known []string
	for _, p := range lab.Profiles() {
		link, ok := linkOf(p)
		if !ok {
			continue
		}
		known = append(known, p.Name)
		if strings.EqualFold(p.Name, name) {
			return link, nil
		}
	}
	return simulatedLink{}, fmt.Errorf("unknown network %q: choose %s, or figures such as delay=50ms,loss=5%%", name,
		strings.Join(known, ", "))
}

// linkOf returns the link of a network of the laboratory. ok is false if the network is more than a link.
func linkOf(p lab.Profile) (l simulatedLink, ok bool) {
	l = simulatedLink{p.Up[1], p.Down[1]}
	cut := time.Duration(-1)
	for _, act := range p.Acts {
		switch {
		case act.Kind != lab.Cut && act.Kind != lab.Heal:
			return l, false
		case act.Seat == 1 && act.Kind == lab.Cut:
			cut = act.At
		case act.Seat == 1:
			for _, way := range []*netsim.Profile{&l.up, &l.down} {
				way.OutageEvery, way.OutageFor = p.Cycle, act.At-cut
			}
		}
	}
	return l, true
}

// changeable has a Config dial over a network that the person can change while playing: that of --link, or one that is
// perfect at first. It returns the Transport of the Config, and another network for a bot to practise against.
func changeable(cfg *dial.Config) (you dial.Simulated, bot *dial.Network) {
	you, ok := cfg.Transport.(dial.Simulated)
	if !ok {
		if you.Transport = cfg.Transport; you.Transport == nil {
			you.Transport = dial.System{}
		}
		you.Network = dial.NewNetwork(netsim.Profile{}, netsim.Profile{}, 1)
		cfg.Transport = you
	}
	return you, dial.NewNetwork(netsim.Profile{}, netsim.Profile{}, 2)
}

// knownNetworks returns the networks of the laboratory that are links.
func knownNetworks() (known []panel.Named) {
	for _, p := range lab.Profiles() {
		if l, ok := linkOf(p); ok {
			known = append(known, panel.Named{Name: p.Name, Title: p.Title, Link: panel.Link{Up: l.up, Down: l.down}})
		}
	}
	return known
}

// linkFlag adds the flag --link.
func linkFlag(cmd *cobra.Command, text *string) {
	cmd.Flags().StringVar(text, "link", "",
		"simulate a bad network for this player: L0 to L15 of the laboratory, or figures such as delay=50ms,loss=5%")
}

// simulate has a Config dial over a simulated link, if one is wanted.
func simulate(cmd *cobra.Command, text string, cfg *dial.Config) error {
	if text == "" {
		return nil
	}
	link, err := parseSimulatedLink(text, simulatedLink{})
	if err != nil {
		return usage(cmd, "--link: %w", err)
	}
	below := cfg.Transport
	if below == nil {
		below = dial.System{}
	}
	cfg.Transport = dial.Simulated{Transport: below, Network: dial.NewNetwork(link.up, link.down, 1)}
	return nil
}
