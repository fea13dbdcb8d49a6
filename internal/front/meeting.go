package front

import "pong/internal/client"

// meeting reports whether the person has met another player in a room, and can still refuse that player.
func (f *Flow) meeting() bool {
	v := &f.frame
	return !v.Watching && f.want.Kind != Practice && v.Reason == client.ReasonNotStarted && v.Opened != [2]bool{}
}

// meetingCard shows the name of the player that the person has met in a room, before the match begins. A room has one
// opener, who can send the other player away; the other can only leave, so that no stranger sends away a friend.
func (f *Flow) meetingCard(c *Card) {
	v := &f.frame
	c.Title = "Is this your friend?"
	c.say(NameOf(v, 1-v.Me&1), Large)
	if v.Opened[v.Me&1] {
		c.say("With No this player has to leave, and the room stays open for your friend.", Faint)
		c.Choices = append(c.Choices, choice("No", No, func(f *Flow) { f.session.Refuse() }))
	} else {
		c.say("With No you leave, because this player was here first. Then ask your friend for a new code.", Faint)
		c.Choices = []Choice{choice("No, leave", No|Back, (*Flow).toMenu)}
	}
	yes, orSoon := "Yes", ", or in a few seconds."
	if v.Ready {
		yes, orSoon = "Yes, ready", "."
	}
	if v.Accepted {
		c.Busy = true
		c.say("The match begins when "+player(v, 1-v.Me&1)+" says Yes, too"+orSoon, Plain)
		return
	}
	c.say("The match begins when both say Yes"+orSoon, Plain)
	c.Choices = append(c.Choices, choice(yes, Enter, func(f *Flow) { f.session.Accept() }))
}
