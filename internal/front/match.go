package front

import (
	"fmt"
	"strings"

	"pong/internal/client"
	"pong/internal/dial"
)

// matchCard fills the card of a stage of a match. A stage without a card still has a way out of the match.
func (f *Flow) matchCard(c *Card) {
	if f.playback() != nil {
		c.Choices = []Choice{choice("", Back, func(f *Flow) { f.left = true })}
		return
	}
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
		if f.meeting() {
			f.meetingCard(c)
			break
		}
		c.Title = "Ready"
		if v.Reason == client.ReasonConnecting {
			c.Title, c.Busy = "Connecting", true
		}
		c.say(NameOf(v, 0)+" – "+NameOf(v, 1), Plain)
		c.say(Aim(v), Faint)
		c.say(Notice(v), Plain)
	case CardPaused:
		c.Title, c.Busy = "Paused", true
		if v.Reason == client.ReasonPlayerSilent {
			c.Title = NameOf(v, v.Player) + " does not respond"
		}
		c.say(Notice(v), Plain)
		c.say(PausesLeft(v), Faint)
	case CardOver:
		f.overCard(c)
	case CardLost:
		c.Title, c.Alert, c.Busy = "Connection lost", true, true
		if blocked(v) {
			c.Title = "Game traffic is blocked"
			c.say(Notice(v), Plain)
			break
		}
		c.say(Notice(v), Plain)
		c.say("The match continues on its own when the server answers again.", Faint)
	case CardClosed:
		c.Title = "The session has ended"
		if blocked(v) {
			c.Title = "Game traffic is blocked"
		}
		c.say(Notice(v), Plain)
		if !v.Watching {
			again := "Join again"
			if f.want.Kind == Host {
				again = "Host again"
			}
			c.Choices = []Choice{
				choice(again, Again, func(f *Flow) { f.connect(f.want) }),
				choice("Back", Enter|Back, (*Flow).toMenu),
			}
		}
	}
	if c.Kind != NoCard {
		c.say(f.news, Faint)
	}
	if v.Watching && !atPlay(v) {
		c.Choices = append(c.Choices, choice("Watch another", Enter, func(f *Flow) {
			f.toMenu()
			f.menu.open(pageWatch)
		}))
	}
}

// blocked reports whether the server answers on its control channel alone.
func blocked(v *client.Frame) bool {
	return v.Reason == client.ReasonUDPBlocked || v.Reason == client.ReasonUDPRefused
}

// atPlay reports whether a game is going on, or about to: there is something to watch or to lose.
func atPlay(v *client.Frame) bool {
	switch v.Stage {
	case client.StageWaiting, client.StageOver, client.StageClosed:
		return false
	}
	return true
}

// waitingCard says that there is no opponent yet.
func (f *Flow) waitingCard(c *Card) {
	v := &f.frame
	switch {
	case v.Watching:
		c.Title = "Watching"
		c.say(Notice(v), Plain)
		return
	case f.want.Kind == Practice:
		c.Title, c.Busy = "Waiting for the bot", true
		if !f.offline() {
			c.say("It joins over the network like everyone else.", Plain)
		}
		c.say(otherNotice(v), Plain)
		return
	}
	c.Title, c.Busy = "Waiting for an opponent", true
	if server := f.hosted(); server != nil {
		f.hostingCard(c, server)
		return
	}
	if other := v.Presence[1-v.Me&1]; v.Room != "" && (other == client.Absent || other == client.Left) {
		f.inviteCard(c)
		return
	}
	c.say(Notice(v), Plain)
	c.say("The match can start when another player joins.", Faint)
	c.say(FairnessNotice(f.frame.Fairness), Faint)
}

// inviteCard shows the code of the room, large enough to be read from afar, and the command with which a friend joins
// it or, in a page, its address.
func (f *Flow) inviteCard(c *Card) {
	command, remark := Invite(f.want.Address, f.frame.Server.Identity, f.frame.Room)
	what := "command"
	if f.cfg.Browser {
		command, what = InvitePage(f.want.Address, f.frame.Server.Identity, f.frame.Room), "link"
	}
	c.Title = "Waiting for your friend"
	notice := otherNotice
	if f.frame.Presence[1-f.frame.Me&1] == client.Left {
		notice = Notice // it names the player who has left
	}
	c.say(notice(&f.frame), Plain)
	c.say(f.frame.Room, Large)
	if hasTicket(dial.Config{Address: f.want.Address}) { // without one the command would be of no use
		c.say("The other player needs a ticket, too: the host has a link for each.", Faint)
		c.say(FairnessNotice(f.frame.Fairness), Faint)
		return
	}
	c.say("Send this to your friend, or say the code:", Faint)
	c.say(command, Literal)
	c.say(GuessableNotice(f.frame.Room), Faint)
	c.say(FairnessNotice(f.frame.Fairness), Faint)
	c.say(remark, Faint)
	c.say(f.copied, Faint)
	c.Choices = append(c.Choices, choice("Copy the "+what, Copy, func(f *Flow) {
		f.copying, f.copyWhat = command, what
	}))
}

// otherNotice returns the Notice without the reason for waiting, for cards that have their own words about that.
func otherNotice(v *client.Frame) string {
	other := *v
	other.Reason = client.ReasonNone
	return Notice(&other)
}

// atStake reports whether leaving must be confirmed: the person would give up a game.
func atStake(v *client.Frame) bool { return !v.Watching && atPlay(v) }

// overCard shows the result. It offers another game if there can be one, and until the person has asked for it.
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
	f.offerReplay(c)
	other := v.Presence[1-v.Me&1]
	switch {
	case v.Watching, v.Reason == client.ReasonNoRematch:
		return
	case v.Rematch[v.Me&1], v.Reason == client.ReasonRematchAsked, other == client.Left, other == client.Absent:
		c.Busy = true
		return
	}
	c.Choices = append(c.Choices, choice("Play again", Enter|Again, func(f *Flow) { f.session.Rematch() }))
}

// offerReplay offers to save the game that is over, once.
func (f *Flow) offerReplay(c *Card) {
	if c.say(f.saved, Faint); f.cfg.SaveReplay == nil || f.saved != "" {
		return
	}
	c.Choices = append(c.Choices, choice("Save the replay", Save, func(f *Flow) {
		f.saved = "Saving the replay ..."
		f.saving = saveReplay(f.cfg.SaveReplay, &f.work)
	}))
}

// aside returns what the person should read while nothing may cover the field.
func (f *Flow) aside() string {
	if f.page == NoCard && kindOf(f.frame.Stage) == NoCard && f.playback() == nil {
		return strings.TrimSpace(Notice(&f.frame) + " " + f.news)
	}
	return ""
}
