// Package fronttest has a sample of every screen of the flow, plain and with the longest texts that must fit. The tests
// of the front ends draw them.
package fronttest

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
	"pong/internal/trust"
)

// A Sample is a named screen.
type Sample struct {
	Name string
	front.Screen
}

// A Server describes what a flow finds when it dials. Its zero value has a match in full swing, and no list.
type Server struct {
	Frame func(*client.Frame) // changes the frame of Rally. If nil, it stays as it is.
	Ask   dial.Question       // asked when the server is dialled, if there is a Host
	Err   error               // returned instead of a match or a list
	Hang  bool                // the server does not answer
	Games []dial.Match        // the list
}

// Rally returns a frame of a match in full swing. The person is the left player.
func Rally() client.Frame {
	return client.Frame{
		Stage: client.StagePlaying, Names: [2]string{"Ada", "Grace"}, Match: "m7",
		Fairness: "share",
		Presence: [2]client.Presence{client.Online, client.Online}, Points: 11,
		Paddle: [2]float64{187.5, 412}, Ball: client.Point{X: 512, Y: 233}, BallInPlay: true,
		Score: [2]int{7, 10}, Scorer: -1, Winner: -1, Tick: 4711,
		Figures: client.Figures{
			Latency: 48.2, Jitter: 2.13, P50: 47, P95: 58, P99: 71, LossUp: 0.004, LossDown: 0.051, BurstDown: 3,
			Lead: 5.2, Margin: 2.1, Wanted: 2.5, Corrections: 12, CorrectionsPerMin: 2, Missed: 1,
			Sent: 12345, Received: 4321, Samples: 900, BytesUp: 812345, BytesDown: 413345,
		},
	}
}

// Inspected returns an inspection of the frame of Rally.
func Inspected() client.Inspection {
	return client.Inspection{
		Ball: client.Point{X: 470, Y: 219}, Paddle: [2]float64{170, 400}, BallInPlay: true, Age: 37 * time.Millisecond,
		RoundTrip: 51.4, Unacknowledged: 6, LostDown: 3, CorrectedBy: 41.5, Error: 3.2, HasError: true,
	}
}

// A session is a match of one frame.
type session struct{ frame client.Frame }

func (s session) Update(time.Time, game.Input) {}
func (s session) Frame(time.Time) client.Frame { return s.frame }
func (s session) Rematch()                     {}
func (s session) Accept()                      {}
func (s session) Refuse()                      {}
func (s session) SetSettings(client.Settings)  {}
func (s session) Close() error                 { return nil }
func (s session) Inspect(time.Time, *client.Frame) client.Inspection {
	return Inspected()
}

func (s *Server) meet(ctx context.Context, ask front.Ask) error {
	if s.Ask.Host != "" {
		ask(ctx, s.Ask)
	}
	if s.Hang {
		<-ctx.Done()
	}
	return s.Err
}

// Show returns the screen after a person has done something, one Input after another.
func Show(t *testing.T, cfg front.Config, s Server, inputs ...front.Input) (shown front.Screen) {
	t.Helper()
	cfg.Dial = func(ctx context.Context, _ front.Want, ask front.Ask) (front.Session, error) {
		if err := s.meet(ctx, ask); err != nil {
			return nil, err
		}
		v := Rally()
		if s.Frame != nil {
			s.Frame(&v)
		}
		return session{v}, nil
	}
	cfg.List = func(ctx context.Context, _ string, ask front.Ask) ([]dial.Match, error) {
		return s.Games, s.meet(ctx, ask)
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		now := time.Unix(0, 0)
		f := front.New(ctx, now, cfg)
		defer f.Close()
		defer cancel()
		settle := func() {
			for range 3 { // the result of a call arrives in the next frame
				synctest.Wait()
				f.Step(now, game.None)
			}
			now = now.Add(time.Second) // a card that has just appeared cannot be chosen from
		}
		settle()
		for _, in := range inputs {
			f.Do(now, in)
			settle()
		}
		shown = f.Screen(now)
	})
	return shown
}

// Match returns the screen of a match that was joined with a Want. change changes the frame of Rally.
func Match(t *testing.T, want front.Want, change func(*client.Frame)) front.Screen {
	t.Helper()
	if want.Address == "" {
		want.Address = "192.168.1.20"
	}
	return Show(t, front.Config{Want: want}, Server{Frame: change})
}

// The longest texts that others can send.
const (
	LongLink = "pong://a-very-long-host-name.department.university.example.org:5555/" +
		"#k=qXB151fxqXB151fxqXB151fxqXB151fxqXB151fxqXA"
	wide = "WWWWWWWWWWWWWWWW"
)

var (
	// LongText is longer than any card.
	LongText = strings.Repeat("Something long went wrong with /some/path/that-has-no-spaces-in-it. ", 9)

	longRoom    = strings.Repeat("w", 32)
	fingerprint = strings.TrimSuffix(strings.Repeat("4f0c:1a2b:99aa:bbcc:", 4), ":")
)

// Screens returns samples of all screens.
func Screens(t *testing.T) []Sample {
	t.Helper()
	return append(append(pages(t), menuPages(t)...), matches(t)...)
}

// pages returns the screens before a match, except those of the menu.
func pages(t *testing.T) (all []Sample) {
	add := func(name string, cfg front.Config, s Server, inputs ...front.Input) {
		all = append(all, Sample{name, Show(t, cfg, s, inputs...)})
	}
	at := func(address string) front.Config {
		return front.Config{Want: front.Want{Address: address, Name: "ada"}}
	}
	enter := front.Input{Actions: front.Enter}
	add("address", front.Config{}, Server{})
	add("address typed", front.Config{}, Server{}, front.Input{Text: "192.168.1.17"})
	add("address long", front.Config{}, Server{}, front.Input{Text: LongLink})
	used := front.Config{Servers: func() (all []front.KnownServer) {
		for _, address := range []string{"192.168.1.20:5555", LongLink, "[2001:db8::1]:7000", "a", "b", "c", "d"} {
			all = append(all, front.KnownServer{Address: address, Used: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)})
		}
		return all
	}}
	add("address servers", used, Server{})
	add("address server marked", used, Server{}, front.Input{Actions: front.Down}, front.Input{Actions: front.Down})
	add("address quitting", front.Config{}, Server{}, front.Input{Actions: front.Back})
	add("address wrong", front.Config{}, Server{}, front.Input{Text: "127.3.0.9:229127.3.0.1:22555"}, enter)
	add("address of this program", front.Config{Alone: true, Want: at("127.0.0.1:7").Want}, Server{Hang: true},
		front.Input{Actions: front.Back}, front.Input{Actions: front.Back})
	add("dialling", at("pong.example.org"), Server{Hang: true})
	add("dialling long", at(LongLink), Server{Hang: true})
	add("dialling to watch", front.Config{Want: front.Want{Kind: front.Watch, Address: "h", Room: longRoom}},
		Server{Hang: true})
	add("question", at("h"), Server{Ask: dial.Question{Host: "pong.example.org:5555", Fingerprint: fingerprint}})
	add("question long", at("h"), Server{Ask: dial.Question{
		Host: strings.Repeat("long.", 14) + "org:5555", Fingerprint: strings.ReplaceAll(fingerprint, ":", ""),
	}})
	add("question between two", at("h"), Server{Ask: dial.Question{
		Host: "pong.example.org:5555", Fingerprint: fingerprint, Known: fingerprint,
	}})
	add("failed", at("pong.example.org"),
		Server{Err: errors.New("dial pong.example.org:5555: connection refused\nIs the server running there?")})
	add("failed long", at(LongLink), Server{Err: errors.New(LongText)})
	return all
}

// Refusal returns the fingerprints of the old and the new identity of a server whose identity has changed, and the
// error of dialling it.
func Refusal(t *testing.T, address string) (known, found string, err error) {
	t.Helper()
	server, err := trust.NewIdentity(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := server.Leaf(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var peer []*x509.Certificate
	for _, der := range leaf.Certificate {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		peer = append(peer, c)
	}
	pin := trust.Fingerprint{1, 2, 3}
	_, _, refused := trust.Decide(time.Now(), address, nil, &pin, peer, nil)
	return pin.String(), server.Fingerprint().String(), fmt.Errorf("secure connection to %s: %w", address, refused)
}

// menuPages returns the pages of the menu.
func menuPages(t *testing.T) (all []Sample) {
	var many []dial.Match
	for i := range 32 {
		many = append(many, dial.Match{
			Name: fmt.Sprint("m", i), Names: [2]string{wide, wide}, Score: [2]int{i, 65535}, Watchers: 256,
		})
	}
	one := []dial.Match{{Name: "m7", Names: [2]string{"Ada", "Grace"}, Score: [2]int{3, 7}, Watchers: 2}}
	add := func(name string, s Server, inputs ...front.Input) {
		inputs = append([]front.Input{{Text: "pong.example.org"}, {Actions: front.Enter}}, inputs...)
		all = append(all, Sample{"menu " + name, Show(t, front.Config{Want: front.Want{Name: "ada"}}, s, inputs...)})
	}
	row := func(n int) front.Input { return front.Input{Row: n} }
	add("main", Server{})
	add("friend", Server{}, row(2), front.Input{Text: "maple-42"})
	add("friend typed", Server{}, row(2), front.Input{Text: "Maple 42!"})
	add("practice", Server{}, row(3))
	add("watch", Server{Games: one}, row(4))
	add("watch none", Server{}, row(4))
	add("watch asking", Server{Hang: true}, row(4))
	many12 := []front.Input{row(4)}
	for range 12 {
		many12 = append(many12, front.Input{Actions: front.Down})
	}
	add("watch many", Server{Games: many}, many12...)
	add("watch failed", Server{Err: errors.New(LongText)}, row(4))
	add("room", Server{}, row(4), row(2))
	add("room long", Server{}, row(4), row(2), front.Input{Text: strings.Repeat("w", 99)})
	add("room wrong", Server{}, row(4), row(2), front.Input{Text: strings.Repeat("w", 99)}, row(1))
	add("name", Server{}, row(5))
	return all
}

// reasons has a reason for each stage in which the ball is not in play.
var reasons = map[client.Stage]client.Reason{
	client.StageWaiting: client.ReasonNoOpponent, client.StageReady: client.ReasonNotStarted,
	client.StagePaused: client.ReasonPlayerSilent, client.StageOver: client.ReasonRematchOffered,
	client.StageLost: client.ReasonNoAnswer, client.StageClosed: client.ReasonGivenUp,
}

// matches returns the stages of a match.
func matches(t *testing.T) (all []Sample) {
	add := func(name string, want front.Want, change func(*client.Frame)) {
		all = append(all, Sample{name, Match(t, want, change)})
	}
	friend := front.Want{Kind: front.Friend, Room: "maple-42"}
	for stage := client.StageWaiting; stage <= client.StageClosed; stage++ {
		in := func(change func(*client.Frame)) func(*client.Frame) {
			return func(v *client.Frame) {
				v.Reason, v.Player, v.Seconds = reasons[stage], 1, 7
				if v.Stage = stage; stage == client.StageCountdown {
					v.Countdown = 3
				}
				if stage == client.StageCountdown || stage == client.StageScored {
					v.Serve = client.Point{X: 0.94, Y: -0.34}
				}
				v.Game, v.PauseLeft = 1, [2]int{60, 60}
				if stage == client.StageWaiting {
					v.Presence[1] = client.Absent
				}
				v.BallInPlay = stage == client.StagePlaying || stage == client.StageLost
				change(v)
			}
		}
		add(stage.String(), front.Want{}, in(func(*client.Frame) {}))
		add(stage.String()+" right", front.Want{}, in(func(v *client.Frame) { v.Me, v.Scorer, v.Winner = 1, 1, 1 }))
		add(stage.String()+" watching", front.Want{Kind: front.Watch}, in(func(v *client.Frame) {
			v.Watching, v.Scorer, v.Winner, v.Player, v.Presence[0], v.Rematch[1] = true, 0, 0, 0, client.Silent, true
			if stage == client.StageOver {
				v.Reason = client.ReasonNone
			}
		}))
		add(stage.String()+" long", front.Want{}, in(func(v *client.Frame) {
			v.Reason, v.Message = client.ReasonRefused, LongText
			v.Names = [2]string{strings.Repeat("Augusta Ada ", 9), strings.Repeat("W", 90)}
			v.Presence[1], v.Score, v.Winner, v.Scorer = client.Silent, [2]int{123, 65535}, 1, 0
		}))
	}
	add("ready connecting", front.Want{}, func(v *client.Frame) {
		v.Stage, v.Reason = client.StageReady, client.ReasonConnecting
	})
	for _, reason := range []client.Reason{client.ReasonUDPBlocked, client.ReasonUDPRefused} {
		add("lost "+reason.String(), front.Want{}, func(v *client.Frame) {
			const ip = "[2001:db8:1234:5678:9abc:def0:1234:5678%wlp0s20f3]"
			v.Stage, v.Reason, v.Attempt = client.StageLost, reason, 17
			v.Server = client.Addresses{Control: ip + ":5555", Game: ip + ":5556"}
		})
	}
	add("countdown after a pause", front.Want{}, func(v *client.Frame) {
		v.Stage, v.Countdown, v.BallInPlay, v.PaddlesRest = client.StageCountdown, 2, true, true
		v.Game, v.PauseLeft = 1, [2]int{60, 0}
	})
	add("over agreed", front.Want{}, func(v *client.Frame) {
		v.Stage, v.Score, v.Winner, v.Rematch[0] = client.StageOver, [2]int{12, 10}, 0, true
		v.Reason, v.Player = client.ReasonRematchAsked, 1
	})
	add("waiting for a friend", friend, func(v *client.Frame) {
		v.Stage, v.Room, v.Presence[1], v.BallInPlay = client.StageWaiting, "maple-42", client.Absent, false
	})
	for me, name := range []string{"met in a room as opener", "met in a room"} {
		add(name, friend, func(v *client.Frame) {
			v.Stage, v.Reason, v.Room, v.BallInPlay = client.StageReady, client.ReasonNotStarted, "maple-42", false
			v.Me, v.Opened = me, [2]bool{true, false}
		})
	}
	all = append(all, hostingSample(t, "hosting"),
		hostingSample(t, "hosting without link", front.Input{Actions: front.Again}))
	friend.Address, friend.Room = LongLink, longRoom
	add("waiting for a friend long", friend, func(v *client.Frame) {
		v.Stage, v.Room, v.Presence[1] = client.StageWaiting, longRoom, client.Absent
		v.BallInPlay, v.NewMatch = false, true
	})
	add("waiting for the bot", front.Want{Kind: front.Practice}, func(v *client.Frame) {
		v.Stage, v.Room, v.Presence[1] = client.StageWaiting, "practice-0123456789ab", client.Absent
		v.BallInPlay = false
	})
	leaving := front.Config{Want: front.Want{Address: "h"}}
	all = append(all, Sample{"leaving", Show(t, leaving, Server{}, front.Input{Actions: front.Back})})
	return all
}

// hostingSample is the page on which a host waits for a friend, with the longest link and the largest QR code.
func hostingSample(t *testing.T, name string, inputs ...front.Input) Sample {
	const side = 61
	code := make([][]bool, side)
	for y := range code {
		code[y] = make([]bool, side)
		for x := range code {
			code[y][x] = min(x, y, side-1-x, side-1-y) >= 4 && (x*y+x+y)%3 == 0
		}
	}
	cfg := front.Config{Want: front.Want{Kind: front.Host}}
	cfg.Host = func(context.Context, front.Want) (*front.Hosted, error) {
		return &front.Hosted{
			Address: "h", Room: longRoom, QR: code, Ports: front.Ports{Control: 65535, Game: 65535}, Close: func() {},
			Fingerprint: strings.Repeat("dddd:", 15) + "dddd",
			Link: LongLink + "&r=" + longRoom +
				"&also=192.168.178.121:65535,[2001:db8:1234:5678:9abc:def0:1234:5678]:65535",
		}, nil
	}
	return Sample{name, Show(t, cfg, Server{Frame: func(v *client.Frame) {
		v.Stage, v.Room, v.Presence[1], v.BallInPlay = client.StageWaiting, longRoom, client.Absent, false
	}}, inputs...)}
}
