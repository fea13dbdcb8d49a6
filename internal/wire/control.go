// Package wire holds every byte that Pong sends: the lines of the control channel and the bodies of the sealed
// datagrams of the game channel. It encodes and decodes and checks shapes; it neither seals, sends nor logs, and what
// a message means is for the server and the client to say. docs/protocol.md is the same for a reader without Go, and
// its examples are executed by this package's tests.
package wire

// Version is the version of the protocol, told in JOIN and in the ALPN name.
const Version = 1

// ALPN is the TLS application protocol of the control channel (RFC 7301).
const ALPN = "pong/1"

// MaxLine is the longest control line, its newline included.
const MaxLine = 4096

// The types of control lines. LIST, JOIN, LEAVE and PING go up; MATCHES, WELCOME, START, SEAT, PRESENCE, END, CLOSING,
// ERROR and PONG come down; REMATCH goes both ways.
const (
	List     = "LIST"     // what is being played? May come before JOIN
	Matches  = "MATCHES"  // match, name1, name2, score1, score2, watchers, more: a line for each match, the answer to LIST
	Join     = "JOIN"     // version, name, role, room, resume, match (to watch)
	Welcome  = "WELCOME"  // player_id, udp_port, token, session, resume, match, room, rules, points, tick_rate, state_rate
	Start    = "START"    // the match begins
	Seat     = "SEAT"     // player_id, match: the player has been moved to another table, next to somebody who waits
	Presence = "PRESENCE" // player_id, name, status, seconds (if silent: until the seat is freed)
	Rematch  = "REMATCH"  // player_id (down): who has asked for another game
	End      = "END"      // winner, score1, score2, message (if a player left)
	Closing  = "CLOSING"  // message, seconds: the server will end; the point in play is finished first
	Leave    = "LEAVE"    // the player gives up the seat
	Ping     = "PING"     // answered by PONG with the same ts
	Pong     = "PONG"
	Error    = "ERROR" // code, message; the connection is closed after it
)

// The codes of ERROR.
const (
	CodeBadLine = "bad_line" // not a line of this protocol
	CodeVersion = "version"  // another version of the protocol
	CodeName    = "name"     // a name that CheckName refuses
	CodeRole    = "role"     // an unknown role
	CodeRoom    = "room"     // a room code that CheckRoom refuses, or a room whose table is taken
	CodeMatch   = "match"    // no such match to watch, or none at all
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

// The roles of JOIN: one who plays, and one who looks on.
const (
	RolePlayer  = "player"
	RoleWatcher = "watcher"
)

// MaxListed is how many matches are told in answer to a LIST at most.
const MaxListed = 32

// Message is a control line: one flat JSON object. Which fields a type has is said beside the types; TS is the
// sender's monotonic clock in microseconds, as in every datagram. A field that is zero is left out, and one that is
// not there is zero. What ParseLine returns is well formed and can be shown to people; nothing else is checked, and
// numbers in it may be negative or huge.
type Message struct {
	Type string `json:"type"`
	TS   uint32 `json:"ts"`

	Version int    `json:"version,omitempty"`
	Name    string `json:"name,omitempty"`
	Role    string `json:"role,omitempty"`
	Room    string `json:"room,omitempty"`
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

	Status  string `json:"status,omitempty"`
	Seconds int    `json:"seconds,omitempty"`
	Winner  int    `json:"winner,omitempty"`
	Score1  int    `json:"score1,omitempty"`
	Score2  int    `json:"score2,omitempty"`

	Name1    string `json:"name1,omitempty"`
	Name2    string `json:"name2,omitempty"`
	Watchers int    `json:"watchers,omitempty"`
	More     int    `json:"more,omitempty"` // lines of MATCHES that follow

	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
}
