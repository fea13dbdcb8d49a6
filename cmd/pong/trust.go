package main

import (
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/spf13/cobra"

	"pong/internal/trust"
)

func newTrust() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "trust",
		Short: "See and change which servers are known, or rotate a server's identity",
		Long: `A server is known by the fingerprint of its identity. A player's program remembers the fingerprint that was accepted
for an address, and refuses another one there: list shows what it remembers, forget takes one back.

An operator gives a server a new identity with rotate. The old one vouches for it, so players follow by themselves.`,
		Example: `  pong trust list                          which servers you have accepted
  pong trust forget 192.168.1.20           accept another one at this address from now on
  pong trust rotate --certs certs          on the server: a new identity that players follow`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newTrustList(), newTrustForget(), newTrustRotate())
	return cmd
}

// knownServers are the user's pins.
func knownServers() (*trust.Pins, error) {
	path, err := trust.DefaultPinFile()
	if err != nil {
		return nil, fmt.Errorf("%w: there is nowhere to remember servers, so each unknown one is asked about", err)
	}
	return trust.NewPins(path), nil
}

func newTrustList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the servers that you have accepted",
		Long: `List the servers that you have accepted: the address that you dialled, the day, and the fingerprint of the server's
identity, as the server prints it. The first line names the file.`,
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

// listPins prints the known servers, two lines each: a fingerprint fills one.
func listPins(out io.Writer, pins *trust.Pins) error {
	all, err := pins.List()
	if err != nil {
		return err
	}
	if len(all) == 0 {
		fmt.Fprintf(out, "No server is known yet; those that you accept will be in %s\n", pins.Path())
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
		Short: "Forget a server, so that another identity can be accepted there",
		Long: `Forget the identity of the server at an address. The next time that you join there you are shown the fingerprint and
asked, as the first time.

This is the way on when pong says that the identity of a server has changed. It may have been installed anew, or somebody
may be in between who wants to be taken for it. So first compare the fingerprint that pong has found with the one that
the server prints when it starts, by telephone if need be. The port is 5555 if none is named.`,
		Example: `  pong trust forget 192.168.1.20
  pong trust forget pong.example.org:7000
  pong trust forget '[2001:db8::1]:5555'`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(cmd, "one address is needed, not %d: pong trust list shows which there are", len(args))
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return knownAddresses(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			link, err := trust.ParseAddress(args[0], trust.DefaultPort)
			if err != nil {
				return usage(cmd, "%w", err)
			}
			pins, err := knownServers()
			if err != nil {
				return err
			}
			return forgetPin(cmd.OutOrStdout(), pins, link)
		},
	}
}

// forgetPin removes a pin. That there is none is a failure: whoever mistypes an address must not think it forgotten.
func forgetPin(out io.Writer, pins *trust.Pins, link trust.JoinLink) error {
	key, err := pins.Lookup(link.Address)
	if err != nil {
		return err
	}
	if key == nil {
		return fmt.Errorf("%s is not known, so there is nothing to forget%s", link.Address, otherPorts(pins, link))
	}
	if _, err := pins.Forget(link.Address); err != nil {
		return err
	}
	fmt.Fprintf(out, "Forgotten: %s\n  %s\nThe next time that you join there, its fingerprint is shown and you are asked.\n", link.Address, key)
	return nil
}

// elsewhere names the ports at which a host is known.
func otherPorts(pins *trust.Pins, link trust.JoinLink) string {
	all, _ := pins.List()
	var same []string
	for _, pin := range all {
		if host, _, err := net.SplitHostPort(pin.Address); err == nil && host == link.Host() {
			same = append(same, pin.Address)
		}
	}
	if len(same) == 0 {
		return ": pong trust list shows which servers are"
	}
	return ", but " + strings.Join(same, " and ") + " is: say it with its port"
}

// knownAddresses are what a shell offers after pong trust forget.
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
	var certs string
	cmd := &cobra.Command{
		Use:   "rotate",
		Short: "Give a server a new identity that the old one vouches for",
		Long: `Give the server whose identity is in a folder a new one. The old identity signs a statement about the new one, and the
server shows it: players who know the old one, from a join link or because they have accepted it, check the statement,
go on, and remember the new one. Old links keep working, through up to 8 rotations. A server that runs need not be
restarted. The old key is not kept.

Rotate from time to time, or when somebody who had access leaves. If the key has been stolen, rotating is not enough:
the thief can rotate too, and lead those who know the old identity to his. Then tell the players, by another way than
this server, to run pong trust forget and to use a new join link. After the loss of the key there is nothing to rotate:
start with an empty folder, and tell them the same.`,
		Example: `  pong trust rotate                        the identity in certs, where pong serve keeps it
  pong trust rotate --certs /var/lib/pong`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if certs == "" {
				return usage(cmd, "--certs: the folder of the server's identity is needed")
			}
			from, to, err := trust.Rotate(certs)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), `The server has a new identity, and the old one vouches for it.
  old fingerprint  %s
  new fingerprint  %s
Players who know the old one follow by themselves, and old join links keep working.
A server that runs shows the new one from the next player on, and logs its new join link.
`, from, to)
			return nil
		},
	}
	cmd.Flags().StringVar(&certs, "certs", "certs", "folder of the server's identity")
	return cmd
}
