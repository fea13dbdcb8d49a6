package front

import (
	"fmt"

	"pong/internal/names"
)

// card fills a card with the open page.
func (m *menu) card(c *Card) {
	c.Title, c.Rows, c.At = m.title(), m.rows(), m.at
	c.say(m.remark())
	if room := m.room(); m.meets() && room != "" && room != string(m.line.text) {
		c.say("The code of the room becomes:", Faint)
		c.say(room, Literal)
	}
	if m.page == pageFriend {
		c.say(GuessableNotice(m.room()), Faint)
	}
	if m.types() {
		c.Typing, c.Field = true, m.line.field(m.placeholder())
		c.Field.Large = true
	}
}

// placeholder returns what an empty line stands for.
func (m *menu) placeholder() string {
	if m.page == pageFriend && !m.coded {
		return "a new code"
	}
	return ""
}

func (m *menu) title() string {
	return [...]string{
		pageMain: "What would you like to play?", pageFriend: "With a friend", pagePractice: "Practice",
		pageWatch: "Watch", pageRoom: "Watch a match in a room", pageName: "Your name",
	}[m.page]
}

// remark returns the sentence below the title.
func (m *menu) remark() (string, Style) {
	switch {
	case m.problem != "":
		return m.problem, Wrong
	case m.page != pageWatch:
	case m.failed != nil:
		return Failure(m.failed), Wrong
	case !m.listed:
		return "Asking the server for its matches.", Faint
	case len(m.matches) == 0:
		return "No match is being played now.", Faint
	}
	if m.page == pagePractice && m.offline {
		return "Against a bot, in this page.", Faint
	}
	if m.page == pageFriend && m.coded {
		return "Type the code that the host's screen shows.", Faint
	}
	return [...]string{
		pageMain:     "Playing as " + Marked(m.name) + ".",
		pageFriend:   "Take this code, or type your friend's code. Tell it to nobody else.",
		pagePractice: "Against a bot, over the same network as every match.",
		pageWatch:    "These matches are being played.",
		pageRoom:     "Type the code of the room in which the two are playing.",
		pageName:     m.space(),
	}[m.page], Faint
}

// space returns a sentence about the space that the name on the line takes.
func (m *menu) space() string {
	name := string(m.line.text)
	return fmt.Sprintf("The other players see it: %d of %d characters, %d of %d columns.",
		names.Count(name), names.MaxClusters, names.Width(name), names.MaxWidth)
}

// levels are the rows of the practice page.
var levels = [...]string{Easy, Normal, Hard}

// rows returns the rows of the page.
func (m *menu) rows() []Row {
	switch m.page {
	case pageFriend:
		if m.coded {
			return []Row{{Label: "Meet in this room", act: func(m *menu) (Want, bool) { return m.meet(Friend) }}}
		}
		return []Row{
			{Label: "Meet in this room", act: func(m *menu) (Want, bool) { return m.meet(Friend) }},
			{Label: "Another code", act: func(m *menu) (Want, bool) {
				m.line.propose(m.newRoom())
				return Want{}, false
			}},
		}
	case pagePractice:
		rows := []Row{
			{Label: "Easy", Detail: "reacts late and aims badly", act: wants(Want{Kind: Practice, Level: Easy})},
			{Label: "Normal", Detail: "can be beaten", act: wants(Want{Kind: Practice, Level: Normal})},
			{Label: "Hard", Detail: "hardly misses", act: wants(Want{Kind: Practice, Level: Hard})},
		}
		if m.alone && m.hosts {
			rows = append(rows, Row{Label: hostLabel, Detail: hostDetail, act: wants(Want{Kind: Host})})
		}
		if m.alone {
			rows = append(rows, m.nameRow())
		}
		return rows
	case pageWatch:
		return m.watchRows()
	case pageRoom:
		return []Row{{Label: "Watch", act: func(m *menu) (Want, bool) { return m.meet(Watch) }}}
	case pageName:
		return []Row{{Label: "Keep this name", act: (*menu).rename}}
	}
	return []Row{
		{Label: "Quick match", Detail: "against the next player who joins", act: wants(Want{Kind: Quick})},
		{Label: "With a friend", Detail: "meet by a code", to: pageFriend},
		{Label: "Practice", Detail: "against a bot", to: pagePractice},
		{Label: "Watch", Detail: "a match that is being played", to: pageWatch},
		m.nameRow(),
	}
}

// The row that hosts a match.
const (
	hostLabel  = "Host a game"
	hostDetail = "a friend joins with your link"
)

// nameRow returns the row that leads to the page with the name.
func (m *menu) nameRow() Row { return Row{Label: "Your name", Detail: Marked(m.name), to: pageName} }

// watchRows returns the matches, and other ways to find one.
func (m *menu) watchRows() []Row {
	var rows []Row
	for _, g := range m.matches {
		row := Row{
			Label: Score(g.Names, g.Score),
			key:   "match " + g.Name, act: wants(Want{Kind: Watch, Match: g.Name}),
		}
		if g.Watchers > 0 {
			row.Detail = fmt.Sprintf("%d watching", g.Watchers)
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		rows = append(rows, Row{Label: "The next match", Detail: "wait until one begins", key: "next",
			act: wants(Want{Kind: Watch})})
	}
	return append(rows, Row{Label: "A match in a room", Detail: "by its code", key: "room", to: pageRoom})
}

// wants returns the act of a row that ends the menu.
func wants(w Want) func(*menu) (Want, bool) {
	return func(m *menu) (Want, bool) { return m.want(w) }
}
