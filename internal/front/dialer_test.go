package front

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/rooms"
	"pong/internal/wire"
)

// recorded returns a Dialer that notes how it joins, and how its opponent does. It must be used in a bubble.
func recorded(t *testing.T, join func(cfg dial.Config) error) (d *Dialer, joins, opponents *[]dial.Config) {
	t.Helper()
	joins, opponents = new([]dial.Config), new([]dial.Config)
	d = &Dialer{
		Join:  dial.Config{SeatDir: "/seats", Resume: "secret"},
		Store: Store{Dir: t.TempDir()},
		Opponent: func(ctx context.Context, cfg dial.Config, level string) {
			cfg.Match = level // to be looked at
			*opponents = append(*opponents, cfg)
			<-ctx.Done()
		},
		join: func(_ context.Context, cfg dial.Config) (Session, dial.Config, error) {
			*joins = append(*joins, cfg)
			if join != nil {
				if err := join(cfg); err != nil {
					return nil, cfg, err
				}
			}
			cfg.Trust = "fingerprint"
			return &madeUp{}, cfg, nil
		},
	}
	return d, joins, opponents
}

// TestDialer_RemembersServers lists servers that were joined, and not the one of this process.
func TestDialer_RemembersServers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refuse := error(nil)
		d, _, _ := recorded(t, func(dial.Config) error { return refuse })
		d.Own = "pong://127.0.0.1:7"
		defer d.Close()
		if got := d.Servers(); got != nil {
			t.Errorf("before a server was joined they are %v", got)
		}
		for _, address := range []string{"a", "b", d.Own, "a:5555"} {
			if _, err := d.Dial(t.Context(), Want{Kind: Quick, Address: address, Name: "Ada"}, nil); err != nil {
				t.Fatal(err)
			}
		}
		if found, err := d.Store.ForgetServer("a:5555"); !found || err != nil {
			t.Fatal(found, err)
		}
		d.remember("a:5555")
		if got := addressesOf(d.Store.Servers()); !slices.Equal(got, []string{"b:5555"}) {
			t.Errorf("a server that answers again is stored again: %v", got)
		}
		d.remember("b")
		d.remember("a:5555")
		refuse = context.DeadlineExceeded
		if _, err := d.Dial(t.Context(), Want{Kind: Quick, Address: "c", Name: "Ada"}, nil); err == nil {
			t.Fatal("a server that does not answer was joined")
		}
		want := []string{"a:5555", "b:5555"}
		if got := addressesOf(d.Servers()); !slices.Equal(got, want) {
			t.Errorf("the servers are %v, want %v", got, want)
		}
		again := Dialer{Store: d.Store}
		if got := addressesOf(again.Servers()); !slices.Equal(got, want) {
			t.Errorf("the next time they are %v, want %v", got, want)
		}
	})
}

func TestDialer_JoinsWhatIsWanted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, joins, opponents := recorded(t, nil)
		defer d.Close()
		for _, want := range []Want{
			{Kind: Quick, Address: "h", Name: "Ada"},
			{Kind: Friend, Address: "h", Name: "Ada", Room: "maple-42"},
			{Kind: Watch, Address: "h", Name: "Ada", Match: "m7"},
		} {
			if _, err := d.Dial(t.Context(), want, nil); err != nil {
				t.Fatal(err)
			}
			got := (*joins)[len(*joins)-1]
			if got.Address != "h" || got.Name != "Ada" || got.Room != want.Room || got.Match != want.Match ||
				got.Watch != (want.Kind == Watch) {
				t.Errorf("%+v joins as %+v", want, got)
			}
		}
		synctest.Wait()
		if (*joins)[0].Trust != "" || (*joins)[1].Trust != "fingerprint" {
			t.Errorf("joined with the fingerprints %q and %q, want the one that was trusted the second time",
				(*joins)[0].Trust, (*joins)[1].Trust)
		}
		if len(*opponents) > 0 {
			t.Errorf("bots come where nobody practises: %+v", *opponents)
		}
		if got := d.Store.Name(); got != "Ada" {
			t.Errorf("the name %q is kept, want the one that was used", got)
		}
	})
}

func TestDialer_PracticeHasARoomAndABotOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, joins, opponents := recorded(t, nil)
		for _, room := range []string{"", "maple-42"} {
			want := Want{Kind: Practice, Address: "h", Name: "Ada", Level: Hard, Room: room}
			if _, err := d.Dial(t.Context(), want, nil); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			player, bot := (*joins)[len(*joins)-1], (*opponents)[len(*opponents)-1]
			if player.SeatDir != "" || room != "" && player.Room != room ||
				!strings.HasPrefix(player.Room, "practice-") && room == "" {
				t.Errorf("practice in %q joins the room %q and notes its seat in %q", room, player.Room, player.SeatDir)
			}
			if rooms.Check(player.Room) != nil || bot.Room != player.Room || bot.Name != "bot" || bot.Resume != "" ||
				bot.Match != Hard || bot.Trust != "fingerprint" {
				t.Errorf("the bot of the room %q joins as %+v", player.Room, bot)
			}
		}
		d.Close() // or the bubble would not end
	})
}

func TestDialer_BotComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _, _ := recorded(t, nil)
		came := 0
		d.Opponent = func(context.Context, dial.Config, string) { came++ } // it has no seat any more
		if _, err := d.Dial(t.Context(), Want{Kind: Practice, Address: "h", Name: "Ada"}, nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2500 * time.Millisecond)
		synctest.Wait()
		if d.Close(); came != 3 {
			t.Errorf("in 2.5 s the bot came %d times, want 3: at once, and every second", came)
		}
	})
}

// TestDialer_WaitsForAMatchToWatch, if any one will do.
func TestDialer_WaitsForAMatchToWatch(t *testing.T) {
	refused := &dial.RefusedError{Code: wire.CodeMatch, Message: "no match is being played"}
	for name, c := range map[string]struct {
		want  Want
		waits bool
	}{
		"any":       {Want{Kind: Watch, Address: "h"}, true},
		"of a room": {Want{Kind: Watch, Address: "h", Room: "maple-42"}, true},
		"by name":   {Want{Kind: Watch, Address: "h", Match: "m7"}, false},
		"to play":   {Want{Kind: Quick, Address: "h"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				d, joins, _ := recorded(t, func(dial.Config) error {
					if time.Since(start) < 3*matchEvery {
						return refused
					}
					return nil
				})
				s, err := d.Dial(t.Context(), c.want, nil)
				if waited := s != nil && len(*joins) == 4; waited != c.waits || !waited && err != refused {
					t.Errorf("after %d attempts %v, %v; want it to wait: %v", len(*joins), s, err, c.waits)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		d, _, _ := recorded(t, func(dial.Config) error { return refused })
		ctx, cancel := context.WithTimeout(t.Context(), 10*matchEvery)
		defer cancel()
		if _, err := d.Dial(ctx, Want{Kind: Watch, Address: "h"}, nil); err != context.DeadlineExceeded {
			t.Errorf("a person who gives up waiting gets %v", err)
		}
	})
}

func TestDialer_KeepsNotices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _, _ := recorded(t, nil)
		d.join = func(_ context.Context, cfg dial.Config) (Session, dial.Config, error) {
			cfg.Rotated(client.Rotation{Address: "h:5555"})
			return &madeUp{}, cfg, nil
		}
		if _, err := d.Dial(t.Context(), Want{Kind: Quick, Address: "h"}, nil); err != nil {
			t.Fatal(err)
		}
		if got := d.Notices(); len(got) != 1 || got[0] != RotationNotice(client.Rotation{Address: "h:5555"}) {
			t.Errorf("the notices are %q", got)
		}
	})
}

// TestDialer_BotLeavesWithItsPlayer closes the session of a person who practises, as Esc does, and then practises
// again. The end of the first session must not take the second bot away.
func TestDialer_BotLeavesWithItsPlayer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _, _ := recorded(t, nil)
		defer d.Close()
		bots := 0
		d.Opponent = func(ctx context.Context, _ dial.Config, _ string) {
			bots++
			<-ctx.Done()
			bots--
		}
		practise := func() Session {
			s, err := d.Dial(t.Context(), Want{Kind: Practice, Address: "h", Name: "Ada"}, nil)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			return s
		}
		first := practise()
		first.Close()
		synctest.Wait()
		if bots != 0 {
			t.Errorf("%d bots are there after the person has left, want none", bots)
		}
		practise()
		first.Close()
		synctest.Wait()
		if bots != 1 {
			t.Errorf("%d bots are there after the end of an earlier session, want 1", bots)
		}
	})
}
