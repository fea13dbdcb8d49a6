package dial

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"slices"
	"time"

	"pong/internal/client"
	"pong/internal/names"
	"pong/internal/rooms"
	"pong/internal/ticket"
	"pong/internal/trust"
)

// Config is the server to join, and how to join it.
type Config struct {
	Address string // what a person typed, or a join link
	Name    string // If empty, "player".

	// Room is the code of the room in which to meet another player. If empty, the next free player is met.
	Room string

	// Ticket is a join ticket, for a server that admits only clients with one. Its name and room outrank Name and Room.
	// It is not sent together with a resume secret. If empty, that of the join link in Address is used, if it has one.
	Ticket string

	// Watch joins as a watcher: of the match named Match, of that in Room, or of any.
	Watch bool
	Match string

	// AwaitMatch has a watcher that is refused because there is no match ask again, until there is one. It works for a
	// room and for any match; a server that closes the connection nevertheless is not dialled again.
	AwaitMatch bool

	// Resume is the secret of the seat to take again, as Client.Resume returned it. If empty, a new seat is taken.
	Resume string

	// Trust is the fingerprint that the server must have. If empty, the join link, the pin, the system's certificates
	// or Ask decide.
	Trust string

	// Agreed means that the person has agreed to the server of Trust although another identity is stored for its
	// address. It is set in the Config that a call returns.
	Agreed bool

	// PinFile is the file in which the identities of servers are kept. If empty, none are.
	PinFile string

	// SeatDir is the directory in which the secret of a seat is noted while it is held, so that a player whose process
	// was killed gets the seat back when it is started again. If empty, seats are not noted.
	SeatDir string

	// Ask asks the person whether to trust an unknown server. If nil, such a server is refused.
	Ask func(ctx context.Context, q Question) bool

	// Rotated is called if the server has rotated its identity since it was dialled last. Frames have the news, too.
	Rotated func(client.Rotation)

	// LinkDecided is called with a HOST:PORT if a join link has decided that a server is trusted although another
	// identity is stored for that address. That is so at addresses that many networks have, such as 192.168.1.20. At
	// others the person is asked.
	LinkDecided func(address string)

	// Unkept is called with the reason if something cannot be kept for the next time: the identity of a server that the
	// person has accepted, or the secret of the seat. It may be called more than once.
	Unkept func(error)

	// Waiting is called by Dial and List when the server is busy and will be dialled again in a moment. If nil, the
	// person is not told.
	Waiting func(Wait)

	// Patience is how long a server that does not answer is waited for. If zero, a minute, for which it keeps a seat.
	// It also bounds for how long Dial and List try to reach a busy server, which is no longer than 10 s.
	Patience time.Duration

	// View is the way of drawing to begin with.
	View client.View

	// Settings are the techniques that are switched off, and the options. Its View is not used.
	Settings client.Settings

	// KeyLog receives the keys of every session, in the form of sealed.WriteKeyLog. If nil, they are not written.
	KeyLog io.Writer

	// Confirmed receives every STATE, for what records games: see client.SessionConfig. If nil, nothing does.
	Confirmed func(client.Confirmed)

	// Observer receives what the sessions do: see client.SessionConfig. If nil, nothing does.
	Observer client.Observer

	// Shadow are the settings of a shadow beside the sessions: see client.Shadow. If nil, there is none.
	Shadow *client.Settings

	// FramesOnly leaves the session to Update alone. It is for tests that stop a player's whole process: without frames
	// nothing is sent and nothing is taken.
	FramesOnly bool

	// Transport opens the channels to the server. If nil, System, which is TCP and UDP.
	Transport Transport

	addresses     *addresses    // of the server; shared by all connections to it
	connectWithin time.Duration // bounds the time in which the Transport opens a stream. Set by checked.
}

// Question is what a person is asked about a server that nothing vouches for, or that a join link names although
// another one is stored for its address.
type Question struct {
	Host, Fingerprint string // the fingerprint exactly as the server prints it
	Known             string // the fingerprint that is stored for the address, if there is another one
}

// checked returns the Config with what was left empty filled in, or an error if it cannot be used.
func (cfg Config) checked() (Config, error) {
	cfg, err := cfg.withTicket()
	if err != nil {
		return cfg, err
	}
	if cfg.Name == "" {
		cfg.Name = "player"
	}
	name, err := names.Parse(cfg.Name)
	if err != nil {
		return cfg, err
	}
	cfg.Name = name
	if cfg.Room != "" {
		cfg.Room = rooms.Clean(cfg.Room)
		if err := rooms.Check(cfg.Room); err != nil {
			return cfg, err
		}
	}
	if cfg.Transport == nil {
		cfg.Transport = System{}
	}
	if cfg.addresses == nil {
		cfg.addresses = new(addresses)
	}
	cfg.connectWithin = dialWithin
	return cfg, nil
}

// errTicket is the error of a text that is no join ticket.
var errTicket = errors.New("the join ticket is damaged: copy it, or the link with it, again as a whole")

// withTicket returns the Config with its ticket, or else that of its join link, and with the name and the room of the
// ticket. The note of a seat is for these.
func (cfg Config) withTicket() (Config, error) {
	if link, err := trust.ParseAddress(cfg.Address, trust.DefaultPort); err == nil && cfg.Ticket == "" {
		cfg.Ticket = link.Ticket
	}
	if cfg.Ticket == "" {
		return cfg, nil
	}
	t, err := ticket.Parse(cfg.Ticket)
	if err != nil {
		return cfg, errTicket
	}
	if t.Name != "" {
		cfg.Name = t.Name
	}
	if t.Room != "" {
		cfg.Room = t.Room
	}
	return cfg, nil
}

// ticketFor returns the ticket to send to a server that is trusted, or an error if the ticket is for another one, which
// could use it there.
func (cfg Config) ticketFor(server []*x509.Certificate) (string, error) {
	t, err := ticket.Parse(cfg.Ticket)
	if err != nil || t.Server == (ticket.Server{}) {
		return cfg.Ticket, nil
	}
	known, err := trust.Identities(time.Now(), server)
	if err != nil {
		return "", err
	}
	if !slices.Contains(known, trust.Fingerprint(t.Server)) {
		return "", errTicketServer
	}
	return cfg.Ticket, nil
}

// errTicketServer is the error of a ticket that is for another server than was dialled.
var errTicketServer = errors.New("the join ticket is for another server: use the link that you got with it")
