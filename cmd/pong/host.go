package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/rooms"
	"pong/internal/trust"
)

// startReady is the value of --start by which a match begins when both players say that they are ready.
const startReady = "ready"

// hostFlags are the flags of pong host.
type hostFlags struct {
	serve             serveFlags // of which some are used
	room, name, start string
	record            string
	hidden            bool // from others in the same network
	checkAt           string
	mapPorts          string
	tty, verbose      bool
}

// newHostFlags returns the defaults. The flags of pong serve that pong host does not have keep those of pong serve.
func newHostFlags() *hostFlags {
	f := &hostFlags{start: startReady, mapPorts: routerAsk}
	f.serve.add(&cobra.Command{})
	return f
}

func newHost() *cobra.Command {
	f := newHostFlags()
	cmd := &cobra.Command{
		Use:   "host",
		Short: "Play with a friend, on a server in this program",
		Long: `Play with a friend without another server: start one in this program, take a seat at it, and show the
link to send. The friend runs "pong play LINK". The match begins when both of you say that you are ready.

The server has one room, whose code is in the link, and nothing else. It ends when you leave. If the
program is killed, start it again within a minute: the match goes on with the same score.

For a friend outside your network, your router must pass TCP port 5555 and UDP port 5556 on to this
machine. The program asks it to do so if you agree (see --map-ports). If it does not, set it up by hand,
and name its address with --advertise, so that the link has it, too.`,
		Example: `  pong host                                show a link, wait for a friend, play
  pong host --tty                          in the terminal
  pong host --advertise 203.0.113.7        the friend is elsewhere; the router passes the ports on`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.name, "name", "", "your name, as the friend sees it; remembered")
	fl.StringVar(&f.room, "room", "", "the code of the room (default a new one that nobody can guess)")
	fl.StringVar(&f.start, "start", startReady,
		"how a match begins: ready (both players say so) or auto (a few seconds after both have come)")
	fl.StringVar(&f.serve.advertiseAs, "advertise", "",
		"HOST[:PORT[:UDPPORT]] by which the friend reaches this machine from outside; see pong serve --help")
	fl.StringVar(&f.serve.listen, "listen", "", "host or address to listen on (default all)")
	fl.IntVar(&f.serve.controlPort, "control-port", 5555, "TCP port; 0 chooses a free one")
	fl.IntVar(&f.serve.gamePort, "game-port", 5556, "UDP port; 0 chooses a free one")
	fl.IntVar(&f.serve.points, "points", 11, "points that win a game; 0 plays without end")
	fl.StringVar(&f.record, "record", "", "file to record the game to, for pong replay; further games get a number")
	fl.StringVar(&f.checkAt, "check-at", "",
		"link or address of a pong server that you know, to ask once whether it reaches this machine from outside")
	fl.StringVar(&f.mapPorts, "map-ports", routerAsk,
		"whether the router is asked to pass the ports on while you host: yes, no, or ask (when you have agreed)")
	addNoDiscovery(cmd, &f.hidden)
	f.serve.certs.add(cmd, "folder of the server's identity, created on the first run")
	fl.BoolVar(&f.tty, "tty", false, "play in the terminal instead of a window")
	addVerbose(cmd, &f.verbose)
	return cmd
}

func (f *hostFlags) run(cmd *cobra.Command) error {
	h, err := f.host(cmd)
	if err != nil {
		return err
	}
	join := joinFlags{name: f.name, record: f.record}
	cfg, err := join.config(cmd, nil)
	if err != nil {
		return err
	}
	defer join.close()
	s := newScreen(dial.Config{
		Name: cfg.Name, PinFile: cfg.PinFile, SeatDir: cfg.SeatDir, Confirmed: cfg.Confirmed,
	}, front.Want{}, 0)
	s.flow.SaveReplay = join.recording.save
	s.flow.Want = front.Want{Kind: front.Host, Name: cfg.Name, Room: f.room}
	s.flow.Host, s.tty, s.verbose = h.start, f.tty, f.verbose
	if f.hidden {
		s.flow.Nearby = nil
	}
	err = s.play(cmd.Context())
	if errors.Is(err, errNoScreen) {
		err = fmt.Errorf("%w: run pong host on a desktop or in a terminal, or pong serve without either", err)
	}
	return err
}

// host checks the flags and returns what starts the server.
func (f *hostFlags) host(cmd *cobra.Command) (*host, error) {
	s := &f.serve
	s.start, s.maxPlayers = startAuto, hostPlayers
	if f.start != startReady && f.start != startAuto {
		return nil, usage(cmd, "--start %q: must be ready or auto", f.start)
	}
	rules, err := s.check(cmd, false)
	if err != nil {
		return nil, err
	}
	switch {
	case f.mapPorts != routerYes && f.mapPorts != routerNo && f.mapPorts != routerAsk:
		return nil, usage(cmd, "--map-ports %q: must be yes, no or ask", f.mapPorts)
	case s.advertise.host == "" && !isLocal(s.listen):
	case f.mapPorts == routerYes:
		return nil, usage(cmd, "--map-ports yes: %s", noRouter)
	default:
		f.mapPorts = routerNo
	}
	if f.checkAt != "" {
		f.checkAt = trust.FindAddress(f.checkAt)
		if _, err := trust.ParseAddress(f.checkAt, trust.DefaultPort); err != nil {
			return nil, usage(cmd, "--check-at: %w", err)
		}
	}
	if f.room != "" {
		f.room = rooms.Clean(f.room)
		if err := rooms.Check(f.room); err != nil {
			return nil, usage(cmd, "--room: %w", err)
		}
	}
	chosen := cmd.Flags().Changed("control-port") || cmd.Flags().Changed("game-port")
	return &host{
		listen: s.listen, ports: ports{s.controlPort, s.gamePort}, fixed: chosen || s.advertise.host != "",
		advertise: s.advertise, auto: f.start == startAuto, rules: rules, certs: s.certs.dir,
		hidden: f.hidden, checkAt: f.checkAt, mapPorts: f.mapPorts, router: startMapper,
	}, nil
}
