package front

import (
	"slices"
	"strings"
	"time"

	"pong/internal/client"
	"pong/internal/trust"
)

// kind returns the kind of card that is shown.
func (f *Flow) kind() CardKind {
	switch {
	case f.page != NoCard:
		return f.page
	case f.leaving:
		return CardLeaving
	case f.playback() != nil:
		return NoCard
	}
	return kindOf(f.frame.Stage)
}

// card returns the card that is shown, with its choices.
func (f *Flow) card() Card {
	c := Card{Kind: f.kind()}
	switch c.Kind {
	case CardAddress:
		f.addressCard(&c)
	case CardMenu:
		f.menuCard(&c)
	case CardDialling:
		f.diallingCard(&c)
	case CardQuestion:
		f.questionCard(&c)
	case CardFailed:
		f.failedCard(&c)
	case CardQuitting:
		f.quittingCard(&c)
	case CardLeaving:
		f.leavingCard(&c)
	default:
		f.matchCard(&c)
	}
	if c.CanMark() && f.marked > 0 {
		c.mark(f.marked - 1)
	}
	return c
}

// say adds a paragraph, unless it is empty.
func (c *Card) say(text string, style Style) {
	if text != "" {
		c.Lines = append(c.Lines, Line{text, style})
	}
}

func (f *Flow) addressCard(c *Card) {
	c.Title = "Server address"
	if f.cfg.Offered != "" && f.at == 0 && f.address.String() == f.cfg.Offered {
		c.say(offeredNotice(f.cfg.Offered), Plain)
	} else {
		c.say("A name, an address or a join link that begins with pong://", Faint)
	}
	placeholder := f.cfg.Default
	if f.cfg.Alone {
		placeholder = "the server in this program"
	}
	c.Typing, c.Field = true, f.address.field(placeholder)
	switch hosts := f.hostRows(); {
	case f.at > hosts:
		c.Field = Field{Placeholder: Server(f.addressTaken())}
		c.say("Enter connects to "+c.Field.Placeholder+".", Faint)
	case f.at > 0:
		c.Field = Field{}
		c.say("Enter starts a server in this program, for you and a friend.", Faint)
	case f.cfg.Offered == "":
		c.say("If you leave it empty: "+placeholder+".", Faint)
	}
	c.say(f.problem, Wrong)
	if f.hostRows() > 0 {
		c.Rows = append(c.Rows, Row{Label: hostLabel, Detail: hostDetail})
	}
	c.Rows = append(c.Rows, f.nearbyRows()...)
	for _, s := range f.servers {
		c.Rows = append(c.Rows, Row{Label: Server(s.Address), Detail: "last used on " + s.Used.Format(time.DateOnly)})
	}
	c.At = f.at - 1
	c.Choices = []Choice{
		choice("Quit", Back, func(f *Flow) { f.page = CardQuitting }),
		choice("Connect", Enter, (*Flow).takeAddress),
	}
}

// offeredNotice returns the sentence about a join link that another program has passed on.
func offeredNotice(text string) string {
	link, err := trust.ParseJoinLink(text)
	if err != nil {
		return ""
	}
	where := link.Address
	if link.Room != "" {
		where += ", in the room " + link.Room
	}
	return "Another program has opened this link. Enter joins the server " + where + ". Continue only if you know " +
		"where the link is from."
}

// quittingCard asks before the person leaves the program. Enter stays.
func (f *Flow) quittingCard(c *Card) {
	c.Title = "Leave Pong?"
	c.Choices = []Choice{
		choice("Stay", Enter|No|Back, func(f *Flow) { f.page = CardAddress }),
		choice("Leave", Yes, func(f *Flow) { f.left = true }),
	}
}

func (f *Flow) menuCard(c *Card) {
	f.menu.card(c)
	c.say(f.news, Faint)
	back := "Back"
	if f.menu.page == f.menu.root() {
		back = "Another server"
	}
	c.Choices = []Choice{
		choice(back, Back, func(f *Flow) {
			if !f.menu.back() {
				f.toAddress()
			}
		}),
		choice("Go", Enter, func(f *Flow) { f.choose(f.menu.enter()) }),
	}
	if f.cfg.Browser && f.menu.page == f.menu.root() {
		c.Choices = c.Choices[1:]
	}
	c.Footer = "Server: " + Server(f.menu.address)
	switch {
	case f.offline():
		c.Footer = "Without a server"
	case f.alone():
		c.Footer = "Server: in this program"
	}
}

func (f *Flow) diallingCard(c *Card) {
	c.Title = "Connecting"
	if f.want.Kind == Host {
		c.Title = "Starting a server for you and a friend"
	}
	c.say(Server(f.want.Address), Literal)
	if wait := f.want.Wait(); wait != "" {
		c.Title = "Watch"
		c.say(wait, Plain)
	}
	if f.cfg.Waiting != nil {
		if w := f.cfg.Waiting(); w != nil {
			c.say(WaitNotice(*w), Plain)
		}
	}
	c.Busy = true
	c.Choices = []Choice{choice("Cancel", Back, func(f *Flow) {
		f.wish = Want{} // which may be what is waited for: the address leads to the menu now
		f.toOrigin()
	})}
}

// UnknownServer introduces the fingerprint of a server that is not known yet.
const UnknownServer = "This server is not known yet. Continue only if the server itself shows this fingerprint:"

// The words about a server that is not the one that is known at its address: before its fingerprint, and before the
// known one.
const (
	OtherServer = "You know another server at this address. Continue only if the operator has told you, not just " +
		"with this link, that the server is a new one. It then replaces the known one. The link names:"
	ThatServer = "The known server is:"
)

// questionCard asks whether to trust an unknown server, or another one than the known one. Enter refuses.
func (f *Flow) questionCard(c *Card) {
	c.Title, c.Alert = "Is this the right server?", true
	c.say(f.asked.Host, Literal)
	yes := "Yes, it is the same"
	if f.asked.Known == "" {
		c.say(UnknownServer, Faint)
		c.sayFingerprint(f.asked.Fingerprint)
	} else {
		yes = "Yes, replace it"
		c.say(OtherServer, Faint)
		c.sayFingerprint(f.asked.Fingerprint)
		c.say(ThatServer, Faint)
		c.sayFingerprint(f.asked.Known)
	}
	c.Choices = []Choice{
		choice("No, leave", Enter|No|Back, func(f *Flow) { f.answer(false) }),
		choice(yes, Yes, func(f *Flow) { f.answer(true) }),
	}
}

// sayFingerprint adds a fingerprint.
func (c *Card) sayFingerprint(fingerprint string) {
	for _, row := range FingerprintRows(fingerprint) {
		c.say(row, Literal)
	}
}

// FingerprintRows breaks a fingerprint into rows of four groups, to be compared by eye. Groups that are separated by
// colons stay as they are; a text in one piece is cut into groups of four characters.
func FingerprintRows(s string) []string {
	groups, between := strings.Split(s, ":"), ":"
	if len(groups) < 3 {
		groups, between = nil, " "
		for digits := range slices.Chunk([]rune(s), 4) {
			groups = append(groups, string(digits))
		}
	}
	var rows []string
	for row := range slices.Chunk(groups, 4) {
		rows = append(rows, strings.Join(row, between))
	}
	return rows
}

func (f *Flow) failedCard(c *Card) {
	c.Title, c.Alert = "No connection", true
	if f.want.Kind == Host {
		c.Title = "No game can be hosted"
	}
	c.say(Server(f.want.Address), Literal)
	for text := range strings.Lines(Failure(f.failure)) {
		style := Plain
		if strings.HasPrefix(text, " ") { // to be compared or typed
			style = Literal
		}
		c.say(strings.TrimSpace(text), style)
	}
	c.Choices = []Choice{
		choice("Try again", Again, func(f *Flow) { f.connect(f.want) }),
		choice("Back", Enter|Back, (*Flow).toOrigin),
	}
}

// leavingCard asks before the person gives up a match. Enter stays.
func (f *Flow) leavingCard(c *Card) {
	c.Title = "Leave the match?"
	c.say("The game goes on while you decide.", Faint)
	c.Choices = []Choice{
		choice("Stay", Enter|No|Back, func(f *Flow) { f.leaving = false }),
		choice("Leave", Yes, (*Flow).toMenu),
	}
}

// kindOf returns the kind of card for a stage of a match. An unknown stage has none.
func kindOf(stage client.Stage) CardKind {
	switch stage {
	case client.StageWaiting:
		return CardWaiting
	case client.StageReady:
		return CardReady
	case client.StagePaused:
		return CardPaused
	case client.StageOver:
		return CardOver
	case client.StageLost:
		return CardLost
	case client.StageClosed:
		return CardClosed
	}
	return NoCard
}
