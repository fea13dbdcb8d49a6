// Package wire defines every byte that Pong sends: the lines of the control channel and the bodies of the sealed
// datagrams of the game channel. It encodes, decodes and checks the form of messages, and leaves their meaning to the
// server and the client; it does not seal, send or log. docs/protocol.md describes the same without Go, and the tests
// of this package execute its examples.
package wire

// Version is the version of the protocol, in JOIN and in the ALPN name.
const Version = 1

// ALPN is the TLS application protocol of the control channel (RFC 7301).
const ALPN = "pong/1"

// MaxLine is the length of the longest control line, including its newline.
const MaxLine = 4096

// The types of control lines. LIST, CHECK, JOIN, ACCEPT, REFUSE, LEAVE and PING go up; MATCHES, CHECKED, WELCOME,
// NODES, START, SEAT, PRESENCE, END, CLOSING, ERROR and PONG come down; REMATCH goes both ways.
const (
	// List asks for the matches that are being played. It may come before JOIN, and then has ticket.
	List = "LIST"
	// Matches has match, name1, name2, score1, score2, watchers, more: one line for each match answers LIST.
	Matches = "MATCHES"
	// Check has port, udp_port: it asks a server, before JOIN, whether it reaches the client there. Then it has token.
	Check = "CHECK"
	// Checked has code, address: the answer to Check.
	Checked = "CHECKED"
	// Join has version, name, role, room, resume, ticket, and match (of a watcher).
	Join = "JOIN"
	// Welcome has player_id, udp_port, token, session, resume, match, room, rules, points, tick_rate, state_rate,
	// fairness, ready, also.
	Welcome = "WELCOME"
	// Nodes has also: the other servers of the cluster have changed.
	Nodes = "NODES"
	// Start says that the match begins.
	Start = "START"
	// Seat has player_id, match: the player was moved to the match of another waiting player.
	Seat = "SEAT"
	// Presence has player_id, name, status, lineup, seconds (if silent: until the seat is freed), and opened.
	Presence = "PRESENCE"
	// Rematch asks for another game; down, player_id is the player who asks. Up, it has game.
	Rematch = "REMATCH"
	// End has lineup, game, winner, score1, score2, and message (if a player left).
	End = "END"
	// Closing has message, seconds: the server will end, after the points in play.
	Closing = "CLOSING"
	// Accept says that the player knows the other one in the room, and needs no more time to read the name.
	Accept = "ACCEPT"
	// Refuse sends away the other player from a room that the player has opened.
	Refuse = "REFUSE"
	// Leave gives up the seat.
	Leave = "LEAVE"
	// Ping is answered by Pong with the same ts. Its status is StatusHidden while no frames of the player's screen are
	// drawn.
	Ping = "PING"
	Pong = "PONG"
	// Error has code, message; the connection is closed after it.
	Error = "ERROR"
)

// The codes of ERROR.
const (
	CodeBadLine = "bad_line" // not a line of this protocol
	CodeVersion = "version"  // another version of the protocol
	CodeName    = "name"     // a name that the server refuses
	CodeRole    = "role"     // an unknown role
	CodeRoom    = "room"     // a room code that rooms.Check refuses, or a room with two players
	CodeMatch   = "match"    // no such match to watch, or none at all
	CodeGuesses = "guesses"  // too many rooms or matches were asked for from this address
	CodeFull    = "full"     // no seat is free now
	CodeDenied  = "denied"   // the operator does not admit the client's address
	CodeKicked  = "kicked"   // the operator has removed the client, which can join again
	CodeBusy    = "busy"     // too many clients are joining at the same moment
	CodeResume  = "resume"   // the resume secret is unknown or expired
	CodeTimeout = "timeout"  // nothing, or not enough, came in time
	CodeEnded   = "ended"    // the server has ended, for good
	CodeClosing = "closing"  // the server is shutting down
	CodeSeat    = "seat"     // the seat was freed
)

// The codes of ERROR for join tickets.
const (
	CodeTicketMissing = "ticket_missing" // the server admits only clients with a ticket
	CodeTicketInvalid = "ticket_invalid" // not a ticket, or not one that a host of this server has signed
	CodeTicketServer  = "ticket_server"  // for another server
	CodeTicketEarly   = "ticket_early"   // not valid yet
	CodeTicketExpired = "ticket_expired" // not valid any more
	CodeTicketRole    = "ticket_role"    // for watching, and the client wants to play
	CodeTicketInUse   = "ticket_in_use"  // another client has a place by the same ticket
)

// The statuses of PRESENCE.
const (
	StatusJoined = "joined" // WELCOME was sent
	StatusOnline = "online" // datagrams arrive that echo the server's
	StatusHidden = "hidden" // likewise, but no frames of the player's screen are drawn
	StatusSilent = "silent" // one direction of the game channel has not worked for a while; the seat is kept
	StatusLeft   = "left"   // the seat is free
)

// The roles of JOIN.
const (
	RolePlayer  = "player"
	RoleWatcher = "watcher"
)

// MaxListed is the most matches in the answer to a LIST.
const MaxListed = 32

// Message is a control line: one flat JSON object. The types above list their fields. TS is the sender's monotonic
// clock in microseconds, as in every datagram. A zero field is left out of the line, and an absent one is zero.
//
// A Message that ParseLine returns is well formed, and its strings can be shown to people. Nothing else is checked:
// numbers may be negative or huge.
type Message struct {
	Type string `json:"type"`
	TS   uint32 `json:"ts"`

	Version int    `json:"version,omitempty"`
	Name    string `json:"name,omitempty"`
	Role    string `json:"role,omitempty"`
	Room    string `json:"room,omitempty"`
	Resume  string `json:"resume,omitempty"` // base64url, 22 characters
	Ticket  string `json:"ticket,omitempty"` // see package ticket

	PlayerID  int    `json:"player_id,omitempty"` // 1 is left, 2 is right
	UDPPort   int    `json:"udp_port,omitempty"`
	Port      int    `json:"port,omitempty"`
	Address   string `json:"address,omitempty"` // an IP address
	Also      string `json:"also,omitempty"`    // addresses HOST:PORT of other servers, with commas between them
	Token     string `json:"token,omitempty"`   // base64url, 22 characters
	Session   string `json:"session,omitempty"` // hex, 16 characters
	Match     string `json:"match,omitempty"`
	Rules     string `json:"rules,omitempty"`
	Points    int    `json:"points,omitempty"`
	TickRate  int    `json:"tick_rate,omitempty"`
	StateRate int    `json:"state_rate,omitempty"`
	Fairness  string `json:"fairness,omitempty"`
	Ready     int    `json:"ready,omitempty"` // 1: the match begins when both players have sent ACCEPT, and not before

	Status  string `json:"status,omitempty"`
	Seconds int    `json:"seconds,omitempty"`
	Lineup  int    `json:"lineup,omitempty"`
	Opened  int    `json:"opened,omitempty"` // 1: the player has opened the room
	Game    int    `json:"game,omitempty"`
	Winner  int    `json:"winner,omitempty"`
	Score1  int    `json:"score1,omitempty"`
	Score2  int    `json:"score2,omitempty"`

	Name1    string `json:"name1,omitempty"`
	Name2    string `json:"name2,omitempty"`
	Watchers int    `json:"watchers,omitempty"`
	More     int    `json:"more,omitempty"` // lines of MATCHES after this one

	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
}
