// Package wire holds every byte that Pong sends: the lines of the control channel and the bodies of the sealed
// datagrams of the game channel. It encodes and decodes and checks shapes; it neither seals, sends nor logs, and what
// a message means is for the server and the client to say. docs/protocol.md is the same for a reader without Go, and
// its examples are executed by this package's tests.
package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Version is the version of the protocol, told in JOIN and in the ALPN name.
const Version = 1

// ALPN is the TLS application protocol of the control channel (RFC 7301).
const ALPN = "pong/1"

// MaxLine is the longest control line, its newline included.
const MaxLine = 4096

// The types of control lines. JOIN, LEAVE and PING go up; WELCOME, START, PRESENCE, END, ERROR and PONG come down;
// REMATCH goes both ways.
const (
	Join     = "JOIN"     // version, name, role, resume
	Welcome  = "WELCOME"  // player_id, udp_port, token, session, resume, match, rules, points, tick_rate, state_rate
	Start    = "START"    // the match begins
	Presence = "PRESENCE" // player_id, name, status
	Rematch  = "REMATCH"  // player_id (down): who has asked for another game
	End      = "END"      // winner, score1, score2, message
	Leave    = "LEAVE"    // the player gives up the seat
	Ping     = "PING"     // answered by PONG with the same ts
	Pong     = "PONG"
	Error    = "ERROR" // code, message; the connection is closed after it
)

// The codes of ERROR.
const (
	CodeBadLine = "bad_line" // not a line of this protocol
	CodeVersion = "version"  // another version of the protocol
	CodeName    = "name"     // the name cannot be shown
	CodeRole    = "role"     // an unknown role
	CodeFull    = "full"     // no seat can be had now
	CodeResume  = "resume"   // the resume secret is not (or no longer) known
	CodeTimeout = "timeout"  // nothing, or not enough, came in time
	CodeClosing = "closing"  // the server is shutting down
	CodeSeat    = "seat"     // the seat was freed
)

// The statuses of PRESENCE.
const (
	StatusJoined = "joined" // over TLS
	StatusOnline = "online" // over UDP, too
	StatusSilent = "silent" // nothing heard over UDP for a while; the seat is kept
	StatusLeft   = "left"   // the seat is free
)

// RolePlayer is the role of one who plays.
const RolePlayer = "player"

// Message is a control line: one flat JSON object. Which fields a type has is said beside the types; TS is the
// sender's monotonic clock in microseconds, as in every datagram.
type Message struct {
	Type string `json:"type"`
	TS   uint32 `json:"ts"`

	Version int    `json:"version,omitempty"`
	Name    string `json:"name,omitempty"`
	Role    string `json:"role,omitempty"`
	Resume  string `json:"resume,omitempty"` // base64url, 22 characters

	PlayerID  int    `json:"player_id,omitempty"` // 1 is left, 2 is right
	UDPPort   int    `json:"udp_port,omitempty"`
	Token     string `json:"token,omitempty"`   // base64url, 22 characters
	Session   string `json:"session,omitempty"` // hex, 16 characters
	Match     string `json:"match,omitempty"`
	Rules     string `json:"rules,omitempty"`
	Points    int    `json:"points,omitempty"`
	TickRate  int    `json:"tick_rate,omitempty"`
	StateRate int    `json:"state_rate,omitempty"`

	Status string `json:"status,omitempty"`
	Winner int    `json:"winner,omitempty"`
	Score1 int    `json:"score1,omitempty"`
	Score2 int    `json:"score2,omitempty"`

	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
}

// AppendLine appends a message as a line with its newline.
func AppendLine(dst []byte, m Message) []byte {
	b, err := json.Marshal(m)
	if err != nil {
		panic("wire: a flat struct of strings and integers always marshals: " + err.Error())
	}
	return append(append(dst, b...), '\n')
}

// ParseLine decodes a control line, with or without its newline. A line must be one flat JSON object in UTF-8, without
// a key twice; encoding/json alone would take the last of several and match keys without regard to case, so that two
// readers could see two messages in one line. Unknown keys are ignored.
func ParseLine(line []byte) (Message, error) {
	var m Message
	if len(line) > MaxLine {
		return m, fmt.Errorf("control line of %d bytes; at most %d", len(line), MaxLine)
	}
	if err := checkFlat(line); err != nil {
		return m, fmt.Errorf("control line: %w", err)
	}
	if err := json.Unmarshal(line, &m); err != nil {
		return Message{}, fmt.Errorf("control line: %w", err)
	}
	if m.Type == "" {
		return Message{}, errors.New("control line: no type")
	}
	return m, nil
}

func checkFlat(line []byte) error {
	if !utf8.Valid(line) {
		return errors.New("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.New("not a JSON object")
	}
	seen := make(map[string]bool)
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		key, ok := t.(string)
		if !ok {
			return errors.New("not a JSON object")
		}
		if key = strings.ToLower(key); seen[key] || !ascii(key) {
			return fmt.Errorf("key %.20q is there twice or is not ASCII", key)
		}
		seen[key] = true
		value, err := d.Token()
		if err != nil {
			return err
		}
		if _, nested := value.(json.Delim); nested {
			return fmt.Errorf("key %.20q holds an object or array", key)
		}
	}
	return nil
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// MaxName is the most characters that a player's name may have.
const MaxName = 16

// CheckName says why a name cannot be shown to others, if it cannot: it must have 1 to MaxName characters, all of
// them printable (no control characters, line ends or invisible marks that turn the direction of writing), and no
// space at either end.
func CheckName(name string) error {
	n := utf8.RuneCountInString(name)
	switch {
	case !utf8.ValidString(name):
		return errors.New("the name is not UTF-8")
	case n == 0:
		return errors.New("the name is empty")
	case n > MaxName:
		return fmt.Errorf("the name has %d characters; at most %d", n, MaxName)
	case strings.TrimSpace(name) != name:
		return errors.New("the name begins or ends with a space")
	}
	for _, r := range name {
		if !unicode.IsPrint(r) {
			return fmt.Errorf("the name holds %U, which cannot be shown", r)
		}
	}
	return nil
}
