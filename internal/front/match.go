package front

import (
	"fmt"

	"pong/internal/client"
)

// matchCard is what the stage of a match has to say. Where it has nothing to say there is still a way out of the match.
func (f *Flow) matchCard(c *Card) {
	v := &f.frame
	back := choice("Back", Back, (*Flow).toMenu)
	if atStake(v) {
		back = choice("Leave", Back, func(f *Flow) { f.leaving = true })
	}
	c.Choices = []Choice{back}
	switch c.Kind {
	case NoCard:
		c.Choices[0].Label = ""
	case CardWaiting:
		f.waitingCard(c)
	case CardReady:
		c.Title = "Ready"
		c.say(NameOf(v, 0)+" – "+NameOf(v, 1), Plain)
		c.say(Aim(v), Faint)
		c.say(Notice(v), Plain)
	case CardPaused:
		c.Title, c.Busy = "Paused", true
		if away := awayPlayer(v); away >= 0 {
			c.Title = NameOf(v, away) + " does not respond"
		}
		c.say(Notice(v), Plain)
	case CardOver:
		f.overCard(c)
	case CardLost:
		c.Title, c.Alert, c.Busy = "Connection lost", true, true
		c.say(Notice(v), Plain)
		c.say("The match goes on by itself when the server answers again.", Faint)
	case CardClosed:
		c.Title = "The session has ended"
		c.say(Notice(v), Plain)
		if !v.Watching {
			c.Choices = []Choice{
				choice("Join again", Again, func(f *Flow) { f.connect(f.want) }),
				choice("Back", Enter|Back, (*Flow).toMenu),
			}
		}
	}
	if v.Watching && !atPlay(v) {
		c.Choices = append(c.Choices, choice("Watch another", Enter, func(f *Flow) {
			f.toMenu()
			f.menu.open(pageWatch)
		}))
	}
}

// atPlay reports whether there is something to watch.
func atPlay(v *client.Frame) bool {
	switch v.Stage {
	case client.StageWaiting, client.StageOver, client.StageClosed:
		return false
	}
	return true
}

// waitingCard says that nobody is on the other side yet, and how a friend gets there.
func (f *Flow) waitingCard(c *Card) {
	v := &f.frame
	switch {
	case v.Watching:
		c.Title = "Watching"
		c.say(Notice(v), Plain)
		return
	case f.want.Kind == Practice:
		c.Title, c.Busy = "Waiting for the bot", true
		c.say("It joins over the network like everyone else.", Plain)
		c.say(otherNotice(v), Plain)
		return
	}
	c.Title, c.Busy = "Waiting for an opponent", true
	if v.Room != "" && v.Presence[1-v.Me&1] == client.Absent {
		f.inviteCard(c)
		return
	}
	c.say(Notice(v), Plain)
	c.say("The match can start when somebody joins.", Faint)
}

// inviteCard shows the code of the room, to be told across a room, and the command that leads there.
func (f *Flow) inviteCard(c *Card) {
	command, remark := Invite(f.want.Address, f.frame.Room)
	c.Title = "Waiting for your friend"
	c.say(otherNotice(&f.frame), Plain)
	c.say(f.frame.Room, Large)
	c.say("Tell your friend this code, or the command that leads here:", Faint)
	c.say(command, Literal)
	c.say(remark, Faint)
	c.say(f.copied, Faint)
	c.Choices = append(c.Choices, choice("Copy the command", Copy, func(f *Flow) { f.copying = command }))
}

// otherNotice is the Notice without the reason for waiting, where the card has its own words for that.
func otherNotice(v *client.Frame) string {
	other := *v
	other.Reason = client.ReasonNone
	return Notice(&other)
}

// overCard shows the result, and who wants another game.
func (f *Flow) overCard(c *Card) {
	v := &f.frame
	c.Title = "The game is over"
	switch w := v.Winner; {
	case w != 0 && w != 1:
	case Own(v, w):
		c.Title = "You win"
	default:
		c.Title = NameOf(v, w) + " wins"
	}
	c.say(fmt.Sprintf("%d : %d", v.Score[0], v.Score[1]), Large)
	c.say(Notice(v), Plain)
	switch {
	case v.Watching, v.Reason == client.ReasonNoRematch:
		return
	case v.Rematch[v.Me&1], v.Presence[1-v.Me&1] == client.Left:
		c.Busy = true
		return
	}
	c.Choices = append(c.Choices, choice("Play again", Enter|Again, func(f *Flow) { f.session.Rematch() }))
}

// aside is what the person should know while the field must stay free.
func (f *Flow) aside() string {
	if f.page == NoCard && kindOf(f.frame.Stage) == NoCard {
		return Notice(&f.frame)
	}
	return ""
}

// Own reports whether a player is the person at this screen.
func Own(v *client.Frame, player int) bool { return !v.Watching && player == v.Me }

// NameOf returns what a player is called.
func NameOf(v *client.Frame, player int) string {
	if v.Names[player] != "" {
		return v.Names[player]
	}
	return fmt.Sprintf("Player %d", player+1)
}

// Label returns what stands beside a player's half: the name, and in a word what should be known about the player.
func Label(v *client.Frame, player int) (name, note string) {
	name = NameOf(v, player)
	if Own(v, player) {
		return name, "you"
	}
	switch v.Presence[player] {
	case client.Absent:
		return "no one yet", ""
	case client.Joined:
		return name, "joining"
	case client.Silent:
		return name, "not responding"
	case client.Left:
		return name, "left"
	}
	return name, ""
}

// MatchName is what a match is called: by the code of its room, if there is one.
func MatchName(v *client.Frame) string {
	if v.Room != "" {
		return v.Room
	}
	return v.Match
}

// Scored says who has made the point.
func Scored(v *client.Frame) string {
	switch s := v.Scorer; {
	case s != 0 && s != 1:
		return "Point"
	case Own(v, s):
		return "Your point"
	default:
		return "Point for " + NameOf(v, s)
	}
}

// Result says how the match stands, in a line.
func Result(v *client.Frame) string {
	return fmt.Sprintf("%s %d : %d %s", NameOf(v, 0), v.Score[0], v.Score[1], NameOf(v, 1))
}

// Aim says on which side the person plays, and what wins.
func Aim(v *client.Frame) string {
	side := "You play on the right"
	switch {
	case v.Watching:
		side = "You are watching"
	case v.Me == 0:
		side = "You play on the left"
	}
	if v.Points == 0 {
		return side + ", without end"
	}
	return fmt.Sprintf("%s, first to %d", side, v.Points)
}

// awayPlayer returns the player who does not respond, or -1.
func awayPlayer(v *client.Frame) int {
	for player, is := range v.Presence {
		if is == client.Silent && !Own(v, player) {
			return player
		}
	}
	return -1
}
