package main

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"pong/internal/files"
	"pong/internal/ticket"
	"pong/internal/trust"
)

// readTicket returns the join ticket that a person names: the ticket itself, a join link with it, or a file that has
// one of them.
func readTicket(named string) (string, error) {
	named = strings.TrimSpace(named)
	if found, ok := findTicket(named); ok {
		return found, nil
	}
	text, err := files.Read(named)
	switch {
	case err != nil && len(named) > 100: // no errors with the text of a ticket
		return "", errors.New("the ticket is damaged: copy it again as a whole")
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("%q is neither a ticket nor a file", named)
	case err != nil:
		return "", err
	}
	found, ok := findTicket(string(text))
	if !ok {
		return "", fmt.Errorf("there is no whole ticket in %s: copy it again", named)
	}
	return found, nil
}

// findTicket returns the ticket in a text that is one, or has a join link with one.
func findTicket(text string) (string, bool) {
	if link, err := trust.ParseJoinLink(trust.FindAddress(text)); err == nil {
		return link.Ticket, link.Ticket != ""
	}
	text = strings.TrimSpace(text)
	_, err := ticket.Parse(text)
	return text, err == nil
}

// maxHostKeys bounds how many signatures a server verifies for a ticket that nobody has signed.
const maxHostKeys = 16

// hostKeys returns the public keys of hosts that an operator names, each as text or by its file.
func hostKeys(named []string) (keys []ed25519.PublicKey, err error) {
	for _, name := range named {
		text := name
		if !strings.HasPrefix(name, "ed25519:") {
			content, err := files.Read(name)
			if err != nil {
				return nil, fmt.Errorf("%s: must be a public key, ed25519:..., or its file: %w", name, err)
			}
			text = string(content)
		}
		key, err := ticket.ParseKey(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		keys = append(keys, key)
	}
	if len(keys) > maxHostKeys {
		return nil, fmt.Errorf("with %d keys: at most %d are allowed", len(keys), maxHostKeys)
	}
	return keys, nil
}

// checker returns what checks the tickets of players, nil without --tickets.
func (f *serveFlags) checker(identity *trust.Server) *ticket.Checker {
	if len(f.hostKeys) == 0 {
		return nil
	}
	return &ticket.Checker{Keys: f.hostKeys, Servers: func() (all []ticket.Server) {
		for _, key := range identity.Fingerprints() {
			all = append(all, ticket.Server(key))
		}
		return all
	}}
}
