// Package front is what a person can choose once a server is known: whom to meet, or what to look on at. It is the same in
// the window and in the terminal, which only draw it and tell it what was pressed; it ends in a [Want], which is what to
// dial.
//
//	main --> friend    a room code, made up or typed --> Want
//	  |----> practice  easy, normal or hard          --> Want
//	  |----> watch     the matches that are played   --> Want
//	  |        '-----> room  the code of one         --> Want
//	  '----> name      and back
//
// A Menu is moved by its methods, and knows neither time, screen nor network: whoever shows it asks the server for the
// list of matches while [Menu.WantsList] says so.
package front

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"pong/internal/dial"
	"pong/internal/wire"
)

// Page is a page of the menu.
type Page uint8

// The pages, see the package comment.
const (
	PageMain Page = iota
	PageFriend
	PagePractice
	PageWatch
	PageRoom
	PageName
)

// Row is something that can be chosen.
type Row struct {
	Label, Detail string

	key string // by which it is found again when the list of matches is renewed
	to  Page   // the page that it leads to, if it is no Want
	act func(m *Menu) (Want, bool)
}

// A Menu is what is on the screen. It belongs to one goroutine. NewMenu makes one.
type Menu struct {
	// Pick draws a number below n, for room codes. If nil, by chance.
	Pick func(n int) int

	address, name string
	alone         bool
	page          Page
	at            int
	text          []rune // what is typed, on the pages that have a line
	proposed      bool   // the line is ours: typing begins a new one
	problem       string
	matches       []dial.Match
	listed        bool  // the server has answered
	failed        error // instead of a list
}

// NewMenu returns the menu for a server. Alone says that nobody else can reach it: all that there is to do is practise.
func NewMenu(address, name string, alone bool) *Menu {
	m := &Menu{address: address, name: name, alone: alone}
	m.Open(m.root())
	return m
}

func (m *Menu) root() Page {
	if m.alone {
		return PagePractice
	}
	return PageMain
}

// Open turns to a page.
func (m *Menu) Open(p Page) {
	m.page, m.at, m.problem, m.text, m.proposed = p, 0, "", nil, false
	switch p {
	case PageFriend:
		m.propose()
	case PagePractice:
		m.at = slices.Index(levels[:], Normal)
	case PageWatch:
		m.matches, m.listed, m.failed = nil, false, nil
	case PageName:
		m.text, m.proposed = []rune(m.name), true
	}
}

// propose makes up a room code.
func (m *Menu) propose() {
	pick := m.Pick
	if pick == nil {
		pick = rand.IntN
	}
	m.text, m.proposed = []rune(NewCode(pick)), true
}

// Address is the server that the menu is about.
func (m *Menu) Address() string { return m.address }

// Shown is all that there is to draw of a menu: a value, complete in itself.
type Shown struct {
	Page   Page
	Server string // its host and port, without the key of a link
	Name   string // of the player
	Title  string
	Remark string // the sentence below the title
	Wrong  bool   // the remark tells that something is wrong
	Text   string // the line that is typed, ...
	Typing bool   // ... on a page that has one
	Rows   []Row
	At     int  // the row that Enter takes
	Root   bool // Back leaves the menu
}

// Show returns what to draw.
func (m *Menu) Show() Shown {
	s := Shown{
		Page: m.page, Server: Server(m.address), Name: m.name, Title: m.title(), Text: string(m.text), Typing: m.types(), Rows: m.rows(), At: m.at,
		Root: m.page == m.root(),
	}
	s.Remark, s.Wrong = m.remark()
	return s
}

func (m *Menu) title() string {
	return [...]string{
		PageMain: "What would you like to play?", PageFriend: "With a friend", PagePractice: "Practice", PageWatch: "Watch",
		PageRoom: "Watch a match in a room", PageName: "Your name",
	}[m.page]
}

func (m *Menu) remark() (text string, wrong bool) {
	switch {
	case m.problem != "":
		return m.problem, true
	case m.page == PageWatch && m.failed != nil:
		return m.failed.Error(), true
	case m.page == PageWatch && !m.listed:
		return "Asking the server what is being played.", false
	case m.page == PageWatch && len(m.matches) == 0:
		return "No match is being played now.", false
	}
	return [...]string{
		PageMain:     "Playing as " + m.name + ".",
		PageFriend:   "Tell your friend this code, or type the one that your friend has told you.",
		PagePractice: "Against a bot, over the same network as everybody.",
		PageWatch:    "These matches are being played.",
		PageRoom:     "Type the code that the two players meet by.",
		PageName:     fmt.Sprintf("As the others see it: %d characters at most.", wire.MaxName),
	}[m.page], false
}

// types reports whether the page has a line to type in.
func (m *Menu) types() bool { return m.page == PageFriend || m.page == PageRoom || m.page == PageName }

// levels are the rows of the practice page.
var levels = [...]string{Easy, Normal, Hard}

// rows are what can be chosen on the page.
func (m *Menu) rows() []Row {
	switch m.page {
	case PageFriend:
		return []Row{
			{Label: "Meet here", act: func(m *Menu) (Want, bool) { return m.meet(Friend) }},
			{Label: "Another code", act: func(m *Menu) (Want, bool) { m.propose(); return Want{}, false }},
		}
	case PagePractice:
		return []Row{
			{Label: "Easy", Detail: "reacts late and aims badly", act: practise(Easy)},
			{Label: "Normal", Detail: "can be beaten", act: practise(Normal)},
			{Label: "Hard", Detail: "hardly misses", act: practise(Hard)},
		}
	case PageWatch:
		return m.watchRows()
	case PageRoom:
		return []Row{{Label: "Watch", act: func(m *Menu) (Want, bool) { return m.meet(Watch) }}}
	case PageName:
		return []Row{{Label: "Keep it", act: (*Menu).rename}}
	}
	return []Row{
		{Label: "Quick match", Detail: "the next player who comes", act: func(m *Menu) (Want, bool) { return m.want(Want{Kind: Quick}), true }},
		{Label: "With a friend", Detail: "meet by a code", to: PageFriend},
		{Label: "Practice", Detail: "against a bot", to: PagePractice},
		{Label: "Watch", Detail: "a match that is being played", to: PageWatch},
		{Label: "Your name", Detail: m.name, to: PageName},
	}
}

func practise(level string) func(*Menu) (Want, bool) {
	return func(m *Menu) (Want, bool) { return m.want(Want{Kind: Practice, Level: level}), true }
}

// watchRows are the matches, and what there is besides.
func (m *Menu) watchRows() []Row {
	var rows []Row
	for _, g := range m.matches {
		row := Row{
			Label: fmt.Sprintf("%s  %d : %d  %s", g.Names[0], g.Score[0], g.Score[1], g.Names[1]), key: "match " + g.Name,
			act: func(m *Menu) (Want, bool) { return m.want(Want{Kind: Watch, Match: g.Name}), true },
		}
		if g.Watchers > 0 {
			row.Detail = fmt.Sprintf("%d watching", g.Watchers)
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		rows = append(rows, Row{Label: "The next match", Detail: "wait until one begins", key: "next",
			act: func(m *Menu) (Want, bool) { return m.want(Want{Kind: Watch}), true }})
	}
	return append(rows, Row{Label: "A match in a room", Detail: "by its code", key: "room", to: PageRoom})
}

// want completes what was chosen.
func (m *Menu) want(w Want) Want {
	w.Address, w.Name = m.address, m.name
	return w
}

// meet takes the room code that is typed.
func (m *Menu) meet(kind Kind) (Want, bool) {
	room := wire.CleanRoom(string(m.text))
	if err := wire.CheckRoom(room); err != nil {
		m.problem = sentence(err)
		return Want{}, false
	}
	return m.want(Want{Kind: kind, Room: room}), true
}

// rename takes the name that is typed.
func (m *Menu) rename() (Want, bool) {
	name := CleanName(string(m.text))
	if err := wire.CheckName(name); err != nil {
		m.problem = sentence(err)
		return Want{}, false
	}
	m.name = name
	m.Open(m.root())
	return Want{}, false
}

// CleanName makes a name of what a person typed: spaces around it are none, and between its words is one.
func CleanName(typed string) string {
	return strings.Join(strings.FieldsFunc(typed, func(r rune) bool { return r == ' ' }), " ")
}

// sentence makes one of an error.
func sentence(err error) string {
	s := []rune(err.Error())
	s[0] = unicode.ToUpper(s[0])
	return string(s) + "."
}

// Step moves the choice by n rows, round at the ends.
func (m *Menu) Step(n int) {
	rows := len(m.rows())
	m.at = ((m.at+n)%rows + rows) % rows
}

// Choose takes a row, as a click on it does. True says that the Want is complete.
func (m *Menu) Choose(row int) (Want, bool) {
	rows := m.rows()
	if row < 0 || row >= len(rows) {
		return Want{}, false
	}
	m.at, m.problem = row, ""
	if act := rows[row].act; act != nil {
		return act(m)
	}
	m.Open(rows[row].to)
	return Want{}, false
}

// Enter takes the row that is chosen.
func (m *Menu) Enter() (Want, bool) { return m.Choose(m.at) }

// Back turns back a page. False says that there is none: the menu is left.
func (m *Menu) Back() bool {
	switch m.page {
	case m.root():
		return false
	case PageRoom:
		m.Open(PageWatch)
	default:
		came := m.page
		m.Open(m.root())
		m.at = max(slices.IndexFunc(m.rows(), func(r Row) bool { return r.act == nil && r.to == came }), 0)
	}
	return true
}

// Type adds what was typed or pasted to the line, as far as it can be part of it.
func (m *Menu) Type(s string) {
	if !m.types() {
		return
	}
	for _, r := range s {
		if m.page != PageName {
			r = unicode.ToLower(r)
		}
		if !m.takes(r) {
			continue
		}
		if m.proposed {
			m.text, m.proposed = nil, false
		}
		if m.problem = ""; len(m.text) < m.longest() {
			m.text = append(m.text, r)
		}
	}
}

// takes reports whether a character can be in the line.
func (m *Menu) takes(r rune) bool {
	if m.page == PageName {
		return unicode.IsPrint(r)
	}
	return wire.CheckRoom(string(r)) == nil
}

func (m *Menu) longest() int {
	if m.page == PageName {
		return wire.MaxName
	}
	return wire.MaxRoom
}

// Erase removes the last character of the line.
func (m *Menu) Erase() {
	if n := len(m.text); n > 0 {
		m.text, m.proposed, m.problem = m.text[:n-1], false, ""
	}
}

// Clear empties the line.
func (m *Menu) Clear() { m.text, m.proposed, m.problem = nil, false, "" }

// WantsList reports whether the page shows what is being played.
func (m *Menu) WantsList() bool { return m.page == PageWatch }

// Listed takes what the server says is being played. The choice stays with its row, wherever that has moved.
func (m *Menu) Listed(matches []dial.Match, err error) {
	if m.page != PageWatch {
		return
	}
	chosen := m.rows()[m.at].key
	m.matches, m.failed, m.listed = matches, err, true
	rows := m.rows()
	if at := slices.IndexFunc(rows, func(r Row) bool { return r.key == chosen }); at >= 0 {
		m.at = at
	}
	m.at = min(m.at, len(rows)-1)
}
