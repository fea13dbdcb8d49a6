package main

import (
	"github.com/spf13/cobra"

	"pong/internal/front"
	"pong/internal/trust"
)

func newOpen() *cobra.Command {
	var tty, hidden bool
	cmd := &cobra.Command{
		Use:   "open LINK",
		Short: "Show a join link and ask before joining; for programs that pass on a click",
		Long: `Show the page on which you enter a server's address, with a join link filled in. Nothing is dialled
before you press Enter. A browser or another program that passes on a click on a pong:// link calls this
command: any page can contain such a link, and must not make you join. A person types "pong play LINK"
instead.`,
		Example: `  pong open "pong://192.168.1.20:5555/#k=..."`,
		Args:    exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			link, err := trust.ParseJoinLink(trust.FindAddress(args[0]))
			if err != nil {
				return usage(cmd, "%w", err)
			}
			cfg, err := new(joinFlags).config(cmd, nil)
			if err != nil {
				return err
			}
			s := newScreen(cfg, front.Want{}, 0)
			if s.flow.Offered, s.tty = link.String(), tty; hidden {
				s.hide()
			}
			return s.play(cmd.Context())
		},
	}
	addNoDiscovery(cmd, &hidden)
	cmd.Flags().BoolVar(&tty, "tty", false, "ask in the terminal instead of a window")
	return cmd
}
