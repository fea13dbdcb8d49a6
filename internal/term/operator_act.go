//go:build !js

package term

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"
)

// An action is what the operator does to a client: kick it, or ban its address prefix. Others change the table
// meanwhile, so it holds the target itself and not its place in the table.
//
//	k or b -> choosing --Enter--> counting -> confirming --y--> acting -> said
//	             '-- Esc ----------------------- n --'---> nothing
type action struct {
	step    actionStep
	ban     bool
	on      target
	players int // whom a ban removes
	others  int // the watchers whom a ban removes
}

type actionStep uint8

const (
	noAction actionStep = iota
	choosing
	counting   // how many clients a ban removes; a kick removes one, and is not counted
	confirming // waits for the operator's y
	acting
)

// A target is a player, or an address prefix.
type target struct {
	id     string // of a player
	name   string
	match  string
	prefix string
}

// is reports whether two targets are the same, whatever is known of them besides.
func (t target) is(other target) bool {
	return t.id == other.id && (t.id != "" || t.prefix == other.prefix)
}

// String returns how the operator reads a target.
func (t target) String() string {
	switch {
	case t.id == "":
		return t.prefix
	case t.prefix == "":
		return fmt.Sprintf("%s, match %s", t.name, t.match)
	}
	return fmt.Sprintf("%s (%s), match %s", t.name, t.prefix, t.match)
}

// saidFor is how long the table shows what has happened, if no key is pressed.
const saidFor = 15 * time.Second

type (
	counted struct{ players, watchers int } // the message with the result of CountFrom
	acted   string                          // the message with what has happened
	forget  int                             // the message to show no longer what was said so many times
)

// targets returns whom the operator can choose: for a ban, first the prefixes that cause most refusals.
func (m *operator) targets() (all []target) {
	if m.action.ban {
		for _, w := range m.known.Worst {
			all = append(all, target{prefix: w.Prefix})
		}
	}
	for i := range m.visible() {
		r := &m.known.Rows[i]
		for k, id := range r.IDs {
			if id != "" && (!m.action.ban || r.Prefixes[k] != "") {
				all = append(all, target{id, r.Names[k], r.Match, r.Prefixes[k]})
			}
		}
	}
	return all
}

// act begins an action.
func (m *operator) act(ban bool) tea.Cmd {
	m.picture = false
	m.action = action{step: choosing, ban: ban}
	all := m.targets()
	if len(all) == 0 {
		m.action = action{}
		return m.say("There is nobody to kick or ban.")
	}
	m.action.on = all[0]
	return nil
}

// choose moves on to another target. A target that is gone is followed by the first one.
func (m *operator) choose(by int) {
	all := m.targets()
	if len(all) == 0 {
		m.action = action{}
		return
	}
	at := 0
	for i, t := range all {
		if t.is(m.action.on) {
			at = i + by
		}
	}
	m.action.on = all[min(max(at, 0), len(all)-1)]
}

// pressAction takes a key while there is an action.
func (m *operator) pressAction(k tea.Key) tea.Cmd {
	a := &m.action
	switch a.step {
	case choosing:
		return m.pressChoosing(k)
	case confirming:
		if letter(k) != 'y' {
			*a = action{}
			return m.say("Nothing was done.")
		}
		a.step = acting
		return m.carryOut()
	}
	return nil // the answer comes in a moment
}

func (m *operator) pressChoosing(k tea.Key) tea.Cmd {
	a := &m.action
	switch {
	case k.Code == tea.KeyDown, k.Code == tea.KeyRight, k.Code == tea.KeyTab:
		m.choose(1)
	case k.Code == tea.KeyUp, k.Code == tea.KeyLeft:
		m.choose(-1)
	case k.Code == tea.KeyPgDown:
		m.scroll(m.rows())
	case k.Code == tea.KeyPgUp:
		m.scroll(-m.rows())
	case enters(k) && a.ban:
		a.step = counting
		count, prefix := m.cfg.CountFrom, a.on.prefix
		return func() tea.Msg {
			players, watchers := count(prefix)
			return counted{players, watchers}
		}
	case enters(k):
		a.step = confirming
	case k.Code == tea.KeyEscape, letter(k) == 'q', letter(k) == 'n':
		*a = action{}
	}
	return nil
}

// carryOut calls what the operator has confirmed, in a goroutine of Bubble Tea, which must not touch the model.
func (m *operator) carryOut() tea.Cmd {
	a, kick, ban, file := m.action, m.cfg.Kick, m.cfg.Ban, m.cfg.DenyFile
	return func() tea.Msg {
		if !a.ban {
			if !kick(a.on.id) {
				return acted(a.on.name + " has left already. Nothing was done.")
			}
			return acted(fmt.Sprintf("Kicked %v. A kicked player can join again.", a.on))
		}
		players, watchers, err := ban(a.on.prefix)
		said := fmt.Sprintf("Banned %s. It has removed %s", a.on.prefix, clients(players, watchers))
		switch {
		case err != nil:
			said += fmt.Sprintf(", and lasts until the server ends, because the file was not changed: %v", err)
		case file != "":
			said += ", and is written to " + file + "."
		default:
			said += ", and lasts until the server ends."
		}
		return acted(said)
	}
}

// clients returns how many players and watchers there are, in words.
func clients(players, watchers int) string {
	if players+watchers == 0 {
		return "nobody"
	}
	text := fmt.Sprintf("%d %s", players, plural(players, "player", "players"))
	if watchers > 0 {
		text += fmt.Sprintf(" and %d %s", watchers, plural(watchers, "watcher", "watchers"))
	}
	return text
}

// say shows what has happened in place of the keys, for a while.
func (m *operator) say(what string) tea.Cmd {
	m.said = what
	m.times++
	times := m.times
	return tea.Tick(saidFor, func(time.Time) tea.Msg { return forget(times) })
}

// prompt returns what the operator is asked, empty if there is no action.
func (m *operator) prompt() string {
	a := &m.action
	verb := "Kick "
	if a.ban {
		verb = "Ban "
	}
	switch a.step {
	case choosing:
		return verb + a.on.String() + "?   Up, Down: another   Enter: choose   Esc: back"
	case counting:
		return "Counting the clients of " + a.on.prefix
	case confirming:
		if !a.ban {
			return verb + a.on.String() + " (y/n)?"
		}
		text := fmt.Sprintf("Ban %s (y/n)? It removes %s", a.on.prefix, clients(a.players, a.others))
		if m.cfg.DenyFile == "" {
			return text + ", until the server ends."
		}
		return text + ", and is written to " + m.cfg.DenyFile + "."
	case acting:
		return "One moment"
	}
	return ""
}

// chosen reports whether the operator chooses, or has chosen, a target.
func (m *operator) chosen(t target) bool { return m.action.step != noAction && t.is(m.action.on) }
