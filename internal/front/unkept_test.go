package front

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pong/internal/client"
	"pong/internal/dial"
)

func TestDialer_UnkeptIsNewsOnce(t *testing.T) {
	var d Dialer
	d.Unkept(errors.New("disk full"))
	d.Unkept(errors.New("disk still full"))
	if first, second := d.News(), d.News(); !strings.Contains(first, "disk full") || second != "" {
		t.Errorf("the news are %q and %q, want the first reason, once", first, second)
	}
	if all := d.Notices(); len(all) != 1 || !strings.Contains(all[0], "disk full") {
		t.Errorf("the notices are %q, want the first reason", all)
	}
}

func TestDialer_NameThatCannotBeStoredIsNoFailure(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d := Dialer{Store: Store{Dir: filepath.Join(file, "pong")}}
	d.join = func(_ context.Context, cfg dial.Config) (Session, dial.Config, error) {
		if cfg.Unkept == nil {
			t.Error("package dial cannot report what it cannot keep")
		}
		return &madeUp{}, cfg, nil
	}
	if _, err := d.Dial(t.Context(), Want{Address: "h", Name: "Grace"}, nil); err != nil {
		t.Errorf("joining where the name cannot be stored: %v", err)
	}
	if news := d.News(); !strings.Contains(news, file) {
		t.Errorf("the news are %q, want the path %s", news, file)
	}
}

func TestFlow_NewsAreShownUntilTheRally(t *testing.T) {
	const sentence = "Nothing can be kept."
	news := []string{sentence}
	next := func() string {
		if len(news) == 0 {
			return ""
		}
		first := news[0]
		news = news[1:]
		return first
	}
	try(t, Config{Want: Want{Address: "h"}, News: next}, func(p *person) {
		for _, stage := range []client.Stage{client.StageWaiting, client.StageReady, client.StageCountdown} {
			p.match.frame.Stage = stage
			p.wait(0)
			if s := p.screen(); !strings.Contains(p.says()+s.Aside, sentence) {
				t.Errorf("at stage %v the screen says %s, aside %q; want %q", stage, p.says(), s.Aside, sentence)
			}
		}
		p.match.frame.Stage = client.StagePlaying
		p.wait(0)
		p.match.frame.Stage = client.StagePaused
		p.wait(0)
		if strings.Contains(p.says()+p.screen().Aside, sentence) {
			t.Errorf("after a rally the screen still says %s", p.says())
		}
	})
}
