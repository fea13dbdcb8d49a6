package front

import (
	"os/user"
	"testing"

	"pong/internal/names"
)

// Every name that can be drawn is one that a server accepts, and none is the login name.
func TestFirstName_CanBeUsedAndIsNotTheLogin(t *testing.T) {
	login := ""
	if u, err := user.Current(); err == nil {
		login = u.Username
	}
	for _, first := range firstWords {
		for _, last := range lastWords {
			name := first + " " + last
			if parsed, err := names.Parse(name); err != nil || parsed != name || name == login {
				t.Errorf("the first name %q cannot be used: it becomes %q, error %v", name, parsed, err)
			}
		}
	}
	if name := (Store{}).Name(); name == login || name != (Store{}).Name() {
		t.Errorf("the first name is %q and then %q, want the same, and not the login name", name, Store{}.Name())
	}
}
