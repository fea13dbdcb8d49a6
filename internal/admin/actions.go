package admin

import (
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"pong/internal/deny"
	"pong/internal/server"
	"pong/internal/shard"
)

// mostForm is the length of the longest form of an action.
const mostForm = 4096

// An actions serves what an operator does by POST: each request has a form, and each answer is text.
type actions struct{ monitor *server.Monitor }

// A result is the answer to an action: a status and sentences.
type result struct {
	status int
	text   string
}

func done(format string, args ...any) result {
	return result{http.StatusOK, fmt.Sprintf(format, args...)}
}

func failed(status int, format string, args ...any) result {
	return result{status, fmt.Sprintf(format, args...)}
}

// routes adds the actions to mux.
//
//	POST /actions/kick    match, player   remove a player, who can join again
//	POST /actions/ban     prefix, dry     deny an address prefix; with dry=1, say what that would do
//	POST /actions/unban   prefix          admit it again
//	POST /actions/bans                    list what is denied
//	POST /actions/reload                  read the file of the deny list again
func (a actions) routes(mux *http.ServeMux, check *tokenCheck) {
	for path, act := range map[string]func(form) result{
		"kick": a.kick, "ban": a.ban, "unban": a.unban, "bans": a.bans, "reload": a.reload,
	} {
		serve := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, mostForm)
			if err := r.ParseForm(); err != nil {
				refuse(w, http.StatusBadRequest, "The form cannot be read: %v.", err)
				return
			}
			res := act(form{r})
			refuse(w, res.status, "%s", res.text)
		})
		mux.Handle("POST /actions/"+path, forThisMachine(check.before(serve)))
	}
}

// A form is that of a request. A value of the URL does not count.
type form struct{ r *http.Request }

func (f form) value(key string) string { return f.r.PostForm.Get(key) }

// prefix returns the address prefix of a form.
func (f form) prefix() (netip.Prefix, error) { return deny.ParsePrefix(f.value("prefix")) }

func (a actions) kick(f form) result {
	name := f.value("match")
	player, err := strconv.Atoi(f.value("player"))
	if err != nil || player != 1 && player != 2 {
		return failed(http.StatusBadRequest, "player %.20q: must be 1, the left one, or 2.", f.value("player"))
	}
	row, ok := a.monitor.Match(name)
	if !ok {
		return failed(http.StatusNotFound, "There is no match %.20q.", name)
	}
	seat := row.Seats[player-1]
	if seat.Name == "" || !a.monitor.Kick(seat.Session) {
		return failed(http.StatusNotFound, "There is no player %d at match %s.", player, row.Match)
	}
	return done("Kicked %s from match %s. A kicked player can join again.", seat.Name, row.Match)
}

func (a actions) ban(f form) result {
	prefix, err := f.prefix()
	if err != nil {
		return failed(http.StatusBadRequest, "%v.", err)
	}
	name := deny.Format(prefix)
	if f.value("dry") != "" {
		return done("To ban %s removes %s.", name, clients(a.monitor.CountFrom(prefix)))
	}
	removed, err := a.monitor.Ban(prefix)
	if err != nil {
		return failed(http.StatusInternalServerError,
			"Banned %s. It has removed %s, and lasts until the server ends, because the file was not changed: %v", name,
			clients(removed), err)
	}
	if file := a.monitor.DenyFile(); file != "" {
		return done("Banned %s. It has removed %s, and is written to %s.", name, clients(removed), file)
	}
	return done("Banned %s. It has removed %s, and lasts until the server ends.", name, clients(removed))
}

func (a actions) unban(f form) result {
	prefix, err := f.prefix()
	if err != nil {
		return failed(http.StatusBadRequest, "%v.", err)
	}
	name := deny.Format(prefix)
	found, still, err := a.monitor.Unban(prefix)
	switch {
	case err != nil:
		return failed(http.StatusInternalServerError, "%s is still denied: %v", name, err)
	case !found && still.IsValid():
		return failed(http.StatusNotFound, "%s is not on the list by itself: %s denies it.", name, deny.Format(still))
	case !found:
		return failed(http.StatusNotFound, "%s is not on the list.", name)
	case still.IsValid():
		return done("%s is not on the list any more, but %s still denies it.", name, deny.Format(still))
	}
	return done("%s is admitted again.", name)
}

// bans lists what is denied, in the form of the file.
func (a actions) bans(form) result {
	listed, banned := a.monitor.Bans()
	lines := make([]string, 0, len(listed)+len(banned)+1)
	for _, p := range listed {
		lines = append(lines, deny.Format(p))
	}
	for _, p := range banned {
		lines = append(lines, deny.Format(p)+" # until the server ends")
	}
	if len(lines) == 0 {
		return done("# nobody is denied")
	}
	return done("%s", strings.Join(lines, "\n"))
}

func (a actions) reload(form) result {
	prefixes, removed, err := a.monitor.ReloadDeny()
	if err != nil {
		return failed(http.StatusConflict, "The deny list stays as it was: %v", err)
	}
	return done("The deny list has %d prefixes now. It has removed %s.", prefixes, clients(removed))
}

// clients returns how many players and watchers there are, in words.
func clients(n shard.From) string {
	plural := func(n int, what string) string {
		if n != 1 {
			what += "s"
		}
		return fmt.Sprintf("%d %s", n, what)
	}
	switch {
	case n == (shard.From{}):
		return "nobody"
	case n.Watchers == 0:
		return plural(n.Players, "player")
	}
	return plural(n.Players, "player") + " and " + plural(n.Watchers, "watcher")
}
