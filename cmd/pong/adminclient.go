package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pong/internal/trust"
)

// An adminClient sends what an operator does to the admin address of a server.
type adminClient struct {
	address string
	token   string // a file; empty for the default
}

func newAdmin() *cobra.Command {
	var c adminClient
	cmd := &cobra.Command{
		Use:   "admin",
		Short: "Kick and ban players of a running server",
		Long: `Kick players and ban addresses of a server on this machine that was started with --admin. The server
names the file of its token at its start; whoever can read it may use these commands.

The log of the server has the match, the player and the address of everybody who joins, and which
addresses cause most refusals ("worst").`,
		Example: `  pong admin kick m3 2              remove the right player of match m3, who can join again
  pong admin ban 192.0.2.7          deny an address and remove its players, after a question
  pong admin ban 2001:db8::/48      the same for a prefix
  pong admin unban 192.0.2.7        admit it again
  pong admin bans                   list what is denied
  pong admin reload                 read the file of --deny again`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	fl := cmd.PersistentFlags()
	fl.SortFlags = false
	fl.StringVar(&c.address, "admin", defaultAdmin, "HOST:PORT of the server's --admin, on this machine")
	fl.StringVar(&c.token, "token", "",
		"file of the server's token (default "+trust.TokenFile+" in the folder that pong serve uses without --certs)")
	var yes bool
	ban := &cobra.Command{
		Use: "ban ADDRESS|PREFIX", Short: "Deny an address or a prefix, and remove its players",
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.ban(cmd, args[0], yes) },
	}
	ban.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	cmd.AddCommand(
		&cobra.Command{
			Use: "kick MATCH PLAYER", Short: "Remove a player, who can join again: 1 is the left one, 2 the right one",
			Args: exactArgs(2),
			RunE: func(cmd *cobra.Command, args []string) error {
				return c.print(cmd, "kick", url.Values{"match": {args[0]}, "player": {args[1]}})
			},
		},
		ban,
		&cobra.Command{
			Use: "unban ADDRESS|PREFIX", Short: "Admit an address or a prefix again", Args: exactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				return c.print(cmd, "unban", url.Values{"prefix": {args[0]}})
			},
		},
		&cobra.Command{
			Use: "bans", Short: "List what is denied, in the form of the file of --deny", Args: noArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return c.print(cmd, "bans", nil) },
		},
		&cobra.Command{
			Use: "reload", Short: "Read the file of --deny again, as SIGHUP does", Args: noArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return c.print(cmd, "reload", nil) },
		},
	)
	return cmd
}

// ban asks before it bans, because others may be behind the same address.
func (c *adminClient) ban(cmd *cobra.Command, prefix string, yes bool) error {
	form := url.Values{"prefix": {prefix}}
	if !yes {
		if !isTerminal(os.Stdin) {
			return usage(cmd, "nobody can be asked here: --yes bans without a question")
		}
		effect, err := c.post(cmd.Context(), "ban", url.Values{"prefix": {prefix}, "dry": {"1"}})
		if err != nil {
			return err
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "%s Do it? [y/N] ", effect)
		answer, _ := bufio.NewReader(os.Stdin).ReadString('\n')
		if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
			return errors.New("nothing was done")
		}
	}
	return c.print(cmd, "ban", form)
}

// print prints the answer to an action.
func (c *adminClient) print(cmd *cobra.Command, action string, form url.Values) error {
	answer, err := c.post(cmd.Context(), action, form)
	if err == nil {
		fmt.Fprintln(cmd.OutOrStdout(), answer)
	}
	return err
}

// tokenFile returns the file of the token.
func (c *adminClient) tokenFile() string {
	if c.token != "" {
		return c.token
	}
	dir, _ := trust.DefaultCerts()
	return filepath.Join(dir, trust.TokenFile)
}

// The limits of a request.
const (
	adminWithin     = 10 * time.Second
	mostAdminAnswer = 64 << 20 // a list may have many lines
	adminTries      = 3        // while others try wrong tokens
)

// post sends an action, and returns the answer.
func (c *adminClient) post(ctx context.Context, action string, form url.Values) (string, error) {
	if !isThisMachine(c.address) {
		return "", fmt.Errorf("--admin %q: must be HOST:PORT of this machine, such as %s, because nothing encrypts "+
			"the token: log in at the server, or use ssh -L", c.address, defaultAdmin)
	}
	token, err := trust.ReadToken(c.tokenFile())
	if err != nil {
		return "", fmt.Errorf("%w: name the file that the server has named at its start with --token", err)
	}
	var failed *net.OpError
	for try := 1; ; try++ {
		status, answer, err := c.send(ctx, action, token, form)
		switch {
		case errors.As(err, &failed) && failed.Op == "dial":
			return "", fmt.Errorf("no server answers at %s: start it with --admin %s, or name its address with --admin",
				c.address, c.address)
		case err != nil:
			return "", err
		case status == http.StatusTooManyRequests && try < adminTries:
			select {
			case <-ctx.Done():
				return "", context.Cause(ctx)
			case <-time.After(time.Second):
			}
		case status != http.StatusOK:
			return "", errors.New(oneLine(answer))
		default:
			return answer, nil
		}
	}
}

// isThisMachine reports whether HOST:PORT is an address of loopback, or localhost.
func isThisMachine(address string) bool {
	host, _, err := net.SplitHostPort(address)
	a, noIP := netip.ParseAddr(host)
	return err == nil && (host == "localhost" || noIP == nil && a.IsLoopback())
}

// send makes one request. It uses no proxy and follows no redirection, which would be given the token.
func (c *adminClient) send(ctx context.Context, action, token string, form url.Values) (int, string, error) {
	ctx, cancel := context.WithTimeout(ctx, adminWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.address+"/actions/"+action,
		strings.NewReader(form.Encode()))
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, mostAdminAnswer))
	return res.StatusCode, strings.TrimSpace(string(text)), err
}
