package nearby

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"pong/internal/names"
)

var (
	near = netip.MustParseAddr("192.168.1.20")
	game = Game{Name: "Ann", Address: netip.AddrPortFrom(near, 5555), Players: 1, Room: true}
)

// answerOf returns the packet of an answer.
func answerOf(t testing.TB, g Game) []byte {
	t.Helper()
	packet, err := appendAnswer(7, true, "pong-01", g)
	if err != nil {
		t.Fatal(err)
	}
	return packet
}

func TestPacket_QuestionAndAnswer(t *testing.T) {
	question, err := appendQuestion(7)
	if err != nil {
		t.Fatal(err)
	}
	if id, asks := parseQuestion(question); id != 7 || !asks {
		t.Errorf("the question is read as %d, %v", id, asks)
	}
	if _, asks := parseQuestion(answerOf(t, game)); asks {
		t.Error("an answer is taken for a question")
	}
	for _, want := range []Game{
		game, {Name: "Привет", Address: game.Address}, {Name: "A.B", Address: game.Address, Players: 12},
	} {
		if got, ok := parseAnswer(answerOf(t, want), 7, near); !ok || got != want {
			t.Errorf("the answer is read as %+v, %v; want %+v", got, ok, want)
		}
	}
	elsewhere := netip.MustParseAddr("192.168.1.66")
	if got, ok := parseAnswer(answerOf(t, game), 7, elsewhere); !ok || got.Address.Addr() != elsewhere {
		t.Errorf("an answer leads to %v, want the address that it comes from", got.Address)
	}
	if _, ok := parseAnswer(answerOf(t, game), 8, near); ok {
		t.Error("an answer to another question is taken")
	}
	if _, ok := parseAnswer(question, 7, near); ok {
		t.Error("a question is taken for an answer")
	}
}

// Names and numbers of hostile answers are shown as any other player's name, or not at all.
func TestPacket_HostileTexts(t *testing.T) {
	for _, text := range []string{
		"\x1b[2J\x1b[31m", "two\nlines", strings.Repeat("W", 200), "\u202egnp", "", "\xff\xfe",
	} {
		g := game
		g.Name = text
		got, ok := parseAnswer(answerOf(t, g), 7, near)
		if bad := strings.ContainsAny(got.Name, "\x1b\n\u202e"); !ok || bad || got.Name != names.Display(got.Name) {
			t.Errorf("the name %q is shown as %q, %v", text, got.Name, ok)
		}
	}
	a := answer{game: Game{Name: "Pong"}}
	a.takeText([]string{"players=-1", "players=999999999999999999999", "players=x", "name", "=", "", "room=2"})
	if want := (Game{Name: "Pong"}); a.game != want {
		t.Errorf("texts that are not valid are read as %+v, want %+v", a.game, want)
	}
}

// However many packets come, few games are kept, in order, and reading ends.
func TestGathering_IsBounded(t *testing.T) {
	g := gathering{id: 7}
	packet := answerOf(t, game)
	reads := 0
	for i := range 100000 {
		from := netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)})
		if !g.take(packet, from) {
			break
		}
		reads++
	}
	if reads != mostPackets || len(g.games) != mostGames {
		t.Errorf("of a flood %d packets are read and %d games are kept, want %d and %d", reads, len(g.games),
			mostPackets, mostGames)
	}
	g = gathering{id: 7}
	for _, last := range []byte{3, 1, 2, 1} {
		g.take(packet, netip.AddrFrom4([4]byte{10, 0, 0, last}))
	}
	if len(g.games) != 3 || g.games[0].Address.Addr().As4()[3] != 1 || g.games[2].Address.Addr().As4()[3] != 3 {
		t.Errorf("got %+v, want each address once, in order", g.games)
	}
}

// A question may name a multicast answer, any type, and other services beside.
func TestPacket_QuestionsOfOthers(t *testing.T) {
	build := func(questions ...dnsmessage.Question) []byte {
		b := dnsmessage.NewBuilder(nil, dnsmessage.Header{ID: 3})
		_ = b.StartQuestions()
		for _, q := range questions {
			_ = b.Question(q)
		}
		packet, err := b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		return packet
	}
	other := question
	other.Name = dnsmessage.MustNewName("_http._tcp.local.")
	unicast, upper := question, question
	unicast.Class |= unicastBit
	upper.Name, upper.Type = dnsmessage.MustNewName("_PONG._TCP.local."), dnsmessage.TypeALL
	for name, test := range map[string]struct {
		packet []byte
		want   bool
	}{
		"for unicast":     {build(unicast), true},
		"in capitals":     {build(upper), true},
		"after another":   {build(other, question), true},
		"another service": {build(other), false},
		"none":            {build(), false},
		"cut":             {build(question)[:20], false},
		"empty":           {nil, false},
	} {
		if _, asks := parseQuestion(test.packet); asks != test.want {
			t.Errorf("%s: asks is %v, want %v", name, asks, test.want)
		}
	}
}

// Any bytes are read without a panic, and a game that they give can be shown.
func FuzzPackets(f *testing.F) {
	question, _ := appendQuestion(7)
	f.Add(question)
	f.Add(answerOf(f, game))
	multicast, _ := appendAnswer(0, false, "pong-01", game)
	f.Add(multicast)
	f.Fuzz(func(t *testing.T, packet []byte) {
		_, _ = parseQuestion(packet)
		id := uint16(0)
		if len(packet) > 1 {
			id = binary.BigEndian.Uint16(packet)
		}
		g, ok := parseAnswer(packet, id, near)
		if ok && (g.Address.Addr() != near || g.Address.Port() == 0 || g.Name != names.Display(g.Name) ||
			g.Players < 0 || g.Players > maxPlayers) {
			t.Fatalf("%x is read as %+v", packet, g)
		}
	})
}
