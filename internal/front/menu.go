package front

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"pong/internal/dial"
	"pong/internal/names"
	"pong/internal/rooms"
)

// A page is a page of the menu.
//
//	main --> friend    a room code, made up or typed --> Want
//	  |----> practice  easy, normal or hard          --> Want
//	  |----> watch     the matches that are played   --> Want
//	  |        '-----> room  the code of one         --> Want
//	  '----> name      and back
type page uint8

const (
	pageMain page = iota
	pageFriend
	pagePractice
	pageWatch
	pageRoom
	pageName
)

// A Row is an item of a menu.
type Row struct {
	Label, Detail string

	key string // identifies the row when the list of matches is renewed
	to  page   // the page that the row opens, if act is nil
	act func(m *menu) (Want, bool)
}

// A menu lets a person choose what to do at a server. It ends in a Want.
type menu struct {
	newRoom func() string // returns a room code that nobody else has

	address, name string
	alone         bool // nobody else can reach the server, so it offers practice only
	hosts         bool // a match can be hosted
	offline       bool // there is no server, and no network
	coded         bool // the server has one room, whose code the person has to type
	page          page
	at            int
	line          entry // on pages with a line to type in
	problem       string
	matches       []dial.Match
	listed        bool  // the server has answered
	failed        error // of listing
}

// newMenu returns the menu of a server.
func newMenu(address, name string, alone bool) *menu {
	m := &menu{newRoom: rooms.New, address: address, name: name, alone: alone}
	m.open(m.root())
	return m
}

func (m *menu) root() page {
	if m.alone {
		return pagePractice
	}
	return pageMain
}

// open opens a page.
func (m *menu) open(p page) {
	m.page, m.at, m.problem, m.line = p, 0, "", entry{}
	switch p {
	case pageFriend:
		if !m.coded {
			m.line.propose(m.newRoom())
		}
	case pagePractice:
		m.at = slices.Index(levels[:], Normal)
	case pageWatch:
		m.matches, m.listed, m.failed = nil, false, nil
	case pageName:
		m.line.propose(m.name)
	}
}

// askCode opens the page on which the person types the code of the only room of the server.
func (m *menu) askCode() {
	m.coded = true
	m.open(pageFriend)
}

// back goes back by a page. It returns false if there is none, so that the menu is left.
func (m *menu) back() bool {
	switch m.page {
	case m.root():
		return false
	case pageRoom:
		m.open(pageWatch)
	default:
		came := m.page
		m.open(m.root())
		m.at = max(slices.IndexFunc(m.rows(), func(r Row) bool { return r.act == nil && r.to == came }), 0)
	}
	return true
}

// step moves the mark by n rows. After the last row comes the first.
func (m *menu) step(n int) {
	rows := len(m.rows())
	m.at = ((m.at+n)%rows + rows) % rows
}

// choose takes a row. It returns true if the Want is complete.
func (m *menu) choose(row int) (Want, bool) {
	rows := m.rows()
	if row < 0 || row >= len(rows) {
		return Want{}, false
	}
	m.at, m.problem = row, ""
	if act := rows[row].act; act != nil {
		return act(m)
	}
	m.open(rows[row].to)
	return Want{}, false
}

// enter takes the marked row.
func (m *menu) enter() (Want, bool) { return m.choose(m.at) }

// meets reports whether the page has a line for a room code.
func (m *menu) meets() bool { return m.page == pageFriend || m.page == pageRoom }

// types reports whether the page has a line to type in.
func (m *menu) types() bool { return m.meets() || m.page == pageName }

// maxTyped is the greatest length of what is typed for a room code, of which rooms.Clean leaves characters out.
const maxTyped = 2 * rooms.MaxLen

// write edits the line, if the page has one.
func (m *menu) write(in Input) {
	takes, fits := unicode.IsPrint, atMost(maxTyped)
	if m.page == pageName {
		takes, fits = names.Takes, names.Fits
	}
	if m.types() && (m.line.insert(in.Text, takes, fits) || m.line.edit(in.Actions)) {
		m.problem = ""
	}
}

// room returns the room code for what is typed.
func (m *menu) room() string { return rooms.Clean(string(m.line.text)) }

// want completes a Want.
func (m *menu) want(w Want) (Want, bool) {
	if w.Name = m.name; w.Kind != Host {
		w.Address = m.address
	}
	return w, true
}

// meet takes the room code. To meet a friend, an empty line stands for a new code.
func (m *menu) meet(kind Kind) (Want, bool) {
	if kind == Friend && len(m.line.text) == 0 && !m.coded {
		m.line.propose(m.newRoom())
	}
	if err := rooms.Check(m.room()); err != nil {
		m.problem = sentence(err)
		return Want{}, false
	}
	return m.want(Want{Kind: kind, Room: m.room()})
}

// rename takes the name.
func (m *menu) rename() (Want, bool) {
	name, err := names.Parse(string(m.line.text))
	if err != nil {
		m.problem = sentence(err)
		return Want{}, false
	}
	m.name = name
	m.open(m.root())
	return Want{}, false
}

// wantsList reports whether the page shows the list of matches.
func (m *menu) wantsList() bool { return m.page == pageWatch }

// list takes the list of matches. The mark stays at its match, wherever that has moved.
func (m *menu) list(matches []dial.Match, err error) {
	if m.page != pageWatch {
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

// toMenu goes back to the menu of the server, at the page where the person left it. After a match that the person has
// hosted it goes to the address.
func (f *Flow) toMenu() {
	if f.want.Kind == Host {
		f.toAddress() // the server ends with the match
		return
	}
	f.drop()
	if f.menu == nil || f.menu.address != f.want.Address {
		f.menu = newMenu(f.want.Address, f.want.Name, f.alone())
		f.menu.hosts, f.menu.offline = f.cfg.Host != nil, f.offline()
	}
	f.page = CardMenu
}

// moveInMenu moves the mark in the menu, and changes the line of a page that has one.
func (f *Flow) moveInMenu(in Input) {
	f.menu.write(in)
	switch {
	case in.Row > 0:
		f.choose(f.menu.choose(in.Row - 1))
	case in.Actions.Has(Up):
		f.menu.step(-1)
	case in.Actions.Has(Down):
		f.menu.step(1)
	}
}

// choose takes the result of a choice in the menu.
func (f *Flow) choose(want Want, done bool) {
	f.want.Name = f.menu.name
	if done {
		f.connect(want)
	}
}

// sentence returns an error as a sentence.
func sentence(err error) string { return capitalized(err.Error()) + "." }

// capitalized returns a text that begins with a capital letter.
func capitalized(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
