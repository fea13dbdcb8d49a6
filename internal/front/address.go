package front

import (
	"strings"
	"unicode"

	"pong/internal/trust"
)

// maxAddress is the greatest length of an address. A join link with a long host name has some 330 characters.
const maxAddress = 512

// toAddress goes back to the address.
func (f *Flow) toAddress() {
	f.drop()
	f.page = CardAddress
}

// editAddress changes the line with the address. A text with a whole join link replaces the line by the link. Of
// other texts the line breaks become spaces, which end an address.
func (f *Flow) editAddress(in Input) {
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
	if f.address.insert(text, unicode.IsPrint, maxAddress) || f.address.edit(in.Actions) {
		f.problem = ""
	}
}

// takeAddress goes on with the address that was entered: to the menu, or to what the person wants if that is known.
func (f *Flow) takeAddress() {
	address := trust.FindAddress(f.address.String())
	if address == "" {
		address = f.emptyAddress()
	}
	if _, err := trust.ParseAddress(address, trust.DefaultPort); err != nil {
		f.problem = sentence(err)
		return
	}
	if address != f.want.Address {
		f.want.Address, f.reached = address, false
	}
	if f.cfg.Want.Kind == Undecided || f.cfg.Alone {
		f.toMenu()
		return
	}
	want := f.cfg.Want
	want.Address, want.Name = address, f.want.Name
	f.connect(want)
}

// emptyAddress returns the address that an empty line stands for: the server in this process, if there is one.
func (f *Flow) emptyAddress() string {
	if f.cfg.Alone {
		return f.cfg.Want.Address
	}
	return f.cfg.Default
}
