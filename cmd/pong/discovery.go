package main

import (
	"context"
	"net/netip"

	"github.com/spf13/cobra"

	"pong/internal/front"
	"pong/internal/nearby"
	"pong/internal/server"
)

// addNoDiscovery adds the flag that keeps a command from asking or answering in the network.
func addNoDiscovery(cmd *cobra.Command, off *bool) {
	cmd.Flags().BoolVar(off, "no-discovery", false, "neither look for games in the same network nor be found there")
}

// gamesNearby returns the games in the same network.
func gamesNearby(ctx context.Context) ([]front.NearbyGame, error) {
	found, err := nearby.Ask(ctx)
	var games []front.NearbyGame
	for _, g := range found {
		games = append(games, front.NearbyGame{
			Name: g.Name, Address: g.Address.String(), Players: g.Players, Room: g.Room,
		})
	}
	return games, err
}

// isLocal reports whether a server that listens on a host can be reached from this machine alone.
func isLocal(listen string) bool {
	ip, err := netip.ParseAddr(listen)
	return listen == "localhost" || err == nil && ip.IsLoopback()
}

// beFound has a server be found by others in the same network, until stop is called. If the system does not let it,
// they have to type the address, and err is why.
func beFound(name string, room bool, control int, monitor *server.Monitor) (stop func(), err error) {
	return nearby.Answer(func() nearby.Game {
		snap := monitor.Look(0, 0)
		return nearby.Game{
			Name: name, Address: netip.AddrPortFrom(netip.Addr{}, uint16(control)), Room: room,
			Players: snap.Sum().Counts.Players,
		}
	})
}
