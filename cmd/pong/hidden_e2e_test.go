//go:build e2e && linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pong/internal/gui/guitest"
)

// TestScreenHidden minimises the window of one of two players for 30 s, and then has the window manager show another
// workspace. The other player and a watcher, both in terminals, read that the window is hidden, and the match goes on.
// The window takes no more memory meanwhile. When it is shown again it is painted, and its keys move the paddle.
func TestScreenHidden(t *testing.T) {
	const hiddenFor, mostGrowth = 30 * time.Second, 20 << 20
	b := newScreenTest(t)
	ada := b.person("ada", "play", b.link)
	b.startWindowManager(ada)
	b.launch(ada)
	b.waitFor("joined")
	terminals := b.terminals()
	terminals.open("grace", fmt.Sprintf("%s play --tty '%s' --name grace", b.binary, b.link))
	b.waitFor("started")
	terminals.open("watcher", fmt.Sprintf("%s watch --tty '%s' --name watcher", b.binary, b.link))
	probe := b.probe()
	b.eventually("the watcher sees both players", func() bool {
		s := terminals.screen("watcher")
		return strings.Contains(s, "ada") && strings.Contains(s, "grace")
	})
	b.eventually("ada's window shows both paddles", func() bool { return paddlesShown(b, ada) })
	before := probe.now()

	for _, c := range []struct {
		what        string
		hide, show  []string
		span        time.Duration
		leastPoints int
	}{
		{"minimised", []string{"search", "--class", "Pong", "windowminimize"},
			[]string{"search", "--class", "Pong", "windowactivate"}, hiddenFor, 1},
		{"on another workspace", []string{"set_desktop", "1"}, []string{"set_desktop", "0"}, time.Second, 0},
	} {
		score := probe.now().Score
		b.eventually("the others read that ada's window is hidden, "+c.what, func() bool {
			_, err := guitest.Run(ada.display, "xdotool", c.hide...)
			return err == nil &&
				strings.Contains(terminals.screen("grace"), "window hidden") &&
				strings.Contains(terminals.screen("watcher"), "window hidden")
		})
		first := residentSet(t, ada.window.Process.Pid)
		most := first
		for end := time.Now().Add(c.span); time.Now().Before(end); time.Sleep(500 * time.Millisecond) {
			most = max(most, residentSet(t, ada.window.Process.Pid))
		}
		if most > first+mostGrowth {
			t.Errorf("%s for %v the window grew from %d to %d MB, want %d MB more at most", c.what, c.span, first>>20,
				most>>20, mostGrowth>>20)
		}
		if got := probe.now().Score; got[0]+got[1] < score[0]+score[1]+c.leastPoints {
			t.Errorf("%s for %v the score went from %v to %v, want the match to go on", c.what, c.span, score, got)
		}
		shown := time.Now()
		b.onDisplay(ada.display, "xdotool", c.show...)
		b.eventually("ada's window is painted again", func() bool { return paddlesShown(b, ada) })
		painted := time.Since(shown)
		b.eventually("the others read nothing of a hidden window", func() bool {
			return !strings.Contains(terminals.screen("grace")+terminals.screen("watcher"), "window hidden")
		})
		t.Logf("%s for %v: from %d to %d MB; painted again after %v", c.what, c.span, first>>20, most>>20,
			painted.Round(10*time.Millisecond))
	}
	b.push(ada, "w", 0, func(y float64) bool { return y < 200 })
	b.push(ada, "s", 0, func(y float64) bool { return y > 300 })
	if v := probe.now(); v.Match != before.Match || v.Names != before.Names {
		t.Errorf("%v play %s, want %v in %s", v.Names, v.Match, before.Names, before.Match)
	}
	b.neverLogged("player not responding, match paused", "player removed")
}

// openboxConfig has openbox draw nothing around windows, so that pictures show the window alone.
const openboxConfig = `<openbox_config xmlns="http://openbox.org/3.4/rc">
<desktops><number>2</number><popupTime>0</popupTime></desktops>
<theme><keepBorder>no</keepBorder></theme>
<applications><application class="*"><decor>no</decor></application></applications>
</openbox_config>`

// startWindowManager starts a window manager on a person's display.
func (b *screenTest) startWindowManager(p *person) {
	b.Helper()
	config := filepath.Join(b.TempDir(), "rc.xml")
	if err := os.WriteFile(config, []byte(openboxConfig), 0o600); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command("openbox", "--sm-disable", "--config-file", config)
	cmd.Env = append(os.Environ(), "DISPLAY="+p.display)
	b.start(cmd)
	b.eventually("there is a window manager", func() bool {
		_, err := guitest.Run(p.display, "xdotool", "get_num_desktops")
		return err == nil
	})
}

// paddlesShown reports whether a person's window shows both paddles.
func paddlesShown(b *screenTest, p *person) bool {
	tops := b.paddles(p.display)
	return tops[0] >= 0 && tops[1] >= 0
}

// residentSet returns how many bytes of memory a process has.
func residentSet(t *testing.T, pid int) int {
	t.Helper()
	statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(statm))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// neverLogged fails the test if the server has logged one of some messages since the last waitFor.
func (b *screenTest) neverLogged(messages ...string) {
	b.Helper()
	for {
		select {
		case got := <-b.events:
			for _, m := range messages {
				if got == m {
					b.Errorf("the server logged %q", m)
				}
			}
		default:
			return
		}
	}
}
