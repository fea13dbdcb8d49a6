//go:build !nogui

package gui

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/front/fronttest"
)

// A sample is a frame with its name.
type sample struct {
	name string
	frame
}

// samples returns every screen of the flow as a frame, and a match with the ghost and without sound.
func samples(t *testing.T) (all []sample) {
	t.Helper()
	for _, s := range fronttest.Screens(t) {
		s.Age = 300 * time.Millisecond
		all = append(all, sample{s.Name, frame{Screen: s.Screen, zoom: 1, frames: 59.9, labels: defaultLabels}})
		if s.Match {
			detailed := frame{Screen: s.Screen, zoom: 1, frames: 59.9, muted: true, labels: defaultLabels}
			detailed.Lab = fronttest.Lab()
			if detailed.Lab.Panel = nil; s.Frame.Watching {
				detailed.Lab.Note = "" // a watcher switches no techniques
			}
			all = append(all, sample{s.Name + " in detail", detailed})
		}
	}
	return all
}

// playing returns a frame of a match in full swing, with a change.
func playing(change func(*client.Frame)) frame {
	v := fronttest.Rally()
	change(&v)
	return frame{Screen: front.Screen{Match: true, Frame: v}, zoom: 1, labels: defaultLabels}
}

// composed returns the picture of a frame.
func composed(f frame) *picture {
	var p picture
	p.compose(f)
	return &p
}

// texts returns all words of a picture in one line.
func texts(f frame) string {
	var words []string
	for _, g := range composed(f).shapes {
		if g.kind == kindText {
			words = append(words, g.text)
		}
	}
	return strings.Join(words, " | ")
}

func TestFrame_EveryScreenFitsIntoThePicture(t *testing.T) {
	const slack = 0.5
	for _, s := range samples(t) {
		for _, zoom := range []float64{1, maxZoom} {
			s.zoom = zoom
			for _, g := range composed(s.frame).shapes {
				x, w := g.x, g.w
				if g.kind == kindText {
					w = measure(g.text, g.face, g.size)
					x -= w * float64(g.align) / 2
				}
				if x < -slack || g.y < -slack || x+w > client.FieldWidth+slack || g.y+g.h > client.FieldHeight+slack {
					t.Errorf("%s at zoom %v: %q at %.0f, %.0f, %.0f x %.0f leaves the picture",
						s.name, zoom, g.text, x, g.y, w, g.h)
				}
				if g.kind == kindText && g.size < 11 {
					t.Errorf("%s: %q is drawn in size %v, too small to read", s.name, g.text, g.size)
				}
			}
		}
	}
}

func TestCard_KeepsItsTextsInside(t *testing.T) {
	for _, s := range samples(t) {
		p := composed(s.frame)
		panel := slices.IndexFunc(p.shapes, func(g shape) bool { return g.kind == kindBox && g.w == cardWidth })
		if panel < 0 {
			continue
		}
		box := p.shapes[panel]
		if box.y < 0 || box.y+box.h > client.FieldHeight {
			t.Errorf("%s: its card is %.0f high, from %.0f on, and leaves the picture", s.name, box.h, box.y)
		}
		for _, g := range p.shapes[panel:] {
			if g.kind != kindText || g.align != center || g.y > box.y+box.h {
				continue // the help stands below
			}
			if w := measure(g.text, g.face, g.size); g.x-w/2 < box.x+12 || g.x+w/2 > box.x+box.w-12 {
				t.Errorf("%s: %q is %.0f wide and sticks out of its card", s.name, g.text, w)
			}
		}
	}
}

// TestFrame_SaysWhatTheFlowSays: every sentence, choice, key and row of a card is drawn, as far as there is room.
func TestFrame_SaysWhatTheFlowSays(t *testing.T) {
	for _, s := range samples(t) {
		got := strings.NewReplacer(" | ", "", " ", "", "…", "").Replace(texts(s.frame))
		saysStart := func(text string) {
			t.Helper()
			text = strings.ReplaceAll(text, " ", "")
			if start := text[:min(len(text), 12)]; !strings.Contains(got, start) {
				t.Errorf("%s does not say %q; it says %s", s.name, text, got)
			}
		}
		saysStart(s.Card.Title)
		for _, l := range s.Card.Lines {
			saysStart(l.Text)
		}
		for _, c := range s.Card.Choices {
			if saysStart(c.Label); c.Label != "" {
				saysStart(keysOf(c.Keys))
			}
		}
		for i, r := range s.Card.Rows {
			if first := firstRow(&s.Card); i >= first && i < first+mostRows {
				saysStart(r.Label)
				saysStart(r.Detail)
			}
		}
		saysStart(s.Aside)
		saysStart(s.Card.Footer)
	}
}

func TestFrame_MatchHasScoresNamesAndFigures(t *testing.T) {
	f := playing(func(v *client.Frame) {})
	for _, words := range []string{"7", "10", "Ada (you)", "Grace", "48 ms", "0.4/5.1 %", "5.2 ticks", "2/min"} {
		if got := texts(f); !strings.Contains(got, words) {
			t.Errorf("a match does not show %q; it shows %s", words, got)
		}
	}
	f.Frame.Stage, f.Frame.Countdown = client.StageCountdown, 2
	for _, words := range []string{"2", "first to 11", "you", "Esc: leave", "sound off"} {
		if got := texts(f); !strings.Contains(got, words) {
			t.Errorf("the countdown does not show %q; it shows %s", words, got)
		}
	}
}

// TestFrame_NothingIsOnesOwnForAWatcher: neither by a word nor by a mark nor by a colour.
func TestFrame_NothingIsOnesOwnForAWatcher(t *testing.T) {
	for _, s := range samples(t) {
		if !s.Frame.Watching {
			continue
		}
		for _, words := range []string{"(you)", "You win", "You play", " move ", "Play again", "Leave", "lead",
			"corrections  "} {
			if got := texts(s.frame); strings.Contains(got, words) {
				t.Errorf("%s: it says %q in %s", s.name, words, got)
			}
		}
		for _, g := range composed(s.frame).shapes {
			if g.kind == kindTriangle || g.kind == kindBox && g.color == colorOwn && g.h == client.PaddleHeight {
				t.Errorf("%s: a paddle is marked as one's own", s.name)
			}
		}
	}
}

// TestAside_NeverHidesTheBall: what is said while the ball is in play lies below it, in small print at the foot.
func TestAside_NeverHidesTheBall(t *testing.T) {
	f := playing(func(v *client.Frame) { v.Ball.Y = 545 })
	f.Aside = "The server will end in 30 s."
	p := composed(f)
	said := slices.IndexFunc(p.shapes, func(g shape) bool { return g.text == f.Aside })
	ball := slices.IndexFunc(p.shapes, func(g shape) bool {
		return g.kind == kindBox && g.w == client.BallSize && g.h == client.BallSize
	})
	if said < 0 || ball < said {
		t.Fatalf("the sentence is shape %d and the ball shape %d, want the ball above it", said, ball)
	}
	if g := p.shapes[said]; g.y < 500 || g.size > 20 {
		t.Errorf("the sentence is drawn at %.0f in size %.0f, want it small and at the foot", g.y, g.size)
	}
}

// TestRows_CanBeClicked, also those of a list that has moved on.
func TestRows_CanBeClicked(t *testing.T) {
	for _, s := range samples(t) {
		if len(s.Card.Rows) == 0 {
			continue
		}
		p, first := composed(s.frame), firstRow(&s.Card)
		for i := range min(len(s.Card.Rows), mostRows) {
			label := s.Card.Rows[first+i].Label
			at := slices.IndexFunc(p.shapes, func(g shape) bool {
				return g.kind == kindText && g.align == left && g.face == bold &&
					strings.HasPrefix(label, strings.TrimSuffix(g.text, "…"))
			})
			if at < 0 {
				t.Fatalf("%s: row %q is not drawn", s.name, label)
			}
			if got := p.hit(client.Point{X: middle, Y: p.shapes[at].y}).row; got != first+i+1 {
				t.Errorf("%s: a click on row %d hits row %d", s.name, first+i+1, got)
			}
		}
		if at := s.Card.At - first; s.Card.At >= 0 && (at < 0 || at >= mostRows) {
			t.Errorf("%s: the marked row is number %d of those that are shown", s.name, at)
		}
	}
}

func TestChoices_CanBeClicked(t *testing.T) {
	for _, s := range samples(t) {
		p := composed(s.frame)
		for _, c := range s.Card.Choices {
			at := slices.IndexFunc(p.buttons, func(b button) bool { return b.actions == c.Keys })
			if c.Label == "" {
				continue
			}
			if at < 0 {
				t.Errorf("%s: %q has no button", s.name, c.Label)
				continue
			}
			b := p.buttons[at]
			if got := p.hit(client.Point{X: b.x + b.w/2, Y: b.y + b.h/2}); got != b {
				t.Errorf("%s: a click on %q hits %+v", s.name, c.Label, got)
			}
		}
		if got := p.hit(client.Point{X: 1, Y: 1}); got != (button{}) {
			t.Errorf("%s: a click beside all buttons hits %+v", s.name, got)
		}
	}
}

func TestPaddles_OwnOneHasAMark(t *testing.T) {
	for me := range 2 {
		f := playing(func(v *client.Frame) { v.Me = me })
		p, v := composed(f), f.Frame
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

func TestServe_IsShownAsAnArrow(t *testing.T) {
	for _, stage := range []client.Stage{client.StageCountdown, client.StageScored} {
		for _, serve := range []client.Point{{}, {X: 0.8, Y: -0.6}, {X: -0.96, Y: 0.28}} {
			f := playing(func(v *client.Frame) {
				v.Stage, v.Serve, v.Watching, v.BallInPlay = stage, serve, true, false
			})
			p := composed(f)
			at := slices.IndexFunc(p.shapes, func(g shape) bool { return g.kind == kindArrow })
			if serve == (client.Point{}) {
				if at >= 0 {
					t.Errorf("stage %v: an arrow is drawn before the serve is", stage)
				}
				continue
			}
			if at < 0 {
				t.Fatalf("stage %v: the serve %v has no arrow", stage, serve)
			}
			g := p.shapes[at]
			for _, d := range []client.Point{{X: g.w, Y: g.h}, {X: g.x - middle, Y: g.y - client.FieldHeight/2}} {
				if long := math.Hypot(d.X, d.Y); math.Hypot(d.X/long-serve.X, d.Y/long-serve.Y) > 1e-9 {
					t.Errorf("stage %v: the arrow of the serve %v is %+v, want it from the middle in that direction",
						stage, serve, g)
				}
			}
		}
	}
}

func TestBall_IsDrawnWhereTheFrameSays(t *testing.T) {
	for _, inPlay := range []bool{true, false} {
		f := playing(func(v *client.Frame) { v.BallInPlay = inPlay })
		p, v := composed(f), f.Frame
		drawn := slices.ContainsFunc(p.shapes, func(g shape) bool {
			return g.kind == kindBox && g.x == v.Ball.X && g.y == v.Ball.Y && g.w == client.BallSize &&
				g.h == client.BallSize
		})
		if drawn != inPlay {
			t.Errorf("BallInPlay is %v and the ball is drawn: %v", inPlay, drawn)
		}
	}
}

func TestColors_StandOutFromTheirGround(t *testing.T) {
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

func TestWrap_LinesFit(t *testing.T) {
	text := "a word " + strings.Repeat("x", 200) + " and more"
	lines := wrap(text, regular, 17, 300, 99)
	for _, l := range lines {
		if w := measure(l, regular, 17); w > 300 {
			t.Errorf("%q is %.0f wide, want at most 300", l, w)
		}
	}
	if got, want := strings.ReplaceAll(strings.Join(lines, ""), " ", ""),
		strings.ReplaceAll(text, " ", ""); got != want {
		t.Errorf("wrapping lost something: %q", got)
	}
	cut := wrap(text, regular, 17, 300, 2)
	if len(cut) != 2 || !strings.HasSuffix(cut[1], "…") || measure(cut[1], regular, 17) > 300 {
		t.Errorf("two lines of it are %q, want the second to end in an ellipsis", cut)
	}
}
