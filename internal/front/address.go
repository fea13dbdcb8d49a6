package front

import (
	"slices"
	"strings"
	"unicode"

	"pong/internal/trust"
)

// maxAddress is the greatest length of an address. A join link with a long ticket and five long host names has some
// 1930 characters.
const maxAddress = 2048

// toAddress goes back to the address, or to the menu if there is no other server. If the line is empty, the server from
// which the person comes is marked.
func (f *Flow) toAddress() {
	if f.cfg.Browser {
		f.toMenu()
		return
	}
	f.drop()
	f.page, f.at = CardAddress, 0
	f.listServers()
	if f.address.String() == "" {
		at := slices.IndexFunc(f.servers, func(s KnownServer) bool { return s.Address == f.want.Address })
		if f.want.Kind == Host {
			f.at = f.hostRows()
		} else if at >= 0 {
			f.at = f.before() + 1 + at
		}
	}
}

// hostRows returns how many rows of the page come before the servers: one if a match can be hosted.
func (f *Flow) hostRows() int {
	if f.cfg.Host == nil {
		return 0
	}
	return 1
}

// listServers takes the list of the servers that the person has used.
func (f *Flow) listServers() {
	if f.cfg.Servers != nil {
		f.servers = f.cfg.Servers()
	}
}

// moveInAddress marks a server that the person has used, or the line, or changes the line. A server that is clicked is
// dialled.
func (f *Flow) moveInAddress(in Input) {
	places := 1 + f.before() + len(f.servers)
	switch {
	case in.Row > 0 && in.Row < places:
		f.at = in.Row
		f.takeAddress()
	case in.Actions.Has(Up):
		f.at = (f.at + places - 1) % places
	case in.Actions.Has(Down):
		f.at = (f.at + 1) % places
	default:
		f.editAddress(in)
	}
}

// editAddress changes the line with the address. A text with a whole join link replaces the line by the link. Of
// other texts the line breaks become spaces, which end an address.
func (f *Flow) editAddress(in Input) {
	if in.Text == "" && !in.Actions.Has(editing) {
		return
	}
	if f.at > 0 { // the line does not show what was typed before
		f.at = 0
		f.address.clear()
	}
	text := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, in.Text)
	found := trust.FindAddress(in.Text)
	if _, err := trust.ParseJoinLink(found); err == nil {
		f.address.clear()
		text = found
	}
	if f.address.insert(text, unicode.IsPrint, atMost(maxAddress)) || f.address.edit(in.Actions) {
		f.problem = ""
	}
}

// takeAddress hosts a match if that row is marked, or dials the server that is marked or whose address was entered. It
// joins if it is known what the person wants, as from a link with a room, else it leads to the menu of the server.
func (f *Flow) takeAddress() {
	if f.at > 0 && f.at <= f.hostRows() {
		f.connect(Want{Kind: Host, Name: f.want.Name})
		return
	}
	address := f.addressTaken()
	link, err := trust.ParseAddress(address, trust.DefaultPort)
	if err != nil {
		f.problem = sentence(err)
		return
	}
	if link.Room != "" {
		address = link.WithoutRoom().String()
	}
	if address != f.want.Address {
		f.reached = false
	}
	want := f.wish
	want.Address, want.Name = address, f.want.Name
	if link.Room != "" {
		want = want.In(link.Room)
	}
	near := f.markedNearby()
	f.connect(want)
	f.coded = near != nil && near.Room
}

// addressTaken returns the address that Enter takes.
func (f *Flow) addressTaken() string {
	if g := f.markedNearby(); g != nil {
		return g.Address
	}
	if f.at > 0 {
		return f.servers[f.at-1-f.before()].Address
	}
	if address := trust.FindAddress(f.address.String()); address != "" {
		return address
	}
	return f.emptyAddress()
}

// emptyAddress returns the address that an empty line stands for: the server in this process, if there is one.
func (f *Flow) emptyAddress() string {
	if f.cfg.Alone {
		return f.cfg.Want.Address
	}
	return f.cfg.Default
}
