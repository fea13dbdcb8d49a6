package wire

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"pong/internal/game"
)

// SessionLen is the length of the session of WELCOME in bytes.
const SessionLen = 8

// WelcomeFields are the fields of a WELCOME, decoded and checked.
type WelcomeFields struct {
	Watcher     bool
	Player      int // 0 is left, 1 is right; 0 for a watcher
	UDPPort     int
	Session     [SessionLen]byte
	Token       [TokenLen]byte
	Resume      string // base64url, as JOIN sends it
	Match, Room string
	Rules       game.Rules // with the points to play to
	StateRate   int
	Fairness    Fairness // perhaps one that this program does not know
	Also        string   // as in the line: see ParseAlso
	Ready       bool     // the match begins when both players have sent ACCEPT, and not before
}

// MaxAlso is the most addresses that a client takes of the servers of a cluster.
const MaxAlso = 16

// ParseAlso returns the addresses of a field also, at most MaxAlso, without those that are no HOST:PORT.
func ParseAlso(also string) (addresses []string) {
	for address := range strings.SplitSeq(also, ",") {
		if colon := strings.LastIndexByte(address, ':'); colon > 0 && len(addresses) < MaxAlso {
			addresses = append(addresses, address)
		}
	}
	return addresses
}

// ParseWelcome decodes the WELCOME to a player or a watcher. It returns an error if a client cannot play by it.
func ParseWelcome(m Message, watcher bool) (WelcomeFields, error) {
	w := WelcomeFields{
		Watcher: watcher, Player: max(m.PlayerID-1, 0), UDPPort: m.UDPPort,
		Resume: m.Resume, Match: m.Match, Room: m.Room, StateRate: m.StateRate,
		Fairness: Fairness(cmp.Or(m.Fairness, string(FairnessOff))),
		Ready:    m.Ready == 1, Also: m.Also,
	}
	session, err := hex.DecodeString(m.Session)
	if err != nil || len(session) != SessionLen {
		return w, errors.New("WELCOME without a session")
	}
	token, ok := ParseSecret(m.Token)
	if !ok {
		return w, errors.New("WELCOME without a token")
	}
	w.Session, w.Token = [SessionLen]byte(session), token
	if w.Rules, err = game.ParseRules(m.Rules); err != nil {
		return w, fmt.Errorf("WELCOME: %w", err)
	}
	w.Rules.Points = uint16(m.Points)
	switch {
	case watcher && m.PlayerID != 0, !watcher && m.PlayerID != 1 && m.PlayerID != 2:
		return w, fmt.Errorf("WELCOME for player %d", m.PlayerID)
	case m.UDPPort < 1 || m.UDPPort > 65535:
		return w, fmt.Errorf("WELCOME with UDP port %d", m.UDPPort)
	case m.Points < 0 || m.Points > 65535:
		return w, fmt.Errorf("WELCOME to a game to %d points", m.Points)
	case m.TickRate != game.TickRate:
		return w, fmt.Errorf("WELCOME with %d ticks a second, want %d", m.TickRate, game.TickRate)
	}
	if err := CheckStateRate(m.StateRate); err != nil {
		return w, fmt.Errorf("WELCOME: %w", err)
	}
	return w, nil
}
