package front

import (
	"errors"
	"fmt"
	"strings"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/wire"
)

// Notice returns what a person should read about a frame besides the title of its stage: sentences, or nothing. It is
// made of codes and values of the frame only.
func Notice(f *client.Frame) string {
	var all []string
	add := func(sentence string) {
		if sentence != "" {
			all = append(all, sentence)
		}
	}
	switch f.Stage {
	case client.StageWaiting, client.StageReady:
		if f.Rotation != nil {
			add(RotationNotice(*f.Rotation))
		}
	case client.StageCountdown:
		add(PausesLeft(f))
		if f.PaddlesRest && !f.Watching {
			add("The paddles rest until the ball flies on.")
		}
	case client.StagePlaying:
		if f.Closing {
			add("The server is shutting down or restarting. This point will be finished.")
		}
	case client.StageOver:
		if f.Forfeit && (f.Winner == 0 || f.Winner == 1) {
			add(forfeitNotice(f, 1-f.Winner))
		}
	}
	if f.NewMatch && f.Stage <= client.StagePaused && f.Stage != client.StagePlaying && f.Stage != client.StageScored {
		add("The previous match is gone: the server was restarted or has given your seat away.")
	}
	if f.NoControl && f.Reason != client.ReasonNoRematch {
		add("Messages from the server do not arrive; the game itself goes on. " + redialNotice(f))
	}
	add(reasonNotice(f))
	return strings.Join(all, " ")
}

// startsWithin is the time in seconds after which a server starts a match, unless its operator does.
const startsWithin = 2

// reasonNotice returns the sentence about the Reason of a frame.
func reasonNotice(f *client.Frame) string {
	switch f.Reason {
	case client.ReasonNone:
		return ""
	case client.ReasonNoOpponent:
		return noOpponentNotice(f)
	case client.ReasonPlayerLeft:
		return subject(f, f.Player) + " has left. Waiting for a new player."
	case client.ReasonPlayerUnreached:
		return fmt.Sprintf("%s has joined. Waiting for the game connection (UDP) to %s.",
			subject(f, f.Player), player(f, f.Player))
	case client.ReasonConnecting:
		return "Waiting for the game connection (UDP) to the server."
	case client.ReasonNotStarted:
		if f.Seconds < startsWithin {
			return "Both players are here. The match begins in a moment."
		}
		return "Both players are here. The server's operator starts the match."
	case client.ReasonPlayerSilent:
		return silentNotice(f)
	case client.ReasonResuming:
		return "Both players are here. The match continues in a moment."
	case client.ReasonRematchOffered:
		return subject(f, f.Player) + " wants a rematch."
	case client.ReasonRematchAsked:
		return "Waiting for " + player(f, f.Player) + " to accept a rematch."
	case client.ReasonNoRematch:
		return "There can be no rematch: the connection for messages to the server is closed."
	case client.ReasonNoAnswer:
		return fmt.Sprintf("Nothing has arrived from the server over UDP for %d s. ", f.Seconds) + redialNotice(f)
	case client.ReasonControlLost:
		return fmt.Sprintf("The connection to the server was lost %d s ago. ", f.Seconds) + redialNotice(f)
	case client.ReasonUDPBlocked, client.ReasonUDPRefused:
		return udpNotice(f)
	case client.ReasonTakeover:
		return "The server is gone. Another server takes over the match."
	case client.ReasonShutdown:
		return "The server is shutting down or restarting. " + redialNotice(f)
	case client.ReasonGivenUp:
		return fmt.Sprintf("Nothing has arrived from the server over UDP for %d s. "+
			"The server or the network may be down, or a firewall blocks UDP.", f.Seconds)
	case client.ReasonRefused:
		return Refusal(f.Code, f.Message)
	case client.ReasonRedialFailed:
		if f.Err == nil {
			return "The server cannot be reached again."
		}
		return Failure(f.Err)
	case client.ReasonKeysUsedUp:
		return "The encryption keys of this connection are used up. Please join again."
	}
	return ""
}

func noOpponentNotice(f *client.Frame) string {
	switch {
	case f.Watching:
		return "No one is playing here."
	case f.Room != "":
		return "No one else has joined the room " + f.Room + " yet."
	}
	return "No one else is here yet."
}

func silentNotice(f *client.Frame) string {
	name := player(f, f.Player)
	switch f.Stage {
	case client.StageOver:
		return "The connection to " + name + " is interrupted."
	case client.StageWaiting:
		return fmt.Sprintf("The connection to %s is interrupted. The seat is kept for another %d s.", name, f.Seconds)
	}
	return fmt.Sprintf("The connection to %s is interrupted. "+
		"The match is paused, and the seat is kept for another %d s.", name, f.Seconds)
}

// PausesLeft returns the sentence about the pauses that the players have left in this game, empty before the first one.
func PausesLeft(f *client.Frame) string {
	const all = wire.PauseUnit * wire.MaxPauseLeft
	if f.Game == 0 || min(f.PauseLeft[0], f.PauseLeft[1]) >= all {
		return ""
	}
	var left [2]string
	warning := ""
	for i, seconds := range f.PauseLeft {
		who, loses := player(f, i), subject(f, i)+" loses the seat with the next pause."
		if Own(f, i) {
			who, loses = "you", "You lose the seat with the next pause."
		}
		left[i] = fmt.Sprintf("%s %d s", who, seconds)
		if seconds == 0 {
			left[i] = who + " none"
			warning += " " + loses
		}
	}
	return fmt.Sprintf("Pauses left, at most: %s, %s.%s", left[0], left[1], warning)
}

// udpNotice says that the server's game port does not answer, what that usually is, and what to do.
func udpNotice(f *client.Frame) string {
	port := f.Server.Game[strings.LastIndexByte(f.Server.Game, ':')+1:]
	is := fmt.Sprintf("but nothing comes back from UDP %s. Usually a firewall or router on the way blocks UDP: "+
		"let UDP port %s through, or try another network.", f.Server.Game, port)
	if f.Reason == client.ReasonUDPRefused {
		is = fmt.Sprintf("but UDP %s is closed (connection refused). Usually a relay or a port forwarding passes on "+
			"another port: forward UDP port %s to the server, too.", f.Server.Game, port)
	}
	notice := fmt.Sprintf("The server answers on TCP %s, %s", f.Server.Control, is)
	if f.Attempt > 0 {
		notice += " " + redialNotice(f)
	}
	return notice
}

func redialNotice(f *client.Frame) string {
	if f.Attempt == 0 {
		return "Waiting for it to answer."
	}
	return fmt.Sprintf("Reconnecting (attempt %d).", f.Attempt)
}

func forfeitNotice(f *client.Frame, loser int) string {
	if !f.Watching && loser == f.Me {
		return "You are no longer in the match."
	}
	return subject(f, loser) + " is no longer in the match."
}

// player is what a player other than the person is called within a sentence.
func player(f *client.Frame, index int) string {
	switch {
	case index != 0 && index != 1:
		return "a player"
	case f.Names[index] != "":
		return called(f.Names, index)
	case !f.Watching:
		return "the other player"
	case index == 0:
		return "the left player"
	}
	return "the right player"
}

// subject is what a player other than the person is called at the beginning of a sentence. A name keeps its letters.
func subject(f *client.Frame, index int) string {
	name := player(f, index)
	if (index == 0 || index == 1) && f.Names[index] != "" {
		return name
	}
	return capitalized(name)
}

// FairnessNotice returns the sentence about what a server does if one player is nearer to it than the other.
func FairnessNotice(f wire.Fairness) string {
	switch f {
	case wire.FairnessShare:
		return "The player who is nearer to the server gives up half of that advantage."
	case wire.FairnessEqual:
		return "Both players have the same time to react, however far from the server they are."
	case wire.FairnessOff:
		return "The player who is nearer to the server sees moves sooner."
	}
	return ""
}

// RotationNotice returns the sentence about a server that has changed its identity.
func RotationNotice(r client.Rotation) string {
	notice := "The server " + r.Address +
		" has changed its identity, and the one that you know vouches for the new one. "
	if r.Err != nil {
		return notice + fmt.Sprintf("The new one could not be stored: %v.", r.Err)
	}
	return notice + "The new one is stored; pong trust list shows it."
}

// LinkDecidedNotice returns the sentence about a server that a join link names, at an address where another one is
// known.
func LinkDecidedNotice(address string) string {
	return "You know another server at " + address + ". Many networks have this address, so the join link decides, " +
		"and the known server is kept for the address alone."
}

// UnkeptNotice returns the sentence about what cannot be kept for the next time.
func UnkeptNotice(err error) string {
	return fmt.Sprintf("Not everything can be kept for the next time, so you may be asked about this server again, "+
		"and lose your name, settings or seat: %v.", err)
}

// reachNotice returns the sentence about where the link of a match works that the person hosts.
func reachNotice(r Reach, server *Hosted) string {
	p := server.Ports
	forward := fmt.Sprintf("Have your router pass TCP port %d and UDP port %d on to this machine", p.Control, p.Game)
	elsewhere := forward + " if your friend is elsewhere."
	if server.AskRouter != nil {
		elsewhere = fmt.Sprintf("If your friend is elsewhere, your router can be asked to pass TCP port %d and UDP "+
			"port %d on to this machine while you host.", p.Control, p.Game)
	}
	machine := "this machine"
	if server.Machine != "" {
		machine = server.Machine
	}
	switch r {
	case ReachChecking:
		return "Whether it works outside your network is being checked."
	case ReachOpen:
		return "It works outside your network, too: another server has reached this machine."
	case ReachNoTCP:
		return "It does not work outside your network, where nobody reaches this machine. " + forward +
			", or meet on a server."
	case ReachNoUDP:
		return fmt.Sprintf("It does not work outside your network: TCP port %d is open, and UDP port %d is not. ",
			p.Control, p.Game) + forward + ", or meet on a server."
	case ReachInside:
		return "Whether it works outside your network is not known: the server that was asked is inside it. " +
			elsewhere
	case ReachAsking:
		return "Your router is being asked to pass the ports on to this machine."
	case ReachMapped:
		return "It should work outside your network, too: your router passes the ports on to this machine while " +
			"you host."
	case ReachShared:
		return "It does not work outside your network: your internet provider shares one address among its " +
			"customers, or there is a second router. Meet on a server."
	case ReachTaken:
		return "Another machine in your network has these ports at the router. For a friend who is elsewhere, leave " +
			"and host again: the game then takes other ports."
	case ReachClosed:
		return fmt.Sprintf("Your router opens no ports. If your friend is elsewhere, forward TCP port %d and UDP port "+
			"%d to %s in its settings, or meet on a server.", p.Control, p.Game, machine)
	case ReachFailed:
		return "Whether it works outside your network could not be checked. " + elsewhere
	}
	return "Whether it works outside your network has not been checked. " + elsewhere
}

// WaitNotice returns the sentence about a server that is busy and will be dialled again.
func WaitNotice(w dial.Wait) string {
	return fmt.Sprintf("The server is busy: it closed the connection before you could join. Waiting, then trying "+
		"again (attempt %d).", w.Attempt)
}

// refusals are our sentences for the codes of a server's ERROR. A code that stands for several things has the server's
// message besides.
var refusals = map[string]struct {
	sentence string
	detail   bool // the message is worth reading, too
}{
	wire.CodeBadLine: {"The server did not understand this program. It may be of another version.", true},
	wire.CodeVersion: {"The server and this program differ in version. Use the same version on both sides.", true},
	wire.CodeName:    {"The server does not accept this name.", true},
	wire.CodeRole:    {"The server does not accept this kind of player.", true},
	wire.CodeRoom:    {"You cannot play in this room now.", true},
	wire.CodeMatch:   {"There is no match to watch.", false},
	wire.CodeGuesses: {"Too many rooms or matches were asked for from your network. Wait two minutes, " +
		"check the code or the link, and try again.", false},
	wire.CodeFull:    {"The server has no free place for you now.", true},
	wire.CodeDenied:  {"The operator of this server does not admit your address.", false},
	wire.CodeKicked:  {"The operator of this server has removed you. You can join again.", false},
	wire.CodeBusy:    {"Too many players are joining at this moment. Please try again in a few seconds.", false},
	wire.CodeResume:  {"The server does not keep this seat any more.", false},
	wire.CodeTimeout: {"The server has closed the connection, because nothing arrived in time.", false},
	wire.CodeClosing: {"The server is shutting down or restarting.", false},
	wire.CodeEnded:   {"The host has ended the game.", false},
	wire.CodeSeat:    {"You are no longer connected to the match.", true},

	wire.CodeTicketMissing: {"This server admits only players with a ticket: ask the host for your link.", false},
	wire.CodeTicketInvalid: {"Your ticket is damaged, or not from a host of this server: copy the whole link again, " +
		"or ask the host for a new one.", false},
	wire.CodeTicketServer:  {"Your ticket is for another server: use the link that you got with it.", false},
	wire.CodeTicketEarly:   {"Your ticket is not valid yet: try again later.", true},
	wire.CodeTicketExpired: {"Your ticket has expired: ask the host for a new link.", true},
	wire.CodeTicketRole: {"Your ticket is for watching: choose a match to watch, or ask the host for a ticket to play.",
		false},
	wire.CodeTicketInUse: {"Your ticket is in use, and admits one player at a time: leave where you have joined with " +
		"it. A seat that was lost is free after a minute.", false},
}

// Refusal returns what a person reads about a server's ERROR, by its code. The server's own words are quoted where they
// may say more.
func Refusal(code, message string) string {
	known, ok := refusals[code]
	if !ok {
		known.sentence, known.detail = "The server has ended the session.", true
	}
	if known.detail && message != "" {
		return fmt.Sprintf("%s The server says: %q", known.sentence, message)
	}
	return known.sentence
}

// Failure returns what a person reads about a server that could not be dialled or joined. It may have several lines; a
// line that begins with a space is to be compared or typed as it is.
func Failure(err error) string {
	var refused *dial.RefusedError
	if errors.As(err, &refused) {
		return Refusal(refused.Code, refused.Message)
	}
	return capitalized(err.Error())
}
