package main

import (
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/spf13/cobra"

	"pong/internal/front"
	"pong/internal/trust"
)

func newTrust() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "trust",
		Short: "List and forget known servers, or rotate a server's identity",
		Long: `A server is known by the fingerprint of its identity. A player's program remembers the fingerprint that
was accepted for an address and refuses any other: "list" shows what it remembers, and "forget" removes
a server.

An operator gives a server a new identity with "rotate". The old identity vouches for it, so players
follow automatically.`,
		Example: `  pong trust list                          the servers that you have accepted
  pong trust forget 192.168.1.20           be asked again about the server at this address
  pong trust rotate                        on the server: a new identity that players follow`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newTrustList(), newTrustForget(), newTrustRotate())
	return cmd
}

// knownServers returns the user's pins.
func knownServers() (*trust.Pins, error) {
	path, err := trust.DefaultPinFile()
	if err != nil {
		return nil, fmt.Errorf("%w: there is nowhere to remember servers, so you are asked about each unknown server",
			err)
	}
	return trust.NewPins(path), nil
}

func newTrustList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the servers that you have accepted",
		Long: `List the servers that you have accepted, with the address, the date, and the fingerprint of the server's
identity as the server prints it. The first line names the file.`,
		Example: `  pong trust list
  pong trust list | grep -A 1 192.168.1.20`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			pins, err := knownServers()
			if err != nil {
				return err
			}
			return listPins(cmd.OutOrStdout(), pins)
		},
	}
}

// listPins prints the known servers, two lines each, because a fingerprint fills a line.
func listPins(out io.Writer, pins *trust.Pins) error {
	all, err := pins.List()
	if err != nil {
		return err
	}
	if len(all) == 0 {
		fmt.Fprintf(out, "No server is known yet. Servers that you accept will be listed in %s\n", pins.Path())
		return nil
	}
	fmt.Fprintf(out, "Known servers, in %s\n", pins.Path())
	for _, pin := range all {
		fmt.Fprintf(out, "\n%s  since %s\n  %s\n", pin.Address, pin.Date.Format("2006-01-02"), pin.Key)
	}
	return nil
}

func newTrustForget() *cobra.Command {
	return &cobra.Command{
		Use:   "forget HOST[:PORT]",
		Short: "Forget a server, so that another identity can be accepted",
		Long: `Forget the identity of the server at an address. The next time you join there, pong shows the
fingerprint and asks, as it did the first time. The server is no longer listed where pong asks for an
address.

Use this when pong says that the identity of a server has changed. The server may have been reinstalled,
or someone may be intercepting the connection. First compare the fingerprint that pong found with the
one that the server prints when it starts, for example by telephone. The default port is 5555.`,
		Example: `  pong trust forget 192.168.1.20
  pong trust forget pong.example.org:7000
  pong trust forget "[2001:db8::1]:5555"`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(cmd, "one address is required, not %d: pong trust list shows the known ones", len(args))
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return knownAddresses(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			link, err := trust.ParseAddress(trust.FindAddress(args[0]), trust.DefaultPort)
			if err != nil {
				return usage(cmd, "%w", err)
			}
			pins, err := knownServers()
			if err != nil {
				return err
			}
			used, err := front.DefaultStore().ForgetServer(link.Address)
			if err != nil {
				return err
			}
			return forgetPin(cmd.OutOrStdout(), pins, link, used)
		},
	}
}

// forgetPin removes a pin. It is an error if there is none, so that a mistyped address is not taken for forgotten,
// unless the address was removed from the servers that were used.
func forgetPin(out io.Writer, pins *trust.Pins, link trust.JoinLink, used bool) error {
	key, err := pins.Lookup(link.Address)
	if err != nil {
		return err
	}
	if key == nil && used { // it was joined with a link
		fmt.Fprintf(out, "Forgotten: %s. It is no longer listed where an address is asked for.\n", link.Address)
		return nil
	}
	if key == nil {
		return fmt.Errorf("%s is not known%s", link.Address, otherPorts(pins, link))
	}
	if _, err := pins.Forget(link.Address); err != nil {
		return err
	}
	fmt.Fprintf(out, "Forgotten: %s\n  %s\nThe next time you join there, its fingerprint is shown and you are asked.\n",
		link.Address, key)
	return nil
}

// otherPorts returns a hint with the other ports at which a host is known.
func otherPorts(pins *trust.Pins, link trust.JoinLink) string {
	all, _ := pins.List()
	var same []string
	for _, pin := range all {
		if host, _, err := net.SplitHostPort(pin.Address); err == nil && host == link.Host() {
			same = append(same, pin.Address)
		}
	}
	if len(same) == 0 {
		return ": pong trust list shows the known servers"
	}
	return ", but " + strings.Join(same, " and ") + " is: include the port"
}

// knownAddresses returns the completions of pong trust forget.
func knownAddresses() []string {
	pins, err := knownServers()
	if err != nil {
		return nil
	}
	all, _ := pins.List()
	var addresses []string
	for _, pin := range all {
		addresses = append(addresses, pin.Address)
	}
	return addresses
}

func newTrustRotate() *cobra.Command {
	var certs certsFlag
	cmd := &cobra.Command{
		Use:   "rotate",
		Short: "Give a server a new identity that the old one vouches for",
		Long: `Give the server whose identity is in a folder a new identity. The old identity signs a statement about
the new one, which the server shows. Players who know the old identity, from a join link or because they
have accepted it, check the statement, join, and remember the new one. Old join links keep working
through up to 8 rotations. A running server need not be restarted. The old key is not kept.

Rotate from time to time, or when someone who had access leaves. If the key was stolen, rotating is not
enough: the thief can rotate too, and lead players who know the old identity to another server. Tell the
players, by other means than this server, to run pong trust forget and to use a new join link. If the
key was lost, it cannot be rotated: start with an empty folder, and tell the players the same.`,
		Example: `  pong trust rotate                        the identity in the folder where pong serve keeps it
  pong trust rotate --certs /var/lib/pong`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := certs.check(cmd); err != nil {
				return err
			}
			from, to, err := trust.Rotate(certs.dir)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), `The server has a new identity, and the old one vouches for it.
  old fingerprint  %s
  new fingerprint  %s
Players who know the old one follow automatically, and old join links keep working.
A running server shows the new one from the next player on, and logs its new join link.
`, from, to)
			return nil
		},
	}
	certs.add(cmd, "folder of the server's identity")
	return cmd
}
