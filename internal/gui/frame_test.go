//go:build !nogui

package gui

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
)

// sample is a frame with its name in test messages.
type sample struct {
	name string
	frame
}

// rally is a view in the middle of a game.
func rally() client.Frame {
	return client.Frame{
		Stage: client.StagePlaying, Names: [2]string{"Ada", "Grace"},
		Presence: [2]client.Presence{client.Online, client.Online}, Points: 11,
		Paddle: [2]float64{210, 320}, Ball: client.Point{X: 512, Y: 233}, BallInPlay: true,
		Score: [2]int{7, 10}, Scorer: -1, Winner: -1,
		Figures: client.Figures{
			Latency: 104.2, Jitter: 2.13, P50: 101, P95: 118, P99: 131, LossUp: 0.012, LossDown: 0.052, BurstDown: 3,
			Lead: 8.2, Margin: 2.1, Wanted: 2.5, Corrections: 12, CorrectionsPerMin: 1.5, Missed: 1,
			Sent: 12345, Received: 4321, Samples: 900, BytesUp: 812345, BytesDown: 413345,
		},
	}
}

// samples returns every scene, plain and with the longest texts that must fit.
func samples() []sample {
	var all []sample
	add := func(name string, s scene, change func(*frame)) {
		f := frame{
			scene: s, view: rally(), zoom: 1, frames: 59.9, age: 300 * time.Millisecond,
			standard: "localhost", want: front.Want{Address: "pong.example.org:5555"},
		}
		for stage := client.StageWaiting; stage <= client.StageClosed; stage++ {
			if sceneOf(phaseMatch, stage) == s {
				f.view.Stage = stage
			}
		}
		change(&f)
		all = append(all, sample{name, f})
	}
	long := strings.Repeat("Something long went wrong with /some/path/that-has-no-spaces-in-it. ", 9)
	link := "pong://a-very-long-host-name.department.university.example.org:5555/#k=Q29tcGFyZSB0aGlzIGZpbmdlcnByaW50IHdpdGg"
	print := strings.TrimSuffix(strings.Repeat("4f0c:1a2b:99aa:bbcc:", 4), ":")
	add("address", sceneAddress, func(*frame) {})
	add("address typed", sceneAddress, func(f *frame) { f.entry = newEntry("192.168.1.17") })
	add("address long", sceneAddress, func(f *frame) { f.entry = newEntry(link) })
	add("connecting", sceneConnecting, func(*frame) {})
	add("connecting long", sceneConnecting, func(f *frame) { f.want.Address = link })
	add("trust", sceneTrust, func(f *frame) { f.question = dial.Question{Host: "pong.example.org:5555", Fingerprint: print} })
	add("failed", sceneFailed, func(f *frame) {
		f.failure = "dial pong.example.org:5555: connection refused\nIs the server running there?"
	})
	add("failed long", sceneFailed, func(f *frame) { f.failure, f.want.Address = long, link })
	add("waiting", sceneWaiting, func(f *frame) {
		f.view.BallInPlay, f.view.Score, f.view.Figures = false, [2]int{}, client.Figures{}
		f.view.Names[1], f.view.Presence[1] = "", client.Absent
	})
	add("ready", sceneReady, func(f *frame) { f.view.BallInPlay, f.view.Score = false, [2]int{} })
	add("countdown", sceneCountdown, func(f *frame) { f.view.BallInPlay, f.view.Countdown = false, 3 })
	add("playing", scenePlaying, func(*frame) {})
	add("playing right", scenePlaying, func(f *frame) { f.view.Me, f.detail = 1, true })
	add("scored other", sceneScored, func(f *frame) { f.view.BallInPlay, f.view.Scorer = false, 1 })
	add("scored own", sceneScored, func(f *frame) { f.view.BallInPlay, f.view.Scorer, f.age = false, 0, 0 })
	add("paused", scenePaused, func(f *frame) {
		f.view.Presence[1] = client.Silent
		f.view.Reason, f.view.Player, f.view.Seconds = client.ReasonPlayerSilent, 1, 54
	})
	add("over", sceneOver, func(f *frame) {
		f.view.BallInPlay, f.view.Winner, f.view.Score[1], f.view.Rematch[1] = false, 1, 11, true
		f.view.Reason, f.view.Player = client.ReasonRematchOffered, 1
	})
	add("over said yes", sceneOver, func(f *frame) {
		f.view.BallInPlay, f.view.Winner, f.view.Score[0], f.view.Rematch[0] = false, 0, 12, true
		f.view.Reason, f.view.Player = client.ReasonRematchAsked, 1
	})
	add("lost", sceneLost, func(f *frame) { f.view.Reason, f.view.Seconds = client.ReasonNoAnswer, 4 })
	add("closed", sceneClosed, func(f *frame) { f.view.Reason, f.view.Code = client.ReasonRefused, "closing" })
	add("closed long", sceneClosed, func(f *frame) { f.view.Reason, f.view.Message = client.ReasonRefused, long })
	add("leaving", scenePlaying, func(f *frame) { f.leaving = true })
	add("long names", scenePlaying, func(f *frame) {
		f.view.Names = [2]string{strings.Repeat("Augusta Ada ", 9), strings.Repeat("W", 90)}
		f.view.Presence[1], f.view.Score = client.Silent, [2]int{123, 99}
	})
	add("connecting to watch", sceneConnecting, func(f *frame) { f.want.Kind = front.Watch })
	add("failed but reached", sceneFailed, func(f *frame) { f.failure, f.reached = "the room is full", true })
	add("waiting in a room", sceneWaiting, func(f *frame) {
		f.want = front.Want{Kind: front.Friend, Address: "192.168.1.20", Room: "maple-42"}
		f.view.Stage = client.StageWaiting
		f.view.Room, f.view.Presence[1], f.view.Reason = "maple-42", client.Absent, client.ReasonNoOpponent
	})
	add("waiting in a long room", sceneWaiting, func(f *frame) {
		f.want = front.Want{Kind: front.Friend, Address: link, Room: strings.Repeat("w", 32)}
		f.view.Stage = client.StageWaiting
		f.view.Room, f.view.Presence[1] = f.want.Room, client.Absent
		f.view.NewMatch, f.view.Reason = true, client.ReasonNoOpponent
	})
	add("waiting for the bot", sceneWaiting, func(f *frame) {
		f.want.Kind, f.view.Room, f.view.Presence[1] = front.Practice, "practice-0123456789ab", client.Absent
		f.view.NewMatch, f.view.Reason = true, client.ReasonNoOpponent
	})
	add("waiting anew", sceneWaiting, func(f *frame) { f.view.NewMatch, f.view.Reason = true, client.ReasonNoOpponent })
	add("closing", scenePlaying, func(f *frame) { f.view.Closing = true })
	add("countdown anew", sceneCountdown, func(f *frame) { f.view.NewMatch, f.view.Countdown = true, 2 })
	for name, s := range map[string]scene{
		"playing": scenePlaying, "paused": scenePaused, "over": sceneOver, "lost": sceneLost, "closed": sceneClosed,
		"waiting": sceneWaiting, "scored": sceneScored, "ready": sceneReady, "countdown": sceneCountdown,
	} {
		add("watching "+name, s, func(f *frame) {
			f.want, f.view.Watching, f.view.Match = front.Want{Kind: front.Watch}, true, "m7"
			f.view.Scorer, f.view.Winner, f.view.Presence[0] = 0, 0, client.Silent
		})
	}
	for name, open := range menus() {
		add("menu "+name, sceneMenu, func(f *frame) { f.menu = open().Show() })
	}
	return all
}

// menus are the pages of the menu, plain and with the longest texts that must fit.
func menus() map[string]func() *front.Menu {
	page := func(p front.Page, then ...func(m *front.Menu)) func() *front.Menu {
		return func() *front.Menu {
			m := front.NewMenu("pong.example.org", "ada", false)
			m.Open(p)
			for _, do := range then {
				do(m)
			}
			return m
		}
	}
	var many []dial.Match
	for i := range 32 {
		many = append(many, dial.Match{
			Name: fmt.Sprint("m", i), Names: [2]string{strings.Repeat("W", 16), strings.Repeat("M", 16)}, Score: [2]int{i, 65535}, Watchers: 256,
		})
	}
	return map[string]func() *front.Menu{
		"main": page(front.PageMain), "friend": page(front.PageFriend), "practice": page(front.PagePractice), "name": page(front.PageName),
		"watch": page(front.PageWatch, func(m *front.Menu) {
			m.Listed([]dial.Match{{Name: "m7", Names: [2]string{"Ada", "Grace"}, Score: [2]int{3, 7}, Watchers: 2}}, nil)
		}),
		"watch many": page(front.PageWatch, func(m *front.Menu) { m.Listed(many, nil); m.Step(12) }),
		"watch failed": page(front.PageWatch, func(m *front.Menu) {
			m.Listed(nil, errors.New(strings.Repeat("Something long went wrong with the network. ", 9)))
		}),
		"room":      page(front.PageRoom),
		"long room": page(front.PageRoom, func(m *front.Menu) { m.Type(strings.Repeat("w", 99)) }),
	}
}

func TestEverySceneFitsIntoThePicture(t *testing.T) {
	const slack = 0.5
	for _, s := range samples() {
		for _, zoom := range []float64{1, maxZoom} {
			s.zoom = zoom
			var p picture
			p.compose(s.frame)
			for _, g := range p.shapes {
				x, w := g.x, g.w
				if g.kind == kindText {
					w = measure(g.text, g.face, g.size)
					x -= w * float64(g.align) / 2
				}
				if x < -slack || g.y < -slack || x+w > client.FieldWidth+slack || g.y+g.h > client.FieldHeight+slack {
					t.Errorf("%s at zoom %v: %q at %.0f, %.0f, %.0f x %.0f leaves the picture", s.name, zoom, g.text, x, g.y, w, g.h)
				}
				if g.kind == kindText && g.size < 11 {
					t.Errorf("%s: %q is drawn in size %v, too small to read", s.name, g.text, g.size)
				}
			}
		}
	}
}

func TestDialogsKeepTheirTextsInside(t *testing.T) {
	for _, s := range samples() {
		var p picture
		p.compose(s.frame)
		panel := slices.IndexFunc(p.shapes, func(g shape) bool { return g.kind == kindBox && g.w == dialogWidth })
		if panel < 0 {
			continue
		}
		box := p.shapes[panel]
		for _, g := range p.shapes[panel:] {
			if g.kind != kindText || g.align != center || g.y > box.y+box.h {
				continue // the help stands below
			}
			if w := measure(g.text, g.face, g.size); g.x-w/2 < box.x+12 || g.x+w/2 > box.x+box.w-12 {
				t.Errorf("%s: %q is %.0f wide and sticks out of its dialog", s.name, g.text, w)
			}
		}
	}
}

// texts returns all words of a picture in one line.
func texts(f frame) string {
	var p picture
	p.compose(f)
	var words []string
	for _, g := range p.shapes {
		if g.kind == kindText {
			words = append(words, g.text)
		}
	}
	return strings.Join(words, " | ")
}

func TestEverySceneSaysWhatIsGoingOn(t *testing.T) {
	want := map[string][]string{
		"address":       {"Server address", "localhost", "Connect", "Quit"},
		"address typed": {"192.168.1.17"},
		"connecting":    {"Connecting", "pong.example.org:5555", "Cancel"},
		"trust":         {"pong.example.org:5555", "4f0c:1a2b:99aa:bbcc", "No, leave", "Enter, N or Esc", "Y"},
		"failed":        {"connection refused | Is the server", "Try again", "Another address"},
		"waiting":       {"Waiting for an opponent", "nobody yet", "you", "Ada (you)", "Esc: leave"},
		"ready":         {"Ready", "Ada – Grace", "first to 11", "operator"},
		"countdown":     {"3", "first to 11", "you"},
		"playing":       {"7", "10", "Ada (you)", "Grace", "104 ms", "2.1 ms", "1.2/5.2 %", "8.2 ticks", "1.5/min"},
		"playing right": {"Grace (you)", "p50 101", "2.1 of 2.5", "413.3 kB down"},
		"scored other":  {"point"},
		"paused":        {"Grace is away", "Nothing arrives from Grace", "Grace (away)"},
		"over":          {"Grace wins", "7 : 11", "You: no word yet", "Grace: yes, play again", "Play again", "Leave"},
		"over said yes": {"You win", "12 : 10", "You: yes, play again", "Grace: no word yet", "You said yes"},
		"lost":          {"The server is away", "Nothing has arrived from the server for 4 s", "by itself"},
		"closed":        {"ended", "shutting down or restarting", "Back"},
		"leaving":       {"Leave the match?", "Stay", "Leave"},

		"connecting to watch": {"Waiting for a match to begin."},
		"failed but reached":  {"the room is full", "Back"},
		"waiting in a room":   {"Waiting for your friend", "maple-42", "pong play 192.168.1.20 --room maple-42", "C: copy"},
		"waiting for the bot": {"Waiting for the bot", "The previous match is gone"},
		"waiting anew":        {"Waiting for an opponent", "The previous match is gone"},
		"closing":             {"The server is shutting down or restarting"},
		"countdown anew":      {"The previous match is gone"},
		"watching playing":    {"WATCHING", "m7", "Ada (away)", "Grace"},
		"watching paused":     {"Ada is away"},
		"watching over":       {"Ada wins", "7 : 10", "Watch another", "Back"},
		"watching waiting":    {"Watch another", "Back"},
		"watching closed":     {"Watch another", "Back"},
		"watching countdown":  {"Esc: leave"},
		"menu main":           {"Quick match", "With a friend", "Practice", "Watch", "Playing as ada.", "Another server", "pong.example.org"},
		"menu practice":       {"Easy", "Normal", "Hard"},
		"menu watch":          {"Ada  3 : 7  Grace", "2 watching", "A match in a room"},
		"menu watch many":     {"more above", "more below"},
	}
	for _, s := range samples() {
		got := texts(s.frame)
		for _, words := range want[s.name] {
			if !strings.Contains(got, words) {
				t.Errorf("%s does not say %q; it says %s", s.name, words, got)
			}
		}
	}
}

// TestNothingIsMineForOneWhoLooksOn: neither by a word nor by a mark nor by a colour.
func TestNothingIsMineForOneWhoLooksOn(t *testing.T) {
	for _, s := range samples() {
		if !s.frame.view.Watching {
			continue
		}
		for _, words := range []string{"(you)", "You win", "You:", " move ", "Play again", "give up", "lead", "corrections"} {
			if got := texts(s.frame); strings.Contains(got, words) {
				t.Errorf("%s: it says %q in %s", s.name, words, got)
			}
		}
		var p picture
		p.compose(s.frame)
		for _, g := range p.shapes {
			if g.kind == kindTriangle || g.kind == kindBox && g.color == colorOwn && g.h == client.PaddleHeight {
				t.Errorf("%s: a paddle is marked as one's own", s.name)
			}
		}
	}
}

// TestANoticeNeverHidesTheBall: what is said while the ball is in play lies below it, in small print at the foot.
func TestANoticeNeverHidesTheBall(t *testing.T) {
	v := rally()
	v.Closing, v.Ball.Y = true, 545
	var p picture
	p.compose(frame{scene: scenePlaying, view: v, zoom: 1})
	said := slices.IndexFunc(p.shapes, func(g shape) bool { return strings.HasPrefix(g.text, "The server is shutting down") })
	ball := slices.IndexFunc(p.shapes, func(g shape) bool { return g.kind == kindBox && g.w == client.BallSize && g.h == client.BallSize })
	if said < 0 || ball < said {
		t.Fatalf("the notice is shape %d and the ball shape %d, want the ball above it", said, ball)
	}
	if g := p.shapes[said]; g.y < 500 || g.size > 20 {
		t.Errorf("the notice is drawn at %.0f in size %.0f, want it small and at the foot", g.y, g.size)
	}
}

// TestTheRowsOfAMenuCanBeClicked, also those of a list that has moved on.
func TestTheRowsOfAMenuCanBeClicked(t *testing.T) {
	for name, open := range menus() {
		m := open().Show()
		var p picture
		p.compose(frame{scene: sceneMenu, menu: m, zoom: 1})
		first := firstRow(m)
		for i := range min(len(m.Rows), mostRows) {
			at := slices.IndexFunc(p.shapes, func(g shape) bool {
				return g.kind == kindText && g.align == left && strings.HasPrefix(m.Rows[first+i].Label, strings.TrimSuffix(g.text, "…"))
			})
			if at < 0 {
				t.Fatalf("menu %s: row %q is not drawn", name, m.Rows[first+i].Label)
			}
			if got := p.hit(client.Point{X: middle, Y: p.shapes[at].y}).row(); got != i {
				t.Errorf("menu %s: a click on row %d hits row %d", name, i, got)
			}
		}
		if at := m.At - first; at < 0 || at >= mostRows {
			t.Errorf("menu %s: the choice is row %d of those that are shown", name, at)
		}
	}
	if cmdConfirm.row() != -1 || cmdEnd.row() != -1 {
		t.Error("a key is taken for a click on a row")
	}
}

func TestTheOwnPaddleHasAMark(t *testing.T) {
	for me := range 2 {
		var p picture
		v := rally()
		v.Me = me
		p.compose(frame{scene: scenePlaying, view: v, zoom: 1})
		mark := slices.IndexFunc(p.shapes, func(g shape) bool { return g.kind == kindTriangle })
		if mark < 0 {
			t.Fatalf("player %d has no mark", me+1)
		}
		g := p.shapes[mark]
		beside := math.Min(math.Abs(g.x+g.w-client.PaddleX(me)), math.Abs(g.x-client.PaddleX(me)-client.PaddleWidth))
		if at := v.Paddle[me] + client.PaddleHeight/2; beside > 10 || math.Abs(g.y+g.h/2-at) > 1 {
			t.Errorf("player %d's mark is at %.0f, %.0f, not behind the paddle", me+1, g.x, g.y)
		}
	}
}

func TestTheBallIsDrawnWhereTheViewSays(t *testing.T) {
	for _, inPlay := range []bool{true, false} {
		v := rally()
		v.BallInPlay = inPlay
		var p picture
		p.compose(frame{scene: scenePlaying, view: v, zoom: 1})
		drawn := slices.ContainsFunc(p.shapes, func(g shape) bool {
			return g.kind == kindBox && g.x == v.Ball.X && g.y == v.Ball.Y && g.w == client.BallSize && g.h == client.BallSize
		})
		if drawn != inPlay {
			t.Errorf("BallInPlay is %v and the ball is drawn: %v", inPlay, drawn)
		}
	}
}

func TestTheFlashFades(t *testing.T) {
	last := 2.0
	for age := time.Duration(0); age <= flashTime; age += flashTime / 8 {
		f := frame{scene: sceneScored, age: age, view: client.Frame{Scorer: 1}}
		if g := glow(f); g >= last || g < 0 || g > 1 {
			t.Errorf("%v after the point the flash has %.2f, after %.2f before", age, g, last)
		} else {
			last = g
		}
	}
	if last != 0 {
		t.Errorf("at its end the flash still has %.2f", last)
	}
}

func TestFingerprintsAreGroupedForTheEye(t *testing.T) {
	for in, want := range map[string][]string{
		"aaaa:bbbb:cccc:dddd:eeee": {"aaaa:bbbb:cccc:dddd", "eeee"},
		"aaaabbbbccccddddeee":      {"aaaa bbbb cccc dddd", "eee"},
		"":                         nil,
	} {
		if got := grouped(in); !slices.Equal(got, want) {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
}

func TestTextsStandOutFromTheirGround(t *testing.T) {
	for _, ink := range []tint{colorInk, colorFaint, colorOwn, colorAlert} {
		for _, ground := range []tint{colorField, colorPanel} {
			if c := contrast(ink, ground); c < 4.5 {
				t.Errorf("%v on %v has a contrast of %.1f, want 4.5 (WCAG 2, AA)", ink, ground, c)
			}
		}
	}
}

// contrast is that of WCAG 2.
func contrast(a, b tint) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c tint) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func TestButtonsCanBeClicked(t *testing.T) {
	var p picture
	p.compose(frame{scene: sceneTrust, zoom: 1})
	for _, b := range p.buttons {
		if got := p.hit(client.Point{X: b.x + b.w/2, Y: b.y + b.h/2}); got != b.command {
			t.Errorf("a click on a button gives %v, want %v", got, b.command)
		}
	}
	if got := p.hit(client.Point{X: 1, Y: 1}); len(p.buttons) != 2 || got != 0 {
		t.Errorf("%d buttons, and a click beside them gives %v", len(p.buttons), got)
	}
}

func TestWrappedLinesFit(t *testing.T) {
	text := "a word " + strings.Repeat("x", 200) + " and more"
	lines := wrap(text, regular, 17, 300, 99)
	for _, l := range lines {
		if w := measure(l, regular, 17); w > 300 {
			t.Errorf("%q is %.0f wide, want at most 300", l, w)
		}
	}
	if got, want := strings.ReplaceAll(strings.Join(lines, ""), " ", ""), strings.ReplaceAll(text, " ", ""); got != want {
		t.Errorf("wrapping lost something: %q", got)
	}
	cut := wrap(text, regular, 17, 300, 2)
	if len(cut) != 2 || !strings.HasSuffix(cut[1], "…") || measure(cut[1], regular, 17) > 300 {
		t.Errorf("two lines of it are %q, want the second to end in an ellipsis", cut)
	}
}
