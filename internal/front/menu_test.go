package front

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pong/internal/dial"
	"pong/internal/names/namestest"
	"pong/internal/trust"
)

// labels are the rows of the page, the chosen one marked.
func labels(m *menu) []string {
	var all []string
	for i, r := range m.rows() {
		if i == m.at {
			r.Label = "> " + r.Label
		}
		all = append(all, r.Label)
	}
	return all
}

// typeIn types a text into the line.
func (m *menu) typeIn(text string) { m.write(Input{Text: text}) }

// choose takes the row with a label.
func choose(t *testing.T, m *menu, label string) (Want, bool) {
	t.Helper()
	at := slices.IndexFunc(m.rows(), func(r Row) bool { return strings.HasPrefix(r.Label, label) })
	if at < 0 {
		t.Fatalf("page %d has no row %q, only %q", m.page, label, labels(m))
	}
	return m.choose(at)
}

func TestMenu_EachWayEndsInAWant(t *testing.T) {
	ann := dial.Match{Name: "m7", Names: [2]string{"Ann", "Bo"}, Score: [2]int{3, 7}, Watchers: 2}
	for name, c := range map[string]struct {
		way  func(t *testing.T, m *menu) (Want, bool)
		want Want
	}{
		"quick": {func(t *testing.T, m *menu) (Want, bool) { return m.enter() }, Want{Kind: Quick}},
		"friend, with the code that is proposed": {func(t *testing.T, m *menu) (Want, bool) {
			choose(t, m, "With a friend")
			return m.enter()
		}, Want{Kind: Friend, Room: "elk-elm-gem-gum"}},
		"friend, with an empty line": {func(t *testing.T, m *menu) (Want, bool) {
			choose(t, m, "With a friend")
			m.write(Input{Actions: Clear})
			return m.enter()
		}, Want{Kind: Friend, Room: "elk-elm-gem-gum"}},
		"friend, with a code that was told": {func(t *testing.T, m *menu) (Want, bool) {
			choose(t, m, "With a friend")
			m.typeIn(" Maple-427\n")
			m.write(Input{Actions: Erase})
			return m.enter()
		}, Want{Kind: Friend, Room: "maple-42"}},
		"practice": {func(t *testing.T, m *menu) (Want, bool) {
			choose(t, m, "Practice")
			return m.enter()
		}, Want{Kind: Practice, Level: Normal}},
		"hard practice": {func(t *testing.T, m *menu) (Want, bool) {
			choose(t, m, "Practice")
			m.step(1)
			return m.enter()
		}, Want{Kind: Practice, Level: Hard}},
		"watch": {func(t *testing.T, m *menu) (Want, bool) {
			choose(t, m, "Watch")
			m.list([]dial.Match{ann}, nil)
			return m.enter()
		}, Want{Kind: Watch, Match: "m7"}},
		"watch, and there is nothing": {func(t *testing.T, m *menu) (Want, bool) {
			choose(t, m, "Watch")
			m.list(nil, nil)
			return m.enter()
		}, Want{Kind: Watch}},
		"watch in a room": {func(t *testing.T, m *menu) (Want, bool) {
			choose(t, m, "Watch")
			choose(t, m, "A match in a room")
			m.typeIn("tiger-77")
			return m.enter()
		}, Want{Kind: Watch, Room: "tiger-77"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMenu("h", "ada", false)
			m.newRoom = func() string { return "elk-elm-gem-gum" }
			c.want.Address, c.want.Name = "h", "ada"
			if got, done := c.way(t, m); got != c.want || !done {
				t.Errorf("it ends in %+v (%v), want %+v", got, done, c.want)
			}
		})
	}
}

func TestMenu_BackLeadsToTheRowItCameFrom(t *testing.T) {
	m := newMenu("h", "ada", false)
	for row, r := range m.rows() {
		if r.act != nil {
			continue
		}
		m.choose(row)
		if m.page == pageMain {
			t.Fatalf("%q leads nowhere", r.Label)
		}
		if !m.back() || m.page != pageMain || m.at != row {
			t.Errorf("back from %q is page %d, row %d; want the main page, row %d", r.Label, m.page, m.at, row)
		}
	}
	choose(t, m, "Watch")
	choose(t, m, "A match in a room")
	if m.back(); m.page != pageWatch {
		t.Errorf("back from the room of a match is page %d, want the list", m.page)
	}
	m.back()
	if m.back() {
		t.Error("there is something behind the main page")
	}
}

func TestMenu_OffersOnlyPracticeAtAServerOfItsOwn(t *testing.T) {
	m := newMenu("h", "ada", true)
	if want, done := m.enter(); want.Kind != Practice || !done || m.back() {
		t.Errorf("Enter gives %+v (%v) on page %d", want, done, m.page)
	}
}

func TestMenu_ChoiceGoesRound(t *testing.T) {
	m := newMenu("h", "ada", false)
	n := len(m.rows())
	if m.step(-1); m.at != n-1 {
		t.Errorf("up from the first row is row %d of %d", m.at, n)
	}
	if m.step(1); m.at != 0 {
		t.Errorf("down from the last row is row %d", m.at)
	}
	for _, row := range []int{-1, n} {
		if want, done := m.choose(row); done || want != (Want{}) || m.page != pageMain {
			t.Errorf("row %d, which is not there, gives %+v", row, want)
		}
	}
}

func TestMenu_ChoiceStaysWithItsMatch(t *testing.T) {
	game := func(name string) dial.Match { return dial.Match{Name: name, Names: [2]string{"a" + name, "b"}} }
	m := newMenu("h", "ada", false)
	m.open(pageWatch)
	m.list([]dial.Match{game("1"), game("2")}, nil)
	m.step(1)
	m.list([]dial.Match{game("3"), game("1"), game("2")}, nil)
	if got := labels(m); got[2] != "> a2 0 : 0 b" {
		t.Errorf("after the list has grown: %q, want the choice still on the match of a2", got)
	}
	m.list(nil, errors.New("nobody there"))
	if text, style := m.remark(); text != "Nobody there" || style != Wrong {
		t.Errorf("a list that cannot be had says %q (%v)", text, style)
	}
	if m.at >= len(m.rows()) {
		t.Errorf("the choice is row %d of %q", m.at, labels(m))
	}
	m.back()
	m.list([]dial.Match{game("1")}, nil) // too late
	if m.page != pageMain {
		t.Error("a list that comes late has turned a page")
	}
}

func TestMenu_ChecksRoomCodes(t *testing.T) {
	m := newMenu("h", "ada", false)
	m.open(pageFriend)
	proposed := m.room()
	if m.typeIn("Zebra 1\x1b"); m.room() == proposed {
		t.Errorf("typing over %q leaves it", proposed)
	}
	var c Card
	if m.card(&c); m.room() != "zebra-1" || !slices.Contains(c.Lines, Line{"zebra-1", Literal}) {
		t.Errorf("of the room %q the menu says %q, want the code that it becomes", m.room(), c.Lines)
	}
	m.write(Input{Actions: Clear})
	if m.typeIn(strings.Repeat("x", 99)); len(m.line.text) != maxTyped {
		t.Errorf("%d characters were taken, want %d at most", len(m.line.text), maxTyped)
	}
	if _, done := m.enter(); done {
		t.Error("a code that is too long was taken")
	}
	m.write(Input{Actions: Clear})
	if m.typeIn("!"); m.page != pageFriend {
		t.Fatal("typing has left the page")
	}
	if _, done := m.enter(); done {
		t.Error("a code without a letter was taken")
	}
	if text, style := m.remark(); style != Wrong || !strings.Contains(text, "maple-42") {
		t.Errorf("of an empty code the menu says %q", text)
	}
	m.typeIn("a")
	if _, style := m.remark(); style == Wrong {
		t.Error("the problem stays when one goes on typing")
	}
	if choose(t, m, "Another code"); m.room() == "a" {
		t.Error("another code is the same")
	}
}

func TestMenu_CleansAndChecksNames(t *testing.T) {
	m := newMenu("h", "ada", false)
	m.open(pageName)
	m.typeIn("  Grace   H \x00")
	m.enter()
	if m.name != "Grace H" || m.page != pageMain {
		t.Errorf("the name is %q on page %d, want Grace H and the main page", m.name, m.page)
	}
	if want, _ := m.choose(0); want.Name != "Grace H" {
		t.Errorf("one plays as %q", want.Name)
	}
	m.open(pageName)
	m.typeIn("   ")
	m.enter()
	if text, style := m.remark(); m.name != "Grace H" || style != Wrong {
		t.Errorf("an empty name leaves %q and says %q", m.name, text)
	}
}

func TestMenu_TakesNamesOfTheWorld(t *testing.T) {
	for _, s := range namestest.Names {
		m := newMenu("h", "ada", false)
		m.open(pageName)
		m.typeIn(s.Name)
		if m.enter(); m.name != s.Name || m.page != pageMain {
			text, _ := m.remark()
			t.Errorf("%+q is typed, the name is %+q on page %d: %s", s.Name, m.name, m.page, text)
		}
	}
}

func TestMenu_MarksMixedLettersOfTheOwnName(t *testing.T) {
	for _, alone := range []bool{false, true} {
		rows := newMenu("h", "аnn", alone).rows()
		if got := rows[len(rows)-1]; got.Label != "Your name" || got.Detail != "аnn (mixed letters)" {
			t.Errorf("alone: %t, the row of the name is %q: %q", alone, got.Label, got.Detail)
		}
	}
}

func TestMenu_ShowsTheSpaceOfANameAndItsBounds(t *testing.T) {
	m := newMenu("h", "ada", false)
	m.open(pageName)
	m.typeIn("王👩\u200d🚀é")
	if text, _ := m.remark(); !strings.Contains(text, "3 of 16 characters, 5 of 24 columns") {
		t.Errorf("three characters are typed, and the page says %q", text)
	}
	m.typeIn(strings.Repeat("漢", 20))
	if text, _ := m.remark(); !strings.Contains(text, "12 of 16 characters, 23 of 24 columns") {
		t.Errorf("more is typed than fits, and the page says %q", text)
	}
	m.typeIn("\u202e\x1b")
	if got := string(m.line.text); strings.ContainsAny(got, "\u202e\x1b") {
		t.Errorf("the line has %+q, want no invisible character", got)
	}
	m.open(pageName)
	m.typeIn("q\u0301\u0302\u0303")
	m.enter()
	const want = "The name has too many marks on one letter (U+0303): leave some out."
	if text, style := m.remark(); style != Wrong || text != want {
		t.Errorf("a name with three accents on a letter says %q, want %q", text, want)
	}
}

func TestInvite_NamesTheCommandAndItsLimits(t *testing.T) {
	for address, want := range map[string][2]string{
		"192.168.1.20": {"192.168.1.20:5555", ""},
		"localhost":    {"localhost:5555", "localhost"},
		"127.0.0.2:7":  {"127.0.0.2:7", "127.0.0.2"},
		"[::1]:5555":   {"[::1]:5555", "::1"},
		"pong://h.example:5555/#k=qXB151fxqXB151fxqXB151fxqXB151fxqXB151fxqXA": {"h.example:5555", ""},
	} {
		key := trust.Fingerprint{1, 2, 3}
		command, remark := Invite(address, key.String(), "maple-42")
		link := trust.JoinLink{Address: want[0], Key: key, HasKey: true, Room: "maple-42"}.String()
		if command != `pong play "`+link+`"` || (remark == "") != (want[1] == "") ||
			!strings.Contains(remark, want[1]) {
			t.Errorf("%s: %q, %q; want the link %q and a remark about %q", address, command, remark, link, want[1])
		}
	}
	command, _ := Invite("pong.example.org", "", "maple-42") // with a certificate of a public authority
	if command != `pong play "pong://pong.example.org:5555/#r=maple-42"` {
		t.Errorf("the command is %q, want a link without a key", command)
	}
}

func TestWant_SaysWhatItWaitsFor(t *testing.T) {
	for want, said := range map[Want]string{
		{Kind: Watch}:                 "Waiting for a match to begin.",
		{Kind: Watch, Room: "lion-1"}: "Waiting for a match to begin in the room lion-1.",
		{Kind: Watch, Match: "m7"}:    "",
		{Kind: Quick}:                 "",
	} {
		if got := want.Wait(); got != said {
			t.Errorf("%+v waits for %q, want %q", want, got, said)
		}
	}
}
