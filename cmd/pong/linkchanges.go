package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"

	"pong/internal/crash"
	"pong/netcode/netsim"
)

// maxLinkFile bounds what is read of a file with changes.
const maxLinkFile = 4096

// A linkChange returns a link as a person wants it, given what it is now.
type linkChange func(from simulatedLink) (simulatedLink, error)

// linkChanges returns the changes that a person makes to a link while it runs: the lines that are typed, and the file,
// if there is one, at each SIGHUP.
func linkChanges(ctx context.Context, in io.Reader, file string) <-chan linkChange {
	changes := make(chan linkChange)
	send := func(c linkChange) {
		select {
		case changes <- c:
		case <-ctx.Done():
		}
	}
	go crash.Guarded(func() {
		for lines := bufio.NewScanner(in); lines.Scan(); {
			if text := strings.TrimSpace(lines.Text()); text != "" {
				send(func(from simulatedLink) (simulatedLink, error) { return parseSimulatedLink(text, from) })
			}
		}
	})()
	if file == "" {
		return changes
	}
	signal.Ignore(sigHangup) // removes it from the context of interruptContext
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, sigHangup)
	go crash.Guarded(func() {
		defer signal.Stop(hangups)
		for {
			select {
			case <-ctx.Done():
				return
			case <-hangups:
				send(func(from simulatedLink) (simulatedLink, error) { return readLink(file, from) })
			}
		}
	})()
	return changes
}

// carryOut changes a relay, and returns what to print.
func (change linkChange) carryOut(relay *netsim.Relay) string {
	var l simulatedLink
	l.up, l.down = relay.Profiles()
	l, err := change(l)
	if err != nil {
		return "Nothing is changed: " + oneLine(err.Error())
	}
	relay.Set(l.up, l.down)
	return l.String()
}

// readLink reads a file with a line of changes.
func readLink(path string, from simulatedLink) (simulatedLink, error) {
	file, err := os.Open(path)
	if err != nil {
		return from, err
	}
	defer file.Close()
	b, err := io.ReadAll(io.LimitReader(file, maxLinkFile+1))
	if err != nil {
		return from, err
	}
	if len(b) > maxLinkFile {
		return from, fmt.Errorf("%s is too long: it must be a line such as delay=50ms,loss=5%%", path)
	}
	return parseSimulatedLink(strings.Join(strings.Fields(string(b)), " "), from)
}

// String describes a link in a line.
func (l simulatedLink) String() string {
	if l.up == l.down {
		return "Both directions: " + describe(l.up)
	}
	return "Up: " + describe(l.up) + "; down: " + describe(l.down)
}

// describe returns the figures of a profile that are not zero.
func describe(p netsim.Profile) string {
	var figures []string
	add := func(name, value string, is bool) {
		if is {
			figures = append(figures, name+"="+value)
		}
	}
	share := func(x float64) string { s := percent(x); return s.String() }
	duration := func(name string, d time.Duration) { add(name, d.String(), d != 0) }
	duration("delay", p.Delay)
	duration("jitter", p.Jitter)
	add("loss", share(p.Loss), p.Loss != 0)
	add("burst", strconv.FormatFloat(p.Burst, 'g', -1, 64), p.Burst != 0)
	duration("pace", p.Pace)
	add("stalls", share(p.Spike)+" up to "+p.SpikeDelay.String(), p.Spike != 0)
	add("reorder", share(p.Reorder), p.Reorder != 0)
	add("duplicate", share(p.Duplicate), p.Duplicate != 0)
	add("corrupt", share(p.Corrupt), p.Corrupt != 0)
	add("rate", strconv.FormatInt(p.Rate, 10), p.Rate != 0)
	add("outage", p.OutageEvery.String()+","+p.OutageFor.String(), p.OutageFor != 0)
	if len(figures) == 0 {
		return "a perfect network"
	}
	return strings.Join(figures, " ")
}
