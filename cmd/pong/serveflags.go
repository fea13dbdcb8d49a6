package main

import (
	"net/netip"

	"github.com/spf13/cobra"

	"pong/internal/game"
	"pong/internal/wire"
)

// maxShards is more than any machine can use.
const maxShards = 256

// check refuses invalid flags, and sets --start if it was not given: operator if a person can press Enter, else auto.
func (f *serveFlags) check(cmd *cobra.Command, interactive bool) (rules game.Rules, err error) {
	if f.start == "" {
		f.start = startAuto
		if interactive {
			f.start = startOperator
		}
	}
	switch {
	case f.start != startOperator && f.start != startAuto:
		return rules, usage(cmd, "--start %q: must be operator or auto", f.start)
	case f.log != "text" && f.log != "json":
		return rules, usage(cmd, "--log %q: must be text or json", f.log)
	case logAddresses[f.logAddrs] == nil:
		return rules, usage(cmd, "--log-addresses %q: must be full, prefix or none", f.logAddrs)
	}
	if err := f.certs.check(cmd); err != nil {
		return rules, err
	}
	if err := f.admin.check(cmd); err != nil {
		return rules, err
	}
	if err := f.replays.check(cmd); err != nil {
		return rules, err
	}
	if f.shards < 1 || f.shards > maxShards {
		return rules, usage(cmd, "--shards %d: must be from 1 to %d", f.shards, maxShards)
	}
	if last := f.gamePort + f.shards - 1; f.gamePort != 0 && last > 65535 {
		return rules, usage(cmd, "--game-port %d with --shards %d: the last port would be %d, above 65535", f.gamePort,
			f.shards, last)
	}
	for _, port := range []int{f.controlPort, f.gamePort} {
		if port < 0 || port > 65535 {
			return rules, usage(cmd, "port %d: must be from 1 to 65535, or 0 for a free port", port)
		}
	}
	if err := wire.CheckStateRate(f.stateRate); err != nil {
		return rules, usage(cmd, "--state-rate: %w", err)
	}
	if f.fair, err = wire.ParseFairness(f.fairness); err != nil {
		return rules, usage(cmd, "--fairness: %w", err)
	}
	switch {
	case f.maxPlayers < 2:
		return rules, usage(cmd, "--max-players %d: must be at least 2", f.maxPlayers)
	case f.maxPerAddr < 0:
		return rules, usage(cmd, "--max-per-address %d: must be at least 1, or 0 for no limit", f.maxPerAddr)
	}
	if f.listen != "" {
		if f.listen, err = parseHost(f.listen); err != nil {
			return rules, usage(cmd, "--listen: %w", err)
		}
	}
	if f.advertiseAs != "" {
		if f.advertise, err = parseAdvertised(f.advertiseAs); err != nil {
			return rules, usage(cmd, "--advertise %q: %w", f.advertiseAs, err)
		}
		if err := f.advertise.check(f.shards); err != nil {
			return rules, usage(cmd, "--advertise %q: %w", f.advertiseAs, err)
		}
	}
	if f.mapPorts && (f.advertiseAs != "" || isLocal(f.listen)) {
		return rules, usage(cmd, "--map-ports: %s", noRouter)
	}
	if f.hostKeys, err = hostKeys(f.tickets); err != nil {
		return rules, usage(cmd, "--tickets %w", err)
	}
	if err := f.cluster.check(cmd); err != nil {
		return rules, err
	}
	if err := f.acme.check(cmd); err != nil {
		return rules, err
	}
	return parseRules(cmd, f.rules, f.points)
}

// logAddresses have, for each value of --log-addresses, what the log shows of an address.
var logAddresses = map[string]func(netip.Addr) string{
	"full":   netip.Addr.String,
	"prefix": networkOf,
	"none":   func(netip.Addr) string { return "" },
}

// networkOf returns the network of an address, by which a person cannot be found: its IPv4 /24 or IPv6 /48.
func networkOf(a netip.Addr) string {
	bits := 48
	if a.Is4() {
		bits = 24
	}
	p, err := a.WithZone("").Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}

// perAddress returns the value of --max-per-address for a server.Config.
func (f *serveFlags) perAddress() int {
	if f.maxPerAddr == 0 {
		return -1
	}
	return f.maxPerAddr
}

// parseRules returns the rules of a game by their name and the points that win it.
func parseRules(cmd *cobra.Command, name string, points int) (game.Rules, error) {
	rules, err := game.ParseRules(name)
	if err != nil {
		return rules, usage(cmd, "--rules: %w", err)
	}
	if points < 0 || points > 1000 {
		return rules, usage(cmd, "--points %d: must be from 1 to 1000, or 0 for a game without end", points)
	}
	rules.Points = uint16(points)
	return rules, nil
}
